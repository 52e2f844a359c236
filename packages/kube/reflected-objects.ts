/**
 * What a sink was told, so that what did not change keeps its identity and goes no further: after
 * a new LIST, an object of the same version is the same object.
 */
import type { KubeObject } from './object.ts';

/** Objects are deeply frozen and without `managedFields`; unchanged ones stay the same object. */
export interface ReflectorSink {
  replace(objects: readonly KubeObject[]): void;
  upsert(object: KubeObject): void;
  remove(object: KubeObject): void;
}

export class ReflectedObjects {
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
