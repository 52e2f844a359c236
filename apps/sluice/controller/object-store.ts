/**
 * What the controller knows of the cluster: the objects of all watched kinds, as the API server
 * has them, ahead of the watch by what this process wrote itself.
 *
 * A write's answer takes its place in the store at once and stays until the watch brings something
 * newer, so nothing is written twice while the watch is behind, and the event of an own write
 * changes nothing and wakes nobody.
 *
 * Objects are replaced, never edited; what did not change stays the same object.
 */
import type { KubeObject, ReflectorSink } from '@sluice/kube';
import { type ObjectRef, objectKey } from '@sluice/sansio';
import { createOrderedObjects, type OrderedObjects } from './ordered-objects.ts';
import { trimObject, type WatchedKind } from './watched-kinds.ts';

export interface ObjectStore {
  /** Where a reflector of this kind delivers. */
  sinkOf(kind: WatchedKind): ReflectorSink;
  /** Whether this very object is the one it holds now: cheaper than to find it. */
  holds(object: KubeObject): boolean;
  readonly find: (ref: ObjectRef) => KubeObject | undefined;
  /** The answer to a write of this process. */
  noteWritten(ref: ObjectRef, object: KubeObject): void;
  /** This process found that it is there no more, though no watch says so. */
  noteGone(ref: ObjectRef): void;
  /** In the order of namespaces and names; the same list while none of them changed. */
  listOf(group: string, kind: string): readonly KubeObject[];
  /** The list of each kind. */
  lists(): readonly (readonly KubeObject[])[];
  readonly count: number;
}

export interface ObjectStoreOptions {
  readonly onChange: (ref: ObjectRef, object: KubeObject | undefined) => void;
}

export function createObjectStore({ onChange }: ObjectStoreOptions): ObjectStore {
  const byKind = new Map<string, OrderedObjects>();
  const current = new Set<KubeObject>();
  const objectsOf = ({ group, kind }: { group: string; kind: string }): OrderedObjects => {
    const key = `${group}/${kind}`;
    const known = byKind.get(key) ?? createOrderedObjects();
    byKind.set(key, known);
    return known;
  };

  /** Returns the object as it is kept; undefined: what is known is as new. */
  const put = (ref: ObjectRef, object: KubeObject): KubeObject | undefined => {
    const objects = objectsOf(ref);
    const known = objects.get(objectKey(ref));
    if (known !== undefined) {
      if (!isNewer(object, known)) return undefined;
      current.delete(known);
    }
    const kept = trimObject(object);
    objects.set(objectKey(ref), kept);
    current.add(kept);
    return kept;
  };

  const upsert = (ref: ObjectRef, object: KubeObject): void => {
    const kept = put(ref, object);
    if (kept !== undefined) onChange(ref, kept);
  };

  const remove = (ref: ObjectRef, object: KubeObject): void => {
    const objects = objectsOf(ref);
    const known = objects.get(objectKey(ref));
    if (known === undefined || isNewer(known, object)) return;
    objects.delete(objectKey(ref));
    current.delete(known);
    onChange(ref, undefined);
  };

  return {
    sinkOf(kind) {
      const refOf = ({ metadata }: KubeObject): ObjectRef => refOfKind(kind, metadata);
      return {
        replace(next) {
          const objects = objectsOf(kind);
          const listed = new Set(next.map((object) => objectKey(refOf(object))));
          for (const object of objects.list()) {
            if (!listed.has(objectKey(refOf(object)))) remove(refOf(object), object);
          }
          for (const object of next) upsert(refOf(object), object);
        },
        upsert: (object) => upsert(refOf(object), object),
        remove: (object) => remove(refOf(object), object),
      };
    },
    find: (ref) => objectsOf(ref).get(objectKey(ref)),
    noteWritten: (ref, object) => void put(ref, object),
    noteGone(ref) {
      const known = objectsOf(ref).get(objectKey(ref));
      if (known !== undefined) remove(ref, known);
    },
    holds: (object) => current.has(object),
    listOf: (group, kind) => objectsOf({ group, kind }).list(),
    lists: () => Array.from(byKind.values(), (objects) => objects.list()),
    get count() {
      return current.size;
    },
  };
}

export function refOfKind(
  { group, kind, namespaced }: WatchedKind,
  { namespace, name }: KubeObject['metadata'],
): ObjectRef {
  return {
    group,
    kind,
    ...(namespaced && namespace !== undefined ? { namespace } : {}),
    name,
  };
}

/** Resource versions count upwards; where they are no numbers, what comes later is newer. */
function isNewer(one: KubeObject, other: KubeObject): boolean {
  const [left = '', right = ''] = [one.metadata.resourceVersion, other.metadata.resourceVersion];
  if (left === right) return false;
  if (!/^\d+$/.test(left) || !/^\d+$/.test(right)) return true;
  return left.length === right.length ? left > right : left.length > right.length;
}
