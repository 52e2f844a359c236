/**
 * The objects of one kind, by key and in the order of their namespaces and names. The list is
 * replaced, never edited, and only when something changed; a change among thousands of objects
 * costs a search and a copy of references.
 */
import type { KubeObject } from '@sluice/kube';

export interface OrderedObjects {
  get(key: string): KubeObject | undefined;
  set(key: string, object: KubeObject): void;
  delete(key: string): void;
  list(): readonly KubeObject[];
}

/** More changes than this since the last look: sorting anew is cheaper. */
const CHANGES_MAX = 64;

export function createOrderedObjects(): OrderedObjects {
  const byKey = new Map<string, KubeObject>();
  /** Since the list was made: any state of each object, for its name. */
  const changed = new Map<string, KubeObject>();
  let list: readonly KubeObject[] = [];
  return {
    get: (key) => byKey.get(key),
    set(key, object) {
      byKey.set(key, object);
      changed.set(key, object);
    },
    delete(key) {
      const object = byKey.get(key);
      if (object === undefined) return;
      byKey.delete(key);
      changed.set(key, object);
    },
    list() {
      if (changed.size > CHANGES_MAX) list = [...byKey.values()].sort(compareNames);
      else if (changed.size > 0) list = withChanges(list, changed, byKey);
      changed.clear();
      return list;
    },
  };
}

function withChanges(
  list: readonly KubeObject[],
  changed: ReadonlyMap<string, KubeObject>,
  byKey: ReadonlyMap<string, KubeObject>,
): readonly KubeObject[] {
  const next = list.slice();
  for (const [key, object] of changed) {
    const at = findPlace(next, object);
    const found = next[at];
    const isThere = found !== undefined && compareNames(found, object) === 0;
    const now = byKey.get(key);
    next.splice(at, isThere ? 1 : 0, ...(now === undefined ? [] : [now]));
  }
  return next;
}

/** Of the first object that does not come before this one. */
function findPlace(list: readonly KubeObject[], object: KubeObject): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = list[middle];
    if (other !== undefined && compareNames(other, object) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareNames({ metadata: one }: KubeObject, { metadata: other }: KubeObject): number {
  return (
    compareText(one.namespace ?? '', other.namespace ?? '') || compareText(one.name, other.name)
  );
}

/** By UTF-16 code units, as the core does. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
