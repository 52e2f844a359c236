/** Lists: selectors, pages. */
import assert from 'node:assert/strict';
import type { ObjectList } from '@sluice/kube';
import { type ApiExpectation, type ContractWorld, configMap, configMaps } from './expectation.ts';

const names = ({ items }: ObjectList) => items.map(({ metadata }) => metadata.name);

/** All are labelled, as a real namespace has ConfigMaps of its own. */
async function createFour(world: ContractWorld): Promise<void> {
  const labelled = { a: { tier: 'web', own: '' }, b: { tier: 'db', own: '' }, c: { own: '' } };
  for (const [name, labels] of Object.entries(labelled)) {
    await world.client.create(configMaps, configMap(world, name, { labels }));
  }
  await world.client.create(configMaps, configMap(world, 'd'));
}

const selections = [
  { labelSelector: 'own', expected: ['a', 'b', 'c'] },
  { labelSelector: 'own,!tier', expected: ['c'] },
  { labelSelector: 'own,tier=web', expected: ['a'] },
  { labelSelector: 'own,tier==web', expected: ['a'] },
  { labelSelector: 'own,tier!=web', expected: ['b', 'c'] },
  { labelSelector: 'own,tier in (web, db)', expected: ['a', 'b'] },
  { labelSelector: 'own,tier notin (web)', expected: ['b', 'c'] },
  { fieldSelector: 'metadata.name=d', expected: ['d'] },
  { fieldSelector: 'metadata.name!=a', labelSelector: 'own', expected: ['b', 'c'] },
];

export const listExpectations: readonly ApiExpectation[] = [
  {
    name: 'labels and fields select, and items say what they are',
    check: async (world) => {
      const { client, namespace } = world;
      await createFour(world);
      for (const { expected, ...selection } of selections) {
        const listed = await client.list(configMaps, { namespace, ...selection });
        assert.deepEqual(names(listed), expected, JSON.stringify(selection));
        assert(listed.items.every(({ kind }) => kind === 'ConfigMap'));
        assert(listed.items.every(({ apiVersion }) => apiVersion === 'v1'));
      }
      const everywhere = await client.list(configMaps, { labelSelector: 'own,tier=web' });
      assert(everywhere.items.some(({ metadata }) => metadata.namespace === namespace));
    },
  },
  {
    name: 'pages are of one version, whatever happens between them',
    check: async (world) => {
      const { client, namespace } = world;
      await createFour(world);
      const query = { namespace, labelSelector: 'own', limit: 2 };
      const first = await client.list(configMaps, query);
      assert.deepEqual(names(first), ['a', 'b']);
      await client.delete(configMaps, { namespace, name: 'c' });
      await client.create(configMaps, configMap(world, 'b2', { labels: { own: '' } }));
      assert(first.continue !== undefined);
      const second = await client.list(configMaps, { ...query, continue: first.continue });
      assert.deepEqual(names(second), ['c']);
      assert.equal(second.continue, undefined);
      assert.equal(second.resourceVersion, first.resourceVersion);
      assert.deepEqual(names(await client.list(configMaps, query)), ['a', 'b']);
    },
  },
  {
    name: 'a list without an object has a version',
    check: async ({ client, namespace }) => {
      const listed = await client.list(configMaps, { namespace, labelSelector: 'own' });
      assert.deepEqual(listed.items, []);
      assert.match(listed.resourceVersion, /^[1-9]\d*$/);
    },
  },
];
