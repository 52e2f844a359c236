import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '@sluice/kube';
import { createForeignObjects } from './foreign-objects.ts';
import { createObjectStore } from './object-store.ts';
import { createSampleCluster } from './sample-cluster.ts';

const ref = { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' };
const resource = { ...ref, version: 'v1', plural: 'deployments', namespaced: true };

test('an object of others is known until it is gone, and then somebody is told', async () => {
  const cluster = createSampleCluster();
  const told: (KubeObject | undefined)[] = [];
  const store = createObjectStore({ onChange: (_, object) => told.push(object) });
  const { client } = cluster;
  const foreign = createForeignObjects({
    client,
    store,
    resourceOf: () => resource,
    intervalMs: 1,
  });
  cluster.put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: ref });
  const object = cluster.find('Deployment', 'web');
  assert.ok(object);
  foreign.note(ref, object);
  await delay(20);
  assert.equal(store.find(ref)?.metadata.name, 'web');
  assert.deepEqual(told, []);
  await client.delete(resource, ref);
  for (let turn = 0; turn < 500 && store.find(ref) !== undefined; turn += 1) await delay(2);
  assert.equal(store.find(ref), undefined);
  assert.deepEqual(told, [undefined]);
  foreign.stop();
});
