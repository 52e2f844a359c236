/**
 * Follows one object by its name, with the rights to get and to watch it and no others: reads it,
 * then watches from what was read. Ends only when it is told to.
 *
 * A watch that ends is taken up where it ended; what fails is tried again after a growing delay
 * with full jitter. An object that is not there yet is waited for.
 *
 * A version may be too old to watch from (410) although it is the object's newest: others have
 * changed since, or the server was started anew. So the object is read, and the next watch begins
 * without a version, with what is there: to begin at the same version again would never end.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject, ObjectName, Resource, WatchEnd } from '@sluice/kube';
import { isAbsent } from './failure.ts';
import type { WatchClient } from './kube-port.ts';

export interface FollowOptions {
  readonly client: WatchClient;
  readonly resource: Resource;
  readonly name: Required<ObjectName>;
  /** Undefined: there is none. */
  readonly onState: (object: KubeObject | undefined) => void;
  readonly onProblem: (error: unknown) => void;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** An outage may take minutes; what follows it must be known within seconds. */
const BACKOFF_MS_MIN = 100;
const BACKOFF_MS_MAX = 3_000;

export interface FollowedObject {
  stop(): void;
}

export function followObject(options: FollowOptions): FollowedObject {
  const follower = new Follower(options);
  void follower.run();
  return follower;
}

class Follower implements FollowedObject {
  readonly #options: FollowOptions;
  readonly #stopped = new AbortController();
  #failures = 0;
  /** Where the next watch begins; undefined: with what is there then. */
  #version: string | undefined;
  #isExpired = false;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async run(): Promise<void> {
    const { signal } = this.#stopped;
    let mustRead = true;
    while (!signal.aborted) {
      try {
        if (mustRead) await this.#read();
        mustRead = false;
        mustRead = await this.#watch();
        // A server that ends each watch at once is not asked without a rest.
        await pause(BACKOFF_MS_MIN * this.#random(), signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#options.onProblem(error);
        await pause(this.#backoffMs(), signal);
      }
    }
  }

  async #read(): Promise<void> {
    const { client, resource, name, onState } = this.#options;
    const object = await client.get(resource, name).catch((error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw error;
    });
    if (this.#stopped.signal.aborted) return;
    this.#failures = 0;
    this.#version = this.#isExpired ? undefined : object?.metadata.resourceVersion;
    this.#isExpired = false;
    onState(object);
  }

  /** Whether a change may have been missed; rejects when the watch broke. */
  async #watch(): Promise<boolean> {
    const { client, resource, name, onState } = this.#options;
    const { signal } = this.#stopped;
    const version = this.#version === undefined ? {} : { resourceVersion: this.#version };
    const selector = { namespace: name.namespace, fieldSelector: `metadata.name=${name.name}` };
    const watch = client.watch(resource, { ...selector, ...version }, (event) => {
      if (signal.aborted) return;
      this.#failures = 0;
      if (event.kind === 'bookmark') {
        this.#version = event.resourceVersion;
        return;
      }
      this.#version = event.object.metadata.resourceVersion;
      onState(event.kind === 'deleted' ? undefined : event.object);
    });
    const stop = (): void => watch.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      const end = await watch.end;
      this.#isExpired = end.kind === 'expired';
      return mustReadAfter(end);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #backoffMs(): number {
    const limit = Math.min(BACKOFF_MS_MIN * 2 ** this.#failures, BACKOFF_MS_MAX);
    this.#failures += 1;
    return limit * this.#random();
  }

  #random(): number {
    return this.#options.random?.() ?? Math.random();
  }
}

function mustReadAfter(end: WatchEnd): boolean {
  switch (end.kind) {
    case 'ended':
    case 'stopped':
      return false;
    case 'expired':
    case 'damaged':
      return true;
    case 'failed':
      throw end.error;
    default:
      throw new TypeError(`not the end of a watch: ${JSON.stringify(end satisfies never)}`);
  }
}

/** Ends early when it is told to stop. */
async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await delay(durationMs, undefined, { signal }).catch(() => undefined);
}
