import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, type Client } from '@sluice/kube';
import type { ApplyEffect } from '@sluice/sansio';
import { createObjectStore, type ObjectStore } from './object-store.ts';
import { createObjectWriter } from './object-writer.ts';
import { createSampleCluster } from './sample-cluster.ts';

const target = { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' };

const applyOf = (spec: object): ApplyEffect => ({
  kind: 'apply',
  id: 'apply/web',
  target,
  object: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'default', name: 'web' },
    spec,
  },
});

function createSample() {
  const cluster = createSampleCluster();
  const store: ObjectStore = createObjectStore({ onChange: () => {} });
  cluster.connect(store);
  const resourceOf = () => ({ ...target, version: 'v1', plural: 'deployments', namespaced: true });
  const writer = createObjectWriter({ client: cluster.client, store, resourceOf });
  const seen = () => new Promise((resolve) => setImmediate(resolve));
  return { cluster, store, writer, seen };
}

test('an object is applied once, and again only when it is wanted otherwise', async () => {
  const { cluster, writer, seen } = createSample();
  const effect = applyOf({ replicas: 1, paused: true });
  assert.equal(writer.isApplied(effect), false);
  assert.deepEqual(await writer.apply(effect), { kind: 'done' });
  assert.equal(writer.isApplied(effect), true);
  await seen();
  assert.deepEqual(await writer.apply(applyOf({ replicas: 1, paused: true })), {
    kind: 'unchanged',
  });
  assert.equal(writer.isApplied(applyOf({ replicas: 1 })), false, 'a field is no longer wanted');
  assert.deepEqual(cluster.writes, ['apply Deployment web']);
});

test("another's edit is undone; what the API server adds or rewrites is left alone", async () => {
  const { cluster, store, writer, seen } = createSample();
  const effect = applyOf({ replicas: 1, cpu: '0.5' });
  await writer.apply(effect);
  const live = cluster.find('Deployment', 'web')!;
  cluster.put({ ...live, spec: { replicas: 1, cpu: '0.5', strategy: 'RollingUpdate' } });
  await seen();
  assert.equal(writer.isApplied(effect), true);
  cluster.put({ ...live, spec: { replicas: 7, cpu: '0.5' } });
  await seen();
  assert.equal(writer.isApplied(effect), false);
  const rewritten = { ...live, metadata: { ...live.metadata, resourceVersion: '900' } };
  const answer = { ...rewritten, spec: { replicas: 1, cpu: '500m' } };
  const { client } = cluster;
  const rewriter = createObjectWriter({
    client: { ...client, apply: async () => answer },
    store,
    resourceOf: () => ({ ...target, version: 'v1', plural: 'deployments', namespaced: true }),
  });
  await rewriter.apply(effect);
  assert.equal(rewriter.isApplied(effect), true, 'the answer to this very content');
});

test('a refusal says what was to be done and to what', async () => {
  const { cluster, writer } = createSample();
  cluster.away(true);
  const result = await writer.apply(applyOf({}));
  assert.ok(result.kind === 'failed' && result.reason === 'unavailable');
  assert.match(result.message, /^apply Deployment default\/web: /);
});

test("what is another's is neither overwritten nor deleted, and is known to be there", async () => {
  const { cluster, store, writer } = createSample();
  const owner = { apiVersion: 'v1', kind: 'Gateway', name: 'edge', uid: 'one' };
  const metadata = { namespace: 'default', name: 'web' };
  const { object, ...effect } = applyOf({ replicas: 1 });
  const owned = { ...object, metadata: { ...metadata, ownerReferences: [owner] } };
  cluster.put({ ...object, metadata });
  const result = await writer.apply({ ...effect, object: owned });
  assert.deepEqual(result, {
    kind: 'failed',
    reason: 'conflict',
    message: "Deployment default/web is somebody else's and is left as it is",
  });
  assert.equal(store.find(target)?.metadata.name, 'web');
  const id = 'delete/web';
  assert.deepEqual(await writer.delete({ kind: 'delete', id, target }), { kind: 'unchanged' });
  assert.deepEqual(cluster.writes, []);
  writer.stop();
  const labels = { 'app.kubernetes.io/managed-by': 'sluice-gateway-controller' };
  cluster.put({ ...object, metadata: { ...metadata, labels } });
  store.noteGone(target);
  assert.equal(store.find(target), undefined);
  assert.deepEqual(await writer.delete({ kind: 'delete', id, target }), { kind: 'done' });
  assert.deepEqual(await writer.delete({ kind: 'delete', id, target }), { kind: 'unchanged' });
  assert.deepEqual(cluster.writes, ['delete Deployment web']);
});

test('a binding waits for the role that it names, for a moment', async () => {
  const { cluster, store } = createSample();
  let missing = 2;
  const client: Client = {
    ...cluster.client,
    async apply(resource, object) {
      missing -= 1;
      if (missing >= 0) throw new ApiError('test', { message: 'no such role' }, { code: 404 });
      return cluster.client.apply(resource, object);
    },
  };
  const kind = 'RoleBinding';
  const resource = { ...target, kind, version: 'v1', plural: 'rolebindings', namespaced: true };
  const writer = createObjectWriter({ client, store, resourceOf: () => resource });
  const { object } = applyOf({});
  const binding = { kind: 'apply', id: 'apply/b', target: { ...target, kind }, object } as const;
  assert.deepEqual(await writer.apply(binding), { kind: 'done' });
  missing = 100;
  const result = await writer.apply({ ...binding, object: applyOf({ replicas: 2 }).object });
  assert.ok(result.kind === 'failed' && result.reason === 'not-found');
});

test('a binding is applied after the role that it names, though both are begun at once', async () => {
  const { cluster, store } = createSample();
  const resourceOf = (ref: { kind: string }) => ({
    ...target,
    kind: ref.kind,
    version: 'v1',
    plural: `${ref.kind.toLowerCase()}s`,
    namespaced: true,
  });
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const client: Client = {
    ...cluster.client,
    async apply(resource, object) {
      if (resource.kind === 'Role') await held;
      return cluster.client.apply(resource, object);
    },
  };
  const writer = createObjectWriter({ client, store, resourceOf });
  const effectOf = (kind: string, more: object): ApplyEffect => {
    const { object, ...effect } = applyOf({});
    return { ...effect, target: { ...target, kind }, object: { ...object, kind, ...more } };
  };
  const roleRef = { kind: 'Role', name: target.name };
  const both = [
    writer.apply(effectOf('Role', {})),
    writer.apply(effectOf('RoleBinding', { roleRef })),
  ];
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(cluster.writes, []);
  release();
  await Promise.all(both);
  assert.deepEqual(cluster.writes, ['apply Role web', 'apply RoleBinding web']);
});
