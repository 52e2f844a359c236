/** Server-side apply: fields belong to those who applied them. */
import assert from 'node:assert/strict';
import { type ApiExpectation, configMap, configMaps, gateway, gateways } from './expectation.ts';

const listener = (name: string, port: number) => ({ name, port, protocol: 'HTTP' });
const one = { fieldManager: 'one' };
const two = { fieldManager: 'two' };
const meek = { fieldManager: 'two', force: false };

export const applyExpectations: readonly ApiExpectation[] = [
  {
    name: 'an apply creates, and removes what its manager no longer wants',
    check: async (world) => {
      const { client } = world;
      const apply = (data: Readonly<Record<string, string>>, labels = {}) =>
        client.apply(configMaps, configMap(world, 'a', { data, labels }));
      await apply({ x: '1', y: '1' }, { l: '1' });
      const after = await apply({ y: '2' });
      assert.deepEqual(after['data'], { y: '2' });
      assert.equal(after.metadata.labels, undefined);
    },
  },
  {
    name: 'an apply that changes nothing makes no new version',
    check: async (world) => {
      const object = configMap(world, 'a', { data: { x: '1' } });
      const first = await world.client.apply(configMaps, object);
      const second = await world.client.apply(configMaps, object);
      assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
    },
  },
  {
    name: 'fields of other managers stay, applied or updated',
    check: async (world) => {
      const { client } = world;
      const created = configMap(world, 'a', { data: { updated: '1' } });
      await client.create(configMaps, created, { fieldManager: 'three' });
      await client.apply(configMaps, configMap(world, 'a', { data: { x: '1' } }), one);
      await client.apply(configMaps, configMap(world, 'a', { data: { y: '1' } }), two);
      const after = await client.apply(configMaps, configMap(world, 'a', { data: {} }), one);
      assert.deepEqual(after['data'], { updated: '1', y: '1' });
    },
  },
  {
    name: 'a field of another manager is a conflict, unless it is forced or has the same value',
    check: async (world) => {
      const { client } = world;
      const object = (value: string) => configMap(world, 'a', { data: { x: value } });
      await client.apply(configMaps, object('1'), one);
      const refused = client.apply(configMaps, object('2'), meek);
      await assert.rejects(refused, { code: 409, reason: 'Conflict' });
      await assert.rejects(client.apply(configMaps, object('2'), meek), /conflict.*"one"/);
      await client.apply(configMaps, object('1'), meek);
      const shared = await client.apply(configMaps, configMap(world, 'a'), two);
      assert.deepEqual(shared['data'], { x: '1' }, 'it is still that of the first');
      const forced = await client.apply(configMaps, object('2'), two);
      assert.deepEqual(forced['data'], { x: '2' });
      const given = await client.apply(configMaps, configMap(world, 'a'), one);
      assert.deepEqual(given['data'], { x: '2' }, 'it is no longer that of the first');
    },
  },
  {
    name: 'an apply of a version that is past is a conflict',
    check: async (world) => {
      const { client } = world;
      const object = configMap(world, 'a', { data: { x: '1' } });
      const first = await client.apply(configMaps, object);
      await client.apply(configMaps, configMap(world, 'a', { data: { x: '2' } }));
      const { resourceVersion } = first.metadata;
      assert(resourceVersion !== undefined);
      const late = { ...object, metadata: { ...object.metadata, resourceVersion } };
      await assert.rejects(client.apply(configMaps, late), { code: 409, reason: 'Conflict' });
    },
  },
  {
    name: 'lists with keys are shared item by item',
    check: async (world) => {
      const { client } = world;
      const apply = (ports: readonly number[], options: { readonly fieldManager: string }) => {
        const listeners = ports.map((port) => listener(`l${port}`, port));
        const spec = { gatewayClassName: 'contract', listeners };
        return client.apply(gateways, gateway(world, 'g', { spec }), options);
      };
      await apply([1, 2], one);
      await apply([3], two);
      const { spec } = await apply([2], one);
      const { listeners } = spec as { readonly listeners: readonly { readonly name: string }[] };
      assert.deepEqual(listeners.map(({ name }) => name).sort(), ['l2', 'l3']);
    },
  },
];
