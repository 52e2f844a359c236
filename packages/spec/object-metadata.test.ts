import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { validateObject } from './validation.ts';

function problemsOf(metadata: unknown, kind = 'ConfigMap'): readonly string[] {
  const { problems } = validateObject(
    { apiVersion: 'v1', kind, metadata, spec: { clusterIP: 'None' } },
    { channel: 'standard' },
  );
  return problems
    .filter(({ field }) => field.startsWith('metadata'))
    .map(({ severity, field, message, hint }) => `${severity} ${field}: ${message} ${hint}`);
}

const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'u' };

const long = (length: number): string => 'a'.repeat(length);

describe('metadata', () => {
  const bad: readonly (readonly [unknown, RegExp, string?])[] = [
    [undefined, /^error metadata: is required and missing/],
    [{}, /^error metadata.name: is required and missing/],
    [{ name: '' }, /^error metadata.name: is required and missing/],
    [{ generateName: 'a-' }, /^error metadata.name: .*generateName is of no use/],
    [{ name: 1 }, /^error metadata.name: must be a string, is a number/],
    [{ name: 'Shop' }, /^error metadata.name: "Shop" is not a valid name.*lower-case/],
    [{ name: 'a_b' }, /^error metadata.name/],
    [{ name: '-a' }, /^error metadata.name/],
    [{ name: long(254) }, /^error metadata.name: .*at most 253/],
    [{ name: 'a.b' }, /^error metadata.name: .*at most 63/, 'Service'],
    [{ name: long(64) }, /^error metadata.name/, 'Namespace'],
    [{ name: 'a', namespace: 'a.b' }, /^error metadata.namespace: "a.b" is not a valid namespace/],
    [{ name: 'a', namespace: 'b' }, /^warning metadata.namespace: .*no namespace/, 'Namespace'],
    [{ name: 'a', ownerReferences: [{ ...owner, kind: '' }] }, /ownerReferences\[0\].kind: ""/],
    [{ name: 'a', ownerReferences: [{ ...owner, uid: '' }] }, /ownerReferences\[0\].uid: ""/],
    [
      { name: 'a', ownerReferences: [{ ...owner, apiVersion: 'a/b/c' }] },
      /^error metadata.ownerReferences\[0\].apiVersion: "a\/b\/c" does not name an owner/,
    ],
    [{ name: 'a', ownerReferences: [{ ...owner, kind: 'Event' }] }, /an Event can own nothing/],
    [
      {
        name: 'a',
        ownerReferences: [1, 2].map((uid) => ({ ...owner, uid: `${uid}`, controller: true })),
      },
      /^error metadata.ownerReferences: several owners are said to be the controller/,
    ],
    [{ name: 'a', finalizers: ['a b'] }, /^error metadata.finalizers\[0\]: "a b" is not a valid/],
    [{ name: 'a', finalizers: ['a'] }, /^error metadata.finalizers\[0\]: "a" is not a valid/],
    [
      { name: 'a', finalizers: ['orphan', 'foregroundDeletion'] },
      /^error metadata.finalizers: orphan and foregroundDeletion contradict each other/,
    ],
    [{ name: 'a', annotations: { a: 'é'.repeat(140_000) } }, /annotations take 280001 bytes/],
    [{ name: 'a', nmae: null }, /^warning metadata.nmae: unknown field/],
    [{ name: 'a', labels: { '-a': '' } }, /^error metadata.labels.-a: "-a" is not a valid key/],
    [
      { name: 'a', labels: { 'a/b/c': '' } },
      /^error metadata.labels\[a\/b\/c\]: .* not a valid key/,
    ],
    [{ name: 'a', labels: { a: long(64) } }, /^error metadata.labels.a: .*annotations may hold/],
    [{ name: 'a', labels: { a: 'b c' } }, /^error metadata.labels.a: "b c" is not a valid label/],
    [{ name: 'a', labels: { a: true } }, /^error metadata.labels.a: must be a string.*quotes/],
    [{ name: 'a', annotations: { 'a b': '' } }, /^error metadata.annotations\[a b\]: .*valid key/],
    [{ name: 'a', annotations: { a: long(262_145) } }, /^error metadata.annotations: .*262144/],
    [{ name: 'a', creationTimestamp: 'now' }, /^error metadata.creationTimestamp: .*RFC 3339/],
    [{ name: 'a', lables: {} }, /^warning metadata.lables: unknown .* did you mean "labels"/],
    ['a', /^error metadata: must be a map, is a string/],
  ];
  for (const [metadata, says, kind] of bad) {
    test(String(says), () => {
      const [problem, ...rest] = problemsOf(metadata, kind);
      assert.deepEqual(rest, []);
      assert.match(problem ?? '', says);
    });
  }

  test('that is right', () => {
    const metadata = {
      name: `${long(63)}.example-1.com`,
      namespace: long(63),
      labels: { 'app.kubernetes.io/name': 'Shop_1.2', empty: '' },
      annotations: { 'Example.com/Any': 'any text, {"even": "JSON"}' },
      creationTimestamp: '2026-01-31T12:00:00Z',
      deletionTimestamp: null,
      uid: '1',
      generation: 2,
    };
    assert.deepEqual(problemsOf(metadata), []);
  });

  test('whose owners and finalizers are right', () => {
    const metadata = {
      name: 'a',
      ownerReferences: [owner, { ...owner, apiVersion: 'apps/v1', controller: true }],
      finalizers: ['orphan', 'kubernetes', 'example.com/a'],
    };
    assert.deepEqual(problemsOf(metadata), []);
  });

  test('whose nulls are empty texts', () => {
    const metadata = { name: 'a', labels: { a: null }, annotations: null };
    const { object } = validateObject(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { b: null } },
      { channel: 'standard' },
    );
    assert.ok(object?.kind === 'ConfigMap');
    assert.deepEqual(object.metadata, { name: 'a', namespace: 'default', labels: { a: '' } });
    assert.deepEqual(object.data, { b: '' });
  });
});
