/**
 * Changes of an object's metadata. Left out is what a file does not decide: the namespace, which is
 * part of the request, and what a server sets.
 */
import { type Draw, pick } from './choice.ts';

/** Changes the object in place; says what was done. */
export function mutateMetadata(object: Record<string, unknown>, draw: Draw): string {
  const metadata = object['metadata'] as Record<string, unknown>;
  const [field, values] = pick(changes, draw);
  metadata[field] = structuredClone(pick(values, draw));
  return `metadata: ${field}`;
}

const long = (length: number): string => 'a'.repeat(length);

const labels: readonly unknown[] = [
  { app: 'shop' },
  { 'example.com/app': 'shop-1.2_3' },
  { a: '' },
  { a: null },
  { a: 1 },
  { a: true },
  { a: 'b c' },
  { a: '-b' },
  { '': 'a' },
  { 'A.example/a': 'a' },
  { '/a': 'a' },
  { 'a/': 'a' },
  { 'a/b/c': 'a' },
  { [long(63)]: long(63) },
  { [long(64)]: 'a' },
  { a: long(64) },
  { [`${long(253)}/a`]: 'a' },
  { [`${long(254)}/a`]: 'a' },
  null,
  [],
  {},
  'a',
  { 'kubernetes.io/metadata.name': 'other' },
];

const names: readonly unknown[] = [
  'other',
  'a.b-c.1',
  '',
  'A',
  'a_b',
  '-a',
  'a-',
  '.a',
  'a..b',
  '1',
  '1a',
  long(63),
  long(64),
  long(253),
  long(254),
  null,
  7,
  true,
  [],
  {},
  'é',
  '.',
  '..',
  'a/b',
  'a%b',
];

const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'b' };

const owners: readonly unknown[] = [
  [],
  [owner],
  [{ ...owner, apiVersion: '' }],
  [{ ...owner, apiVersion: 'a/b/c' }],
  [{ ...owner, kind: '' }],
  [{ ...owner, name: '' }],
  [{ ...owner, uid: '' }],
  [{ apiVersion: 'v1' }],
  [
    { ...owner, controller: true },
    { ...owner, uid: 'c', controller: true },
  ],
  [{ ...owner, controller: 'true' }],
  [{ ...owner, apiVersion: 'v1', kind: 'Event' }],
  [{ ...owner, unknown: 1 }],
  {},
  null,
];

const finalizers: readonly unknown[] = [
  [],
  ['example.com/a'],
  ['a'],
  ['orphan'],
  ['foregroundDeletion', 'orphan'],
  [''],
  ['a b'],
  ['a/b/c'],
  [7],
  'a',
  null,
];

const changes: readonly (readonly [string, readonly unknown[]])[] = [
  ['name', names],
  ['labels', labels],
  ['annotations', [...labels, { a: long(300_000) }, { a: 'é'.repeat(140_000) }]],
  ['ownerReferences', owners],
  ['finalizers', finalizers],
  ['creationTimestamp', [null, '2026-01-31T12:00:00Z', 'yesterday', 7, '']],
  ['deletionTimestamp', [null]],
  ['generation', [1, 'a', 1.5, null]],
  ['uid', ['a', 7]],
  ['selfLink', ['/a', 7]],
  ['managedFields', [[], 'a', [{ manager: 'a' }]]],
  ['deletionGracePeriodSeconds', [1, 'a']],
  ['unknown', ['a', null, {}]],
  ['Name', ['a']],
  ['clusterName', ['a']],
];
