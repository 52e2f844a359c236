/**
 * Objects of others that have a name which a Gateway needs for its own. The watches of what
 * Gateways own do not show them, so what a write came upon is kept in the store, where the core
 * finds it and says so, and is looked at again and again until it is gone.
 */
import type { Client, KubeObject, Resource } from '@sluice/kube';
import { type ObjectRef, objectKey } from '@sluice/sansio';
import { isAbsent } from '../cluster/failure.ts';
import type { ObjectStore } from './object-store.ts';

export interface ForeignObjects {
  note(ref: ObjectRef, object: KubeObject): void;
  stop(): void;
}

export interface ForeignObjectsOptions {
  readonly client: Client;
  readonly store: ObjectStore;
  readonly resourceOf: (ref: ObjectRef) => Resource | undefined;
  readonly intervalMs?: number;
}

const INTERVAL_MS = 10_000;

export function createForeignObjects(options: ForeignObjectsOptions): ForeignObjects {
  const { client, store, resourceOf, intervalMs = INTERVAL_MS } = options;
  const noted = new Map<string, ObjectRef>();
  let timer: NodeJS.Timeout | undefined;

  const look = async (key: string, ref: ObjectRef): Promise<void> => {
    const resource = resourceOf(ref);
    if (resource === undefined || (await findLive(client, resource, ref)) !== undefined) return;
    noted.delete(key);
    store.noteGone(ref);
  };
  const lookAtAll = async (): Promise<void> => {
    // An API server that does not answer is asked again, as is one that says they are still there.
    await Promise.allSettled(Array.from(noted, ([key, ref]) => look(key, ref)));
    timer = undefined;
    schedule();
  };
  const schedule = (): void => {
    if (timer !== undefined || noted.size === 0) return;
    timer = setTimeout(() => void lookAtAll(), intervalMs);
    timer.unref();
  };
  return {
    note(ref, object) {
      store.noteWritten(ref, object);
      noted.set(objectKey(ref), ref);
      schedule();
    },
    stop() {
      noted.clear();
      clearTimeout(timer);
    },
  };
}

/** Undefined: there is none. Rejects when the API server does not say. */
export async function findLive(
  client: Client,
  resource: Resource,
  ref: ObjectRef,
): Promise<KubeObject | undefined> {
  return client.get(resource, ref).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
}
