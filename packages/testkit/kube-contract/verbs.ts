/** Reading, creating, replacing and deleting. */
import assert from 'node:assert/strict';
import { type ApiExpectation, configMap, configMaps } from './expectation.ts';

export const verbExpectations: readonly ApiExpectation[] = [
  {
    name: 'a created object has what the server gives it, and is read as it was answered',
    check: async (world) => {
      const { client } = world;
      const created = await client.create(configMaps, configMap(world, 'a', { data: { x: '1' } }));
      const { uid, resourceVersion, creationTimestamp } = created.metadata;
      assert.match(uid ?? '', /^[\da-f]{8}-/);
      assert.match(resourceVersion ?? '', /^[1-9]\d*$/);
      assert.match(creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT/);
      assert.deepEqual(created['data'], { x: '1' });
      assert.deepEqual(await client.get(configMaps, created.metadata), created);
    },
  },
  {
    name: 'what is not there is not found, and can not be replaced',
    check: async (world) => {
      const { client, namespace } = world;
      const refusal = { code: 404, reason: 'NotFound' };
      await assert.rejects(client.get(configMaps, { namespace, name: 'a' }), refusal);
      await assert.rejects(client.get(configMaps, { namespace, name: 'a' }), /"a" not found$/);
      await assert.rejects(client.replace(configMaps, configMap(world, 'a')), refusal);
      const absent = client.request('GET', '/apis/absent.example/v1/things');
      await assert.rejects(absent, { code: 404 });
    },
  },
  {
    name: 'an object is created once',
    check: async (world) => {
      const { client } = world;
      await client.create(configMaps, configMap(world, 'a'));
      const again = client.create(configMaps, configMap(world, 'a'));
      await assert.rejects(again, { code: 409, reason: 'AlreadyExists' });
    },
  },
  {
    name: 'of two replacements of one version the second is a conflict',
    check: async (world) => {
      const { client } = world;
      const first = await client.create(configMaps, configMap(world, 'a'));
      const second = await client.replace(configMaps, { ...first, data: { x: '2' } });
      assert.notEqual(second.metadata.resourceVersion, first.metadata.resourceVersion);
      const late = client.replace(configMaps, { ...first, data: { x: '3' } });
      await assert.rejects(late, { code: 409, reason: 'Conflict' });
      const { data } = await client.get(configMaps, first.metadata);
      assert.deepEqual(data, { x: '2' });
    },
  },
  {
    name: 'a replacement without a version replaces whatever is there, fields and labels',
    check: async (world) => {
      const { client } = world;
      const first = configMap(world, 'a', { data: { x: '1', y: '1' }, labels: { l: '1' } });
      await client.create(configMaps, first);
      const after = await client.replace(configMaps, configMap(world, 'a', { data: { y: '2' } }));
      assert.deepEqual(after['data'], { y: '2' });
      assert.equal(after.metadata.labels, undefined);
    },
  },
  {
    name: 'a replacement that changes nothing makes no new version',
    check: async (world) => {
      const { client } = world;
      const first = await client.create(configMaps, configMap(world, 'a', { data: { x: '1' } }));
      const second = await client.replace(configMaps, first);
      assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
    },
  },
  {
    name: 'a dry run answers what would be, and does nothing',
    check: async (world) => {
      const { client, namespace } = world;
      const options = { dryRun: true };
      const shown = await client.create(configMaps, configMap(world, 'a'), options);
      assert.equal(shown.metadata.name, 'a');
      await client.apply(configMaps, configMap(world, 'b'), options);
      for (const name of ['a', 'b']) {
        await assert.rejects(client.get(configMaps, { namespace, name }), { code: 404 });
      }
    },
  },
  {
    name: 'deleting twice is deleting, and a new object has a new identity',
    check: async (world) => {
      const { client } = world;
      const first = await client.create(configMaps, configMap(world, 'a'));
      await client.delete(configMaps, first.metadata, { propagation: 'Background' });
      await client.delete(configMaps, first.metadata, { gracePeriodSeconds: 0 });
      await assert.rejects(client.get(configMaps, first.metadata), { code: 404 });
      const second = await client.create(configMaps, configMap(world, 'a'));
      assert.notEqual(second.metadata.uid, first.metadata.uid);
    },
  },
  {
    name: 'a delete of another object than the one that is meant is a conflict',
    check: async (world) => {
      const { client, namespace } = world;
      const { metadata } = await client.create(configMaps, configMap(world, 'a'));
      const path = `/api/v1/namespaces/${namespace}/configmaps/a`;
      const remove = (uid: string | undefined) =>
        client.request('DELETE', path, { preconditions: { uid } });
      const another = remove('00000000-1111-4222-8333-444444444444');
      await assert.rejects(another, { code: 409, reason: 'Conflict' });
      await client.get(configMaps, metadata);
      await remove(metadata.uid);
      await assert.rejects(client.get(configMaps, metadata), { code: 404 });
    },
  },
];
