/**
 * Keeps a sink equal to what a collection holds: LIST in pages, then WATCH from there. A watch
 * that ends or breaks is resumed from the last version seen; only a version that is gone, or a
 * line that could not be read, costs a new LIST. Failures are met with full-jitter back-off.
 */
import type { Clock } from '@sluice/sansio';
import { ApiError } from './api-error.ts';
import type { Client } from './client.ts';
import { pause } from './deadline.ts';
import type { ObjectList, Resource } from './object.ts';
import { ReflectedObjects, type ReflectorSink } from './reflected-objects.ts';
import { steadyClock } from './steady-clock.ts';
import type { WatchEnd } from './watch.ts';

export interface ReflectorOptions {
  readonly client: Client;
  readonly resource: Resource;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly sink: ReflectorSink;
  /** In [0, 1). */
  readonly random?: () => number;
  readonly clock?: Clock;
  /** As a watch has them. */
  readonly timeoutSeconds?: number;
  readonly marginMs?: number;
  readonly idleMs?: number;
  /** The first bound of the back-off. */
  readonly firstPauseMs?: number;
  /** Each failure that is going to be met with another try. */
  readonly onProblem?: (problem: Error) => void;
}

export interface Reflector {
  /** Resolves after the first `replace`; stays pending if the reflector is stopped before. */
  readonly synced: Promise<void>;
  /** Resolves when the sink is called no more. */
  stop(): Promise<void>;
}

const pageSize = 500;
/** What comes after an outage must be known within seconds, however long it took. */
const maxPauseMs = 2_000;
/** A server with too much to do may ask for more, within reason. */
const maxAskedPauseMs = 30_000;
/** One that is not ready may be a moment later, whatever it asks: those that start say 5 s. */
const maxUnreadyPauseMs = 1_000;

export function startReflector(options: ReflectorOptions): Reflector {
  const stopping = new AbortController();
  let done: Promise<void> = Promise.resolve();
  const synced = new Promise<void>((onSynced) => {
    done = reflect(options, stopping.signal, onSynced);
  });
  return {
    synced,
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function reflect(
  options: ReflectorOptions,
  signal: AbortSignal,
  onSynced: () => void,
): Promise<void> {
  const { random = Math.random, clock = steadyClock, firstPauseMs = 500, onProblem } = options;
  const store = new ReflectedObjects(options.sink);
  let version: string | undefined;
  /** Listed, and not watched from yet. */
  let isFresh = false;
  let failures = 0;
  while (!signal.aborted) {
    let problem: Error | undefined;
    if (version === undefined) {
      try {
        const listed = await listAll(options);
        if (signal.aborted) return;
        store.replace(listed.items);
        version = listed.resourceVersion;
        isFresh = true;
        onSynced();
      } catch (error) {
        problem = error instanceof Error ? error : new Error(String(error));
      }
    } else {
      const end = await follow(options, { store, version, signal });
      // An outage is over when a version is gone: what failed before it is no reason to wait.
      if (end.lastVersion !== version || (end.kind === 'expired' && !isFresh)) failures = 0;
      isFresh = false;
      version = end.kind === 'expired' || end.kind === 'damaged' ? undefined : end.lastVersion;
      problem = 'error' in end ? end.error : undefined;
      // A server that ends each watch at once must not make us spin.
      if (end.kind === 'ended') await pause(clock, random() * firstPauseMs, signal);
    }
    if (problem === undefined || signal.aborted) continue;
    onProblem?.(problem);
    failures += 1;
    const bound = Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 10));
    await pause(clock, askedPauseMs(problem) + random() * bound, signal);
  }
}

function askedPauseMs(problem: Error): number {
  if (!(problem instanceof ApiError)) return 0;
  const limit = problem.code === 503 ? maxUnreadyPauseMs : maxAskedPauseMs;
  return Math.min(problem.retryAfterMs ?? 0, limit);
}

/** The version is that of the first page: should a later page be newer, changes come twice. */
async function listAll(options: ReflectorOptions): Promise<ObjectList> {
  const { client, resource } = options;
  const query = { ...selection(options), limit: pageSize };
  const first = await client.list(resource, query);
  const items = [...first.items];
  for (let page = first; page.continue !== undefined; ) {
    page = await client.list(resource, { ...query, continue: page.continue });
    for (const item of page.items) items.push(item);
  }
  return { items, resourceVersion: first.resourceVersion };
}

interface Following {
  readonly store: ReflectedObjects;
  readonly version: string;
  readonly signal: AbortSignal;
}

/** Events up to the version from which the watch goes on are old: repeated, or late. */
async function follow(
  options: ReflectorOptions,
  { store, version, signal }: Following,
): Promise<WatchEnd & { readonly lastVersion: string }> {
  const { client, resource, timeoutSeconds, marginMs, idleMs } = options;
  let lastVersion = version;
  const watch = client.watch(
    resource,
    {
      ...selection(options),
      resourceVersion: version,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      ...(marginMs === undefined ? {} : { marginMs }),
      ...(idleMs === undefined ? {} : { idleMs }),
    },
    (event) => {
      const reached =
        event.kind === 'bookmark' ? event.resourceVersion : event.object.metadata.resourceVersion;
      if (signal.aborted || reached === undefined || !isLater(reached, lastVersion)) return;
      lastVersion = reached;
      if (event.kind === 'deleted') store.remove(event.object);
      else if (event.kind !== 'bookmark') store.upsert(event.object);
    },
  );
  const stop = () => watch.stop();
  signal.addEventListener('abort', stop);
  const end = await watch.end;
  signal.removeEventListener('abort', stop);
  return { ...end, lastVersion };
}

/**
 * Versions of one kind are decimal numbers that grow, of more digits than a double has.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
function isLater(version: string, than: string): boolean {
  if (!decimal.test(version) || !decimal.test(than)) return version !== than;
  return version.length === than.length ? version > than : version.length > than.length;
}

const decimal = /^(0|[1-9]\d*)$/;

function selection({ namespace, labelSelector, fieldSelector }: ReflectorOptions) {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}
