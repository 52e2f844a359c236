/**
 * Keeps a sink equal to what a collection holds: LIST in pages, then WATCH from there. A watch
 * that ends or breaks is resumed from the last version seen; only a version that is gone, or a
 * line that could not be read, costs a new LIST. Failures are met with full-jitter back-off.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from './api-error.ts';
import type { Client } from './client.ts';
import type { KubeObject, ObjectList, Resource } from './object.ts';
import type { WatchEnd } from './watch.ts';

/** Objects are deeply frozen and without `managedFields`; unchanged ones stay the same object. */
export interface ReflectorSink {
  replace(objects: readonly KubeObject[]): void;
  upsert(object: KubeObject): void;
  remove(object: KubeObject): void;
}

export interface ReflectorOptions {
  readonly client: Client;
  readonly resource: Resource;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly sink: ReflectorSink;
  /** In [0, 1). */
  readonly random?: () => number;
  readonly timeoutSeconds?: number;
  readonly silenceMarginMs?: number;
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
const maxPauseMs = 30_000;

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
  const { random = Math.random, firstPauseMs = 500, onProblem } = options;
  const store = new Store(options.sink);
  let version: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    let problem: Error | undefined;
    if (version === undefined) {
      try {
        const listed = await listAll(options);
        if (signal.aborted) return;
        store.replace(listed.items);
        version = listed.resourceVersion;
        onSynced();
      } catch (error) {
        problem = error instanceof Error ? error : new Error(String(error));
      }
    } else {
      const end: WatchEnd & { readonly lastVersion: string } = await follow(options, {
        store,
        version,
        signal,
      });
      if (end.lastVersion !== version) failures = 0;
      version = end.kind === 'expired' || end.kind === 'damaged' ? undefined : end.lastVersion;
      problem = 'error' in end ? end.error : undefined;
      // A server that ends each watch at once must not make us spin.
      if (end.kind === 'ended') await pause(random() * firstPauseMs, signal);
    }
    if (problem === undefined || signal.aborted) continue;
    onProblem?.(problem);
    failures += 1;
    const bound = Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 10));
    const asked = problem instanceof ApiError ? (problem.retryAfterMs ?? 0) : 0;
    await pause(asked + random() * bound, signal);
  }
}

/** Ends early, without an error, on a stop. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

async function listAll(options: ReflectorOptions): Promise<ObjectList> {
  const { client, resource } = options;
  const items: KubeObject[] = [];
  let page: ObjectList | undefined;
  do {
    const next: string | undefined = page?.continue;
    page = await client.list(resource, {
      ...selection(options),
      limit: pageSize,
      ...(next === undefined ? {} : { continue: next }),
    });
    items.push(...page.items);
  } while (page.continue !== undefined);
  return { items, resourceVersion: page.resourceVersion };
}

interface Following {
  readonly store: Store;
  readonly version: string;
  readonly signal: AbortSignal;
}

async function follow(options: ReflectorOptions, { store, version, signal }: Following) {
  const { client, resource, timeoutSeconds, silenceMarginMs } = options;
  let lastVersion = version;
  const watch = client.watch(
    resource,
    {
      ...selection(options),
      resourceVersion: version,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      ...(silenceMarginMs === undefined ? {} : { silenceMarginMs }),
    },
    (event) => {
      if (signal.aborted) return;
      if (event.kind === 'bookmark') {
        lastVersion = event.resourceVersion;
        return;
      }
      lastVersion = event.object.metadata.resourceVersion ?? lastVersion;
      if (event.kind === 'deleted') store.remove(event.object);
      else store.upsert(event.object);
    },
  );
  const stop = () => watch.stop();
  signal.addEventListener('abort', stop);
  const end = await watch.end;
  signal.removeEventListener('abort', stop);
  return { ...end, lastVersion };
}

function selection({ namespace, labelSelector, fieldSelector }: ReflectorOptions) {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

/** What the sink was told, so that what did not change keeps its identity. */
class Store {
  #objects = new Map<string, KubeObject>();
  readonly #sink: ReflectorSink;

  constructor(sink: ReflectorSink) {
    this.#sink = sink;
  }

  replace(listed: readonly KubeObject[]): void {
    const objects = new Map<string, KubeObject>();
    for (const object of listed) {
      const key = keyOf(object);
      const known = this.#objects.get(key);
      objects.set(key, known !== undefined && isSame(known, object) ? known : prepare(object));
    }
    this.#objects = objects;
    this.#sink.replace([...objects.values()]);
  }

  /** An event that tells what is known, as a duplicate does, goes no further. */
  upsert(object: KubeObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known !== undefined && isSame(known, object)) return;
    const prepared = prepare(object);
    this.#objects.set(key, prepared);
    this.#sink.upsert(prepared);
  }

  remove(object: KubeObject): void {
    const key = keyOf(object);
    const known = this.#objects.get(key);
    if (known === undefined) return;
    this.#objects.delete(key);
    this.#sink.remove(known);
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function isSame(known: KubeObject, object: KubeObject): boolean {
  const { uid, resourceVersion } = object.metadata;
  return known.metadata.uid === uid && known.metadata.resourceVersion === resourceVersion;
}

function prepare(object: KubeObject): KubeObject {
  const kept = Object.entries(object.metadata).filter(([field]) => field !== 'managedFields');
  const metadata = { ...Object.fromEntries(kept), name: object.metadata.name };
  return freeze({ ...object, metadata });
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
