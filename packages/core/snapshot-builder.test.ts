import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SnapshotInputs } from './snapshot-builder.ts';
import { buildSnapshot, buildSnapshotOfLists } from './snapshot-builder.ts';

const inputs = { now: 0, acks: [], secrets: [] } as unknown as SnapshotInputs;
const object = (kind: string, namespace: string, name: string) => ({
  kind,
  metadata: { namespace, name },
});

test('lists are ordered by namespace and name, whatever order the objects came in', () => {
  const objects = [
    object('Gateway', 'b', 'a'),
    object('Service', 'a', 'x'),
    object('Gateway', 'a', 'b'),
    object('Gateway', 'a', 'a'),
  ];
  const names = (list: readonly { metadata: { namespace: string; name: string } }[]) =>
    list.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  for (const order of [objects, objects.toReversed()]) {
    const snapshot = buildSnapshot(order, inputs);
    assert.deepEqual(names(snapshot.gateways), ['a/a', 'a/b', 'b/a']);
    assert.deepEqual(names(snapshot.services), ['a/x']);
  }
});

test('objects are taken over as they are, unknown kinds and Secrets are left out', () => {
  const gateway = object('Gateway', 'a', 'a');
  const snapshot = buildSnapshot(
    [gateway, object('Secret', 'a', 's'), object('Cron', 'a', 'c')],
    inputs,
  );
  assert.equal(snapshot.gateways[0], gateway);
  assert.deepEqual(snapshot.secrets, []);
  assert.deepEqual(snapshot.httpRoutes, []);
});

test('lists by kind give the snapshot that their objects give, and stay the same lists', () => {
  const services = [object('Service', 'a', 'x'), object('Service', 'b', 'x')];
  const roles = [object('Role', 'a', 'x'), object('Role', 'b', 'x')];
  const bindings = [object('RoleBinding', 'a', 'x')];
  const lists = [services, [], roles, bindings, [object('Cron', 'a', 'c')]];
  const snapshot = buildSnapshotOfLists(lists, inputs);
  assert.deepEqual(snapshot, buildSnapshot(lists.flat().toReversed(), inputs));
  const again = buildSnapshotOfLists([...lists], inputs);
  assert.equal(again.services, services);
  assert.equal(again.ownables, snapshot.ownables);
  assert.equal(again.httpRoutes, snapshot.httpRoutes);
});
