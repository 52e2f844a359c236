/** Client and reflector against a server that misbehaves in each way once. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { configMaps, type FakeApiServer, startServedClient } from '@sluice/testkit';
import { type KubeObject, startReflector } from './index.ts';

async function eventually(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (holds()) return;
    await sleep(5);
  }
  assert.fail(`never: ${what}`);
}

async function startReflected(t: TestContext) {
  const { server, client } = await startServedClient(t);
  for (let index = 0; index < 1200; index += 1) server.put(`o${index}`, `${index}`);
  const held = new Map<string, KubeObject>();
  const replaced: (readonly KubeObject[])[] = [];
  const problems: Error[] = [];
  const reflector = startReflector({
    client,
    resource: configMaps,
    firstPauseMs: 2,
    onProblem: (problem) => problems.push(problem),
    sink: {
      replace: (objects) => {
        replaced.push(objects);
        held.clear();
        for (const object of objects) held.set(object.metadata.name, object);
      },
      upsert: (object) => void held.set(object.metadata.name, object),
      remove: (object) => void held.delete(object.metadata.name),
    },
  });
  t.after(() => reflector.stop());
  await reflector.synced;
  await eventually(() => server.watches() > 0, 'a watch');
  const versions = (objects: Iterable<{ metadata: { name: string; resourceVersion?: string } }>) =>
    [...objects].map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).sort();
  return {
    server,
    held,
    replaced,
    problems,
    settle: async () => {
      const isEqual = () => versions(held.values()).join() === versions(server.stored()).join();
      await eventually(isEqual, 'the sink equals the server');
    },
  };
}

const pages = 3;

interface Fault {
  readonly name: string;
  readonly lists: number;
  readonly inject: (server: FakeApiServer) => void;
}

const faults: readonly Fault[] = [
  { name: 'a reset', lists: 0, inject: (server) => server.endWatches('reset') },
  { name: 'an orderly end', lists: 0, inject: (server) => server.endWatches('end') },
  {
    name: 'a 500 at connect',
    lists: 0,
    inject: (server) => {
      server.refuse({ on: 'watch', code: 500 });
      server.endWatches('reset');
    },
  },
  {
    name: 'a 429 at connect',
    lists: 0,
    inject: (server) => {
      server.refuse({ on: 'watch', code: 429, retryAfterSeconds: 0 });
      server.endWatches('end');
    },
  },
  {
    name: 'a 410 at connect',
    lists: pages,
    inject: (server) => {
      server.compact();
      server.endWatches('end');
    },
  },
  {
    name: 'a 410 as an event',
    lists: pages,
    inject: (server) =>
      server.writeRaw(
        '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n',
      ),
  },
  { name: 'a damaged line', lists: pages, inject: (server) => server.writeRaw('{"type":\n') },
  {
    name: 'a cut-off line',
    lists: pages,
    inject: (server) => {
      server.writeRaw('{"type":"ADD');
      server.endWatches('end');
    },
  },
  {
    name: 'a failed list',
    lists: pages + 1,
    inject: (server) => {
      server.refuse({ on: 'list', code: 500 });
      server.writeRaw('?\n');
    },
  },
  { name: 'a duplicate event', lists: 0, inject: (server) => server.repeat() },
  { name: 'a bookmark', lists: 0, inject: (server) => server.bookmark() },
];

for (const { name, lists, inject } of faults) {
  test(`after ${name} the sink equals the server, for ${lists} list requests`, async (t) => {
    const { server, held, settle, replaced } = await startReflected(t);
    assert.equal(server.lists(), pages);
    const kept = held.get('o7');
    inject(server);
    server.put('o3', 'changed');
    server.remove('o4');
    server.put('new', '1');
    await settle();
    await eventually(() => server.lists() === pages + lists, 'the lists');
    await eventually(() => replaced.length === (lists === 0 ? 1 : 2), 'the replacement');
    assert.equal(held.get('o7'), kept, 'what did not change is the same object');
  });
}

test('a server that is gone and comes back costs no list', async (t) => {
  const { server, problems, settle } = await startReflected(t);
  const again = await server.crash();
  await eventually(() => problems.length > 2, 'it is tried again');
  server.put('o1', 'meanwhile');
  await again();
  await settle();
  assert.equal(server.lists(), pages);
});

test('what came late changes nothing', async (t) => {
  const { server, held, settle } = await startReflected(t);
  server.put('o3', 'first');
  server.put('o3', 'second');
  server.remove('o4');
  await settle();
  const second = held.get('o3');
  server.tellLate(3);
  server.tellLate(1);
  server.put('o4', 'again');
  await settle();
  server.tellLate(2);
  server.put('o5', 'last');
  await settle();
  assert.equal(held.get('o3'), second);
  assert.equal(server.lists(), pages);
});

test('objects are frozen and come without managedFields', async (t) => {
  const { held } = await startReflected(t);
  const object = held.get('o1');
  assert(object !== undefined && Object.isFrozen(object.metadata));
  assert(!('managedFields' in object.metadata));
});
