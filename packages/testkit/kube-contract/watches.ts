/** Watches: from a version, from the beginning, with selectors, to their end. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { WatchEnd, WatchEvent, WatchOptions } from '@sluice/kube';
import {
  type ApiExpectation,
  type ContractWorld,
  configMap,
  configMaps,
  gateways,
} from './expectation.ts';

interface Watching {
  readonly events: readonly WatchEvent[];
  /** The next `count` events that are not bookmarks, as `kind name`. */
  readonly take: (count: number) => Promise<readonly string[]>;
  readonly end: Promise<WatchEnd>;
  readonly stop: () => void;
}

/** Waits as long as the client lets a watch last. */
function watch({ client, namespace }: ContractWorld, options: WatchOptions): Watching {
  const events: WatchEvent[] = [];
  const arrivals = new EventEmitter();
  let taken = 0;
  let isOver = false;
  const shown = () =>
    events.flatMap((event) =>
      event.kind === 'bookmark' ? [] : [`${event.kind} ${event.object.metadata.name}`],
    );
  const { end, stop } = client.watch(configMaps, { namespace, ...options }, (event) => {
    events.push(event);
    arrivals.emit('news');
  });
  void end.then(() => {
    isOver = true;
    arrivals.emit('news');
  });
  return {
    events,
    end,
    stop,
    take: async (count) => {
      while (shown().length < taken + count && !isOver) await once(arrivals, 'news');
      taken += count;
      return shown().slice(taken - count, taken);
    },
  };
}

const labels = { own: '' };
const labelSelector = 'own';

async function listVersion({ client, namespace }: ContractWorld): Promise<string> {
  return (await client.list(configMaps, { namespace, labelSelector })).resourceVersion;
}

function versionOf(event: WatchEvent): bigint {
  const version =
    event.kind === 'bookmark' ? event.resourceVersion : event.object.metadata.resourceVersion;
  return BigInt(version ?? 0);
}

export const watchExpectations: readonly ApiExpectation[] = [
  {
    name: 'a watch tells what happened since its version, in order and with growing versions',
    check: async (world) => {
      const { client } = world;
      const resourceVersion = await listVersion(world);
      const created = await client.create(configMaps, configMap(world, 'a', { labels }));
      const watching = watch(world, { resourceVersion, labelSelector });
      assert.deepEqual(await watching.take(1), ['added a']);
      await client.replace(configMaps, { ...created, data: { x: '1' } });
      await client.create(configMaps, configMap(world, 'b', { labels }));
      await client.delete(configMaps, created.metadata);
      assert.deepEqual(await watching.take(3), ['modified a', 'added b', 'deleted a']);
      watching.stop();
      const versions = [BigInt(resourceVersion), ...watching.events.map(versionOf)];
      for (const [index, version] of versions.entries()) {
        assert(index === 0 || version > (versions[index - 1] ?? 0n), versions.join());
      }
    },
  },
  {
    name: 'an object that comes to match is added, one that no longer does is deleted',
    check: async (world) => {
      const { client } = world;
      const watching = watch(world, { resourceVersion: await listVersion(world), labelSelector });
      await client.create(configMaps, configMap(world, 'a'));
      await client.replace(configMaps, configMap(world, 'a', { labels }));
      const last = await client.replace(configMaps, configMap(world, 'a'));
      assert.deepEqual(await watching.take(2), ['added a', 'deleted a']);
      watching.stop();
      const [, deleted] = watching.events.filter(({ kind }) => kind !== 'bookmark');
      assert(deleted !== undefined);
      assert.equal(versionOf(deleted), BigInt(last.metadata.resourceVersion ?? 0));
    },
  },
  {
    name: 'a watch without a version begins with what is there',
    check: async (world) => {
      const { client } = world;
      await client.create(configMaps, configMap(world, 'a'));
      const watching = watch(world, { fieldSelector: 'metadata.name=a' });
      assert.deepEqual(await watching.take(1), ['added a']);
      await client.delete(configMaps, { namespace: world.namespace, name: 'a' });
      assert.deepEqual(await watching.take(1), ['deleted a']);
      watching.stop();
    },
  },
  {
    // Of a custom kind: the server began to keep track of it later than at this version.
    name: 'a watch from a version that is gone is told so',
    check: async ({ client, namespace }) => {
      const running = client.watch(gateways, { namespace, resourceVersion: '1' }, () => {});
      const end = await running.end;
      assert.equal(end.kind, 'expired', JSON.stringify(end));
    },
  },
  {
    // Of something that it does not select; a server has nothing to say if nothing happened.
    name: 'a watch ends when its time is over, and says before what it has come past',
    check: async (world) => {
      const { client, watchSeconds: timeoutSeconds } = world;
      const resourceVersion = await listVersion(world);
      const watching = watch(world, { resourceVersion, labelSelector, timeoutSeconds });
      await client.create(configMaps, configMap(world, 'a', { labels }));
      assert.deepEqual(await watching.take(1), ['added a']);
      const other = await client.create(configMaps, configMap(world, 'other'));
      assert.deepEqual(await watching.end, { kind: 'ended' });
      const last = watching.events.at(-1);
      assert(last?.kind === 'bookmark', JSON.stringify(watching.events));
      assert(versionOf(last) >= BigInt(other.metadata.resourceVersion ?? 0));
    },
  },
];
