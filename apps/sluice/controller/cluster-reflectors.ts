/**
 * One reflector for each watched kind that the API server serves. What is served is asked again
 * while something is missing, and when a kind that was served no longer answers, so that CRDs may
 * come and go under a running controller.
 */

import { type Client, type Reflector, type Resource, startReflector } from '@sluice/kube';
import type { Log } from '../log.ts';
import type { ObjectStore } from './object-store.ts';
import { findServedKinds, type ServedKinds } from './served-kinds.ts';
import { chooseResource, WATCHED_KINDS, type WatchedKind } from './watched-kinds.ts';

export interface ClusterReflectors {
  /** There was a moment at which every kind that is served had been listed. */
  readonly synced: Promise<void>;
  /** Kinds that are served, and whether their first list has come. */
  states(): ReadonlyMap<string, boolean>;
  readonly resourceOf: (ref: { group: string; kind: string }) => Resource | undefined;
  stop(): Promise<void>;
}

export interface ReflectorOptions {
  readonly client: Client;
  readonly store: ObjectStore;
  readonly served: ServedKinds;
  readonly log: Log;
  /** The API server serves something else than before. */
  readonly onServed: (served: ServedKinds) => void;
  readonly rediscoverMs?: number;
}

interface Running {
  readonly kind: WatchedKind;
  readonly resource: Resource;
  readonly reflector: Reflector;
  synced: boolean;
}

export function startClusterReflectors(options: ReflectorOptions): ClusterReflectors {
  const { client, store, log, rediscoverMs = 30_000 } = options;
  const running = new Map<string, Running>();
  const syncing = createSyncing(running);
  let isTroubled = false;

  const start = (kind: WatchedKind, resource: Resource): void => {
    const { labelSelector, fieldSelector } = kind;
    const reflector = startReflector({
      client,
      resource,
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      sink: store.sinkOf(kind),
      onProblem: (problem) => {
        isTroubled = true;
        log.warn(`watching ${kind.plural} failed; trying again`, { problem: messageOf(problem) });
      },
    });
    const entry: Running = { kind, resource, reflector, synced: false };
    running.set(keyOf(kind), entry);
    void reflector.synced.then(() => {
      entry.synced = true;
      syncing.judge();
    });
  };

  const follow = async (served: ServedKinds): Promise<boolean> => {
    let changed = false;
    for (const kind of WATCHED_KINDS) {
      const resource = chooseResource(kind, served);
      const known = running.get(keyOf(kind));
      if (resource?.version === known?.resource.version) continue;
      changed = true;
      await known?.reflector.stop();
      if (known !== undefined && resource === undefined) {
        running.delete(keyOf(kind));
        store.sinkOf(kind).replace([]);
      }
      log.info(resource === undefined ? 'a kind is no longer served' : 'a kind is served', {
        kind: kind.kind,
        group: kind.group,
        version: resource?.version ?? '',
      });
      if (resource !== undefined) start(kind, resource);
    }
    if (changed) syncing.judge();
    return changed;
  };

  for (const kind of WATCHED_KINDS) {
    const resource = chooseResource(kind, options.served);
    if (resource !== undefined) start(kind, resource);
  }
  const stopAsking = everyOnceInAWhile(rediscoverMs, async () => {
    if (!isTroubled && running.size === WATCHED_KINDS.length) return;
    const served = await findServedKinds(client);
    isTroubled = false;
    if (await follow(served)) options.onServed(served);
  });
  return {
    synced: syncing.whenAll,
    states: () => new Map([...running.values()].map(({ kind, synced }) => [kind.kind, synced])),
    resourceOf: (ref) => running.get(keyOf(ref))?.resource,
    async stop() {
      stopAsking();
      await Promise.all([...running.values()].map(({ reflector }) => reflector.stop()));
    },
  };
}

/** To be judged again when one has been listed, or is gone: it may be the last waited for. */
function createSyncing(running: ReadonlyMap<string, Running>) {
  let onAll = (): void => undefined;
  const whenAll = new Promise<void>((resolve) => {
    onAll = resolve;
  });
  const judge = (): void => {
    if ([...running.values()].every(({ synced }) => synced)) onAll();
  };
  return { whenAll, judge };
}

function keyOf({ group, kind }: { group: string; kind: string }): string {
  return `${group}/${kind}`;
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

/** Failures are the reflectors' to report; the next time is soon enough. */
function everyOnceInAWhile(intervalMs: number, act: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout;
  const schedule = (): void => {
    timer = setTimeout(
      () =>
        void act()
          .catch(() => undefined)
          .then(schedule),
      intervalMs,
    );
    timer.unref();
  };
  schedule();
  return () => clearTimeout(timer);
}
