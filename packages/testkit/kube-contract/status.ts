/** Status: written on its own, counted by no generation. */
import assert from 'node:assert/strict';
import type { KubeObject } from '@sluice/kube';
import { type ApiExpectation, type ContractWorld, gateway, gateways } from './expectation.ts';

const condition = (type: string, status = 'True') => ({
  type,
  status,
  reason: 'Contract',
  message: '',
  lastTransitionTime: '2030-01-01T00:00:00Z',
});

const conditionsOf = ({ status }: KubeObject) =>
  ((status ?? {}) as { readonly conditions?: readonly ReturnType<typeof condition>[] })
    .conditions ?? [];

/** Those of this contract; the definition of the kind gives others by default. */
const own = (object: KubeObject) =>
  conditionsOf(object)
    .filter(({ type }) => type.startsWith('contract.example/'))
    .map(({ type, status }) => `${type.split('/')[1]}=${status}`)
    .sort();

const specOf = (port: number) => ({
  gatewayClassName: 'contract',
  listeners: [{ name: 'l', port, protocol: 'HTTP' }],
});

const type = (name: string) => `contract.example/${name}`;
const statusOf = (name: string, value?: string) => ({
  conditions: [condition(type(name), value)],
});

function create(world: ContractWorld): Promise<KubeObject> {
  return world.client.create(
    gateways,
    gateway(world, 'g', { spec: specOf(1), status: statusOf('Created') }),
  );
}

const status = { subresource: 'status' } as const;

export const statusExpectations: readonly ApiExpectation[] = [
  {
    name: 'a status that comes with an object is left out',
    check: async (world) => {
      const { client } = world;
      const created = await create(world);
      assert.deepEqual(own(created), []);
      const replaced = await client.replace(gateways, { ...created, status: statusOf('Replaced') });
      assert.deepEqual(own(replaced), []);
      const applied = await client.apply(
        gateways,
        gateway(world, 'g', { spec: specOf(1), status: statusOf('Applied') }),
      );
      assert.deepEqual(own(applied), []);
    },
  },
  {
    name: 'a status write changes status alone',
    check: async (world) => {
      const { client } = world;
      const created = await create(world);
      const parts = { spec: specOf(2), status: statusOf('A') };
      const replaced = await client.replace(gateways, { ...created, ...parts }, status);
      assert.deepEqual(replaced['spec'], created['spec']);
      assert.deepEqual(own(replaced), ['A=True']);
      const late = client.replace(gateways, { ...created, status: statusOf('B') }, status);
      await assert.rejects(late, { code: 409, reason: 'Conflict' });
      const changed = await client.replace(gateways, { ...replaced, spec: specOf(3) });
      assert.deepEqual(own(changed), ['A=True'], 'and the other way round');
    },
  },
  {
    name: 'conditions of several managers stand side by side',
    check: async (world) => {
      const { client } = world;
      await create(world);
      const apply = (fieldManager: string, name: string, value?: string) =>
        client.apply(gateways, gateway(world, 'g', { status: statusOf(name, value) }), {
          ...status,
          fieldManager,
        });
      await apply('one', 'A');
      assert.deepEqual(own(await apply('two', 'B')), ['A=True', 'B=True']);
      assert.deepEqual(own(await apply('one', 'A', 'False')), ['A=False', 'B=True']);
      assert.deepEqual(own(await apply('one', 'C')), ['B=True', 'C=True']);
    },
  },
  {
    name: 'an apply of a status makes no object',
    check: async (world) => {
      const object = gateway(world, 'absent', { status: statusOf('A') });
      await assert.rejects(world.client.apply(gateways, object, status), { code: 404 });
    },
  },
  {
    name: 'generation counts changes of the spec alone',
    check: async (world) => {
      const { client } = world;
      const created = await create(world);
      assert.equal(created.metadata.generation, 1);
      const labelled = await client.replace(gateways, {
        ...created,
        metadata: { ...created.metadata, labels: { l: '1' } },
      });
      assert.equal(labelled.metadata.generation, 1);
      const told = await client.replace(gateways, { ...labelled, status: statusOf('A') }, status);
      assert.equal(told.metadata.generation, 1);
      const changed = await client.replace(gateways, { ...told, spec: specOf(2) });
      assert.equal(changed.metadata.generation, 2);
    },
  },
  {
    name: 'a custom object is replaced by its version only',
    check: async (world) => {
      await create(world);
      const blind = world.client.replace(gateways, gateway(world, 'g', { spec: specOf(2) }));
      await assert.rejects(blind, { code: 422, reason: 'Invalid' });
    },
  },
];
