import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigMap, Gateway, Service } from '@sluice/spec';
import { reconcile } from '../reconcile.ts';
import { SETTINGS, sampleClass, sampleGateway, sampleWorld } from '../sample-world.ts';
import type { Settings, WorldSnapshot } from '../snapshot.ts';

const settings = (image: string): Settings => ({
  ...SETTINGS,
  provisioning: { image, serviceAccount: { namespace: 'system', name: 'controller' } },
});

function worldOf(gateway: Gateway, parts: Partial<WorldSnapshot> = {}): WorldSnapshot {
  const gatewayClasses = [gatewayClass];
  return sampleWorld({ gatewayClasses, gateways: [gateway], settings: settings('a'), ...parts });
}

const gatewayClass = sampleClass();

function withUid(gateway: Gateway, metadata: Partial<Gateway['metadata']> = {}): Gateway {
  return { ...gateway, metadata: { ...gateway.metadata, uid: 'one', ...metadata } };
}

function objectsOf(world: WorldSnapshot): readonly object[] {
  const { effects } = reconcile(world);
  return effects.flatMap((effect) => (effect.kind === 'apply' ? [effect.object] : []));
}

test('a Gateway whose status was written owns the very same objects; another image, others', () => {
  const gateway = withUid(sampleGateway());
  const before = objectsOf(worldOf(gateway));
  const replaced = structuredClone({ ...gateway, status: { conditions: [] } });
  const after = objectsOf(worldOf(replaced));
  assert.equal(before.length, 6);
  for (const [index, object] of before.entries()) assert.equal(after[index], object);
  const other = objectsOf(worldOf(gateway, { settings: settings('b') }));
  assert.notEqual(other[4], before[4]);
});

test('nothing is owned without a uid, while the Gateway goes, and where there is no cluster', () => {
  assert.deepEqual(objectsOf(worldOf(sampleGateway())), []);
  const going = withUid(sampleGateway(), { deletionTimestamp: '2026-01-01T00:00:00Z' });
  assert.deepEqual(objectsOf(worldOf(going)), []);
  assert.deepEqual(objectsOf(worldOf(withUid(sampleGateway()), { settings: SETTINGS })), []);
});

test('of an earlier class the right to delete the Secret goes last', () => {
  const gateway = withUid(sampleGateway());
  const owned = (kind: string, name: string) => ({
    kind,
    metadata: {
      namespace: 'infra',
      name,
      labels: { 'app.kubernetes.io/managed-by': 'sluice-gateway-controller' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Gateway', name: 'edge', uid: 'one' }],
    },
  });
  const deletes = (ownables: WorldSnapshot['ownables']): string[] =>
    reconcile(worldOf(gateway, { ownables })).effects.flatMap((effect) =>
      effect.kind === 'delete' ? [effect.id] : [],
    );
  const writer = owned('RoleBinding', 'edge-old-writer');
  const first = deletes([writer, owned('Deployment', 'edge-old')]);
  assert.ok(first.includes('delete/Deployment/infra/edge-old'));
  assert.ok(first.includes('delete/Secret/infra/edge-old'));
  assert.ok(first.includes('delete/ConfigMap/infra/edge-old-part-routes-7'));
  assert.ok(!first.includes('delete/RoleBinding/infra/edge-old-writer'));
  assert.deepEqual(deletes([writer]), ['delete/RoleBinding/infra/edge-old-writer']);
  const unowned = { ...writer, metadata: { ...writer.metadata, ownerReferences: [] } };
  assert.deepEqual(deletes([unowned]), []);
});

test('a node selector is labels as an API server takes them', () => {
  const parametersRef = { group: '', kind: 'ConfigMap', name: 'parameters' };
  const gateway = withUid(sampleGateway({ infrastructure: { parametersRef } }));
  const isTaken = (nodeSelector: string): boolean => {
    const metadata = { namespace: 'infra', name: 'parameters' };
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { nodeSelector } };
    return objectsOf(worldOf(gateway, { configMaps: [configMap as ConfigMap] })).length > 0;
  };
  assert.equal(isTaken('example.com/pool=edge\ndisk='), true);
  for (const wrong of ['example..com/pool=edge', '-a/pool=edge', 'a=b c', 'a', 'a=b=c', '=b']) {
    assert.equal(isTaken(wrong), false, wrong);
  }
});

test('a load balancer is asked for no address that could not be assigned', () => {
  const wanted = (...addresses: readonly object[]): unknown => {
    const spec = { addresses } as Partial<Gateway['spec']>;
    const service = objectsOf(worldOf(withUid(sampleGateway(spec)))).at(-1);
    return (service as Service | undefined)?.spec.loadBalancerIP;
  };
  const address = { type: 'IPAddress', value: '192.0.2.1' };
  assert.equal(wanted(address), '192.0.2.1');
  for (const routability of ['Cluster', 'Private', 'example.com/none']) {
    assert.equal(wanted({ ...address, routability }), undefined);
    const other = { ...address, value: '192.0.2.2' };
    assert.equal(wanted({ ...address, routability }, other), '192.0.2.2');
  }
});
