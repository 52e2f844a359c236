import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '@sluice/kube';
import type { ObjectRef } from '@sluice/sansio';
import { createObjectStore, refOfKind } from './object-store.ts';
import { trimObject, WATCHED_KINDS } from './watched-kinds.ts';

const ROUTES = WATCHED_KINDS.find(({ kind }) => kind === 'HTTPRoute')!;

const route = (name: string, resourceVersion: string, text = ''): KubeObject =>
  Object.freeze({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { namespace: 'default', name, resourceVersion },
    text,
  });

function createSample() {
  const changes: string[] = [];
  const store = createObjectStore({
    onChange: (ref: ObjectRef, object) =>
      changes.push(`${ref.name} ${object?.metadata.resourceVersion ?? 'removed'}`),
  });
  const refOf = (name: string) => refOfKind(ROUTES, { namespace: 'default', name });
  return { store, changes, sink: store.sinkOf(ROUTES), refOf };
}

test('the event of an own write changes nothing and wakes nobody', () => {
  const { store, changes, sink, refOf } = createSample();
  sink.upsert(route('a', '9'));
  const written = route('a', '10', 'ours');
  store.noteWritten(refOf('a'), written);
  sink.upsert(route('a', '10', 'ours'));
  assert.equal(store.find(refOf('a')), written);
  assert.deepEqual(changes, ['a 9']);
});

test('an event from before the own write does not undo it; a later one counts', () => {
  const { store, changes, sink, refOf } = createSample();
  sink.upsert(route('a', '9'));
  store.noteWritten(refOf('a'), route('a', '11', 'ours'));
  sink.upsert(route('a', '10', 'of another'));
  assert.equal(store.find(refOf('a'))?.['text'], 'ours');
  sink.upsert(route('a', '12', 'of another'));
  assert.equal(store.find(refOf('a'))?.['text'], 'of another');
  assert.deepEqual(changes, ['a 9', 'a 12']);
});

test('a list takes away what is not in it and keeps what did not change', () => {
  const { store, changes, sink, refOf } = createSample();
  const kept = route('a', '1');
  sink.replace([kept, route('b', '2')]);
  sink.replace([route('a', '1'), route('c', '3')]);
  assert.equal(store.find(refOf('a')), kept);
  assert.equal(store.find(refOf('b')), undefined);
  assert.deepEqual(changes, ['a 1', 'b 2', 'b removed', 'c 3']);
});

test('what the core does not read is not kept', () => {
  const metadata = {
    name: 'a',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', kept: 'yes' },
    managedFields: [],
  };
  const large = 'x'.repeat(20_000);
  const map = trimObject({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { 'ca.crt': 'bundle', other: large },
    binaryData: { more: large },
  });
  assert.deepEqual(map, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', annotations: { kept: 'yes' } },
    data: { 'ca.crt': 'bundle' },
  });
  const small = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' }, data: { k: 'v' } };
  assert.equal(trimObject(small), small);
  assert.equal(trimObject(route('a', '1')).metadata.name, 'a');
});
