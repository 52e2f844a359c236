/**
 * A cluster in memory for tests of the loop: it keeps objects, counts resource versions, applies
 * and replaces statuses as an API server does, refuses stale writes, and hands every change to the
 * store a moment later, as a watch does. It counts the writes it was asked for.
 */
import {
  ApiError,
  type Client,
  type KubeObject,
  type ReflectorSink,
  type Resource,
} from '@sluice/kube';
import { isRecord } from './json-comparison.ts';
import type { ObjectStore } from './object-store.ts';
import { WATCHED_KINDS } from './watched-kinds.ts';

export interface SampleCluster {
  readonly client: Client;
  /** Verb, kind and name of each write so far. */
  readonly writes: string[];
  /** Creates or replaces, as a user would. */
  put(object: object): void;
  find(kind: string, name: string): KubeObject | undefined;
  /** Changes reach the store from now on. */
  connect(store: ObjectStore): void;
  /** Every write fails until it is called again with `false`. */
  away(isAway: boolean): void;
}

const KEYS = ['type', 'name'];

export function createSampleCluster(): SampleCluster {
  const objects = new Map<string, KubeObject>();
  const writes: string[] = [];
  let store: ObjectStore | undefined;
  let version = 100;
  let isAway = false;

  const later = (object: KubeObject, act: (sink: ReflectorSink) => void): void => {
    const kind = WATCHED_KINDS.find((each) => each.kind === object.kind);
    if (kind !== undefined) setImmediate(() => store && act(store.sinkOf(kind)));
  };
  const save = (object: KubeObject): KubeObject => {
    const key = keyOf(object.kind, object.metadata);
    if (JSON.stringify(objects.get(key)) === JSON.stringify(object)) return object;
    version += 1;
    const metadata = { uid: `uid-${key}`, ...object.metadata, resourceVersion: `${version}` };
    const saved = freeze({ ...object, metadata }) as KubeObject;
    objects.set(key, saved);
    later(saved, (sink) => sink.upsert(saved));
    return saved;
  };
  const write = (verb: string, resource: Resource, sent: object): KubeObject => {
    const { metadata, status } = sent as KubeObject;
    writes.push(`${verb} ${resource.kind} ${metadata.name}`);
    if (isAway) throw new Error('connect ECONNREFUSED');
    const live = objects.get(keyOf(resource.kind, metadata));
    if (verb === 'create' && live !== undefined) {
      throw new ApiError('test', { message: `${metadata.name} already exists` }, { code: 409 });
    }
    if (status === undefined) return save(merge(live ?? {}, sent) as KubeObject);
    if (live === undefined)
      throw new ApiError('test', { message: `${metadata.name} not found` }, { code: 404 });
    if (verb === 'apply') return save({ ...live, status: merge(live['status'] ?? {}, status) });
    if (metadata.resourceVersion !== live.metadata.resourceVersion) {
      throw new ApiError('test', { message: 'the object has been modified' }, { code: 409 });
    }
    return save({ ...live, status });
  };
  const client = {
    apply: async (resource: Resource, sent: object) => write('apply', resource, sent),
    replace: async (resource: Resource, sent: object) => write('replace', resource, sent),
    create: async (resource: Resource, sent: object) => write('create', resource, sent),
    async get(resource: Resource, name: { name: string; namespace?: string }) {
      const found = objects.get(keyOf(resource.kind, name));
      if (found === undefined)
        throw new ApiError('test', { message: `${name.name} not found` }, { code: 404 });
      return found;
    },
    async delete(resource: Resource, name: { name: string; namespace?: string }) {
      writes.push(`delete ${resource.kind} ${name.name}`);
      const key = keyOf(resource.kind, name);
      const object = objects.get(key);
      if (objects.delete(key) && object) later(object, (sink) => sink.remove(object));
    },
  };
  return {
    client: client as unknown as Client,
    writes,
    put: (object) => void save(object as KubeObject),
    find: (kind, name) =>
      [...objects.values()].find((each) => each.kind === kind && each.metadata.name === name),
    connect(next) {
      store = next;
      for (const object of objects.values()) later(object, (sink) => sink.upsert(object));
    },
    away(next) {
      isAway = next;
    },
  };
}

function keyOf(kind: string, { namespace, name }: { namespace?: string; name: string }): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

/** Maps merge by key; other lists are replaced. */
function merge(live: unknown, sent: unknown): unknown {
  if (Array.isArray(live) && Array.isArray(sent)) return mergeLists(live, sent);
  if (!isRecord(live) || !isRecord(sent)) return sent;
  const merged = Object.entries(sent).map(([name, value]) => [name, merge(live[name], value)]);
  return { ...live, ...Object.fromEntries(merged) };
}

function mergeLists(live: readonly unknown[], sent: readonly unknown[]): readonly unknown[] {
  const key = KEYS.find((name) => sent.every((item) => isRecord(item) && name in item));
  if (key === undefined || !sent.some((item) => isRecord(item) && 'conditions' in item)) {
    const isMap = key === 'type' && sent.every((item) => isRecord(item) && 'reason' in item);
    if (!isMap) return sent;
  }
  const nameOf = (item: unknown): unknown => (isRecord(item) ? item[key ?? 'name'] : undefined);
  const kept = live.filter((item) => !sent.some((other) => nameOf(other) === nameOf(item)));
  return [
    ...kept,
    ...sent.map((item) =>
      merge(
        live.find((other) => nameOf(other) === nameOf(item)),
        item,
      ),
    ),
  ];
}

function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    for (const child of Object.values(value)) freeze(child);
    Object.freeze(value);
  }
  return value;
}
