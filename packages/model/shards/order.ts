/**
 * The order of routes or backends that come in several lists: the one that is given, or else the
 * canonical one. What is in order stays in order: a change costs a search for its place.
 */
import type { ListDelta } from '../list-delta.ts';

export interface ItemKind<Item> {
  /** The canonical order. */
  readonly compare: (one: Item, other: Item) => number;
  readonly idOf: (item: Item) => string;
}

export interface Unordered<Item> {
  readonly lists: readonly (readonly Item[])[];
  /** The order, where it is not the canonical one. */
  readonly ids: readonly string[] | undefined;
  /** How the lists differ from those of the call before; undefined: not known. */
  readonly delta: ListDelta<Item> | undefined;
}

/** More changes than this at once are sorted like a config that is new. */
const CHANGES_MAX = 200;

/** Each call must follow the one before. Gives the same list where nothing changed. */
export type Orderer<Item> = (unordered: Unordered<Item>) => readonly Item[];

export function createOrderer<Item>(kind: ItemKind<Item>): Orderer<Item> {
  const { compare, idOf } = kind;
  let last: readonly Item[] = [];
  let isCanonical = false;
  return ({ lists, ids, delta }) => {
    const updated = isCanonical && ids === undefined && delta && updateOrder(last, delta, compare);
    if (updated) {
      last = updated;
    } else if (ids === undefined) {
      last = lists.flat().toSorted(compare);
      isCanonical = isAscending(last, compare);
    } else {
      last = inGivenOrder(lists.flat(), ids, idOf);
      isCanonical = false;
    }
    return last;
  };
}

/** Undefined: it does not follow from what was in order. */
function updateOrder<Item>(
  items: readonly Item[],
  { gone, come }: ListDelta<Item>,
  compare: ItemKind<Item>['compare'],
): readonly Item[] | undefined {
  const count = gone.length + come.length;
  if (count === 0) return items;
  if (count > CHANGES_MAX) return undefined;
  const updated = [...items];
  for (const item of gone) {
    const place = findPlace(updated, item, compare);
    if (updated[place] !== item) return undefined;
    updated.splice(place, 1);
  }
  for (const item of come) {
    const place = findPlace(updated, item, compare);
    const next = updated[place];
    if (next !== undefined && compare(next, item) === 0) return undefined;
    updated.splice(place, 0, item);
  }
  return updated;
}

/** Of the first item that does not come before `item`. */
function findPlace<Item>(
  items: readonly Item[],
  item: Item,
  compare: ItemKind<Item>['compare'],
): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(items[middle] as Item, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Without repetitions. */
export function isAscending<Item>(
  items: readonly Item[],
  compare: ItemKind<Item>['compare'],
): boolean {
  return items.every((item, index) => index === 0 || compare(items[index - 1] as Item, item) < 0);
}

/** Items of one id keep their order among each other: they come from one part. */
function inGivenOrder<Item>(
  items: readonly Item[],
  ids: readonly string[],
  idOf: (item: Item) => string,
): Item[] {
  const waiting = new Map<string, Item[]>();
  for (const item of items) {
    const same = waiting.get(idOf(item));
    if (same === undefined) waiting.set(idOf(item), [item]);
    else same.push(item);
  }
  return ids.flatMap((id) => waiting.get(id)?.splice(0, 1) ?? []);
}
