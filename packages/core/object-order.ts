/**
 * The order of lists of objects: by namespace, then name.
 *
 * Who makes a list in this order may say so: looking whether 10,000 objects are in order, for each
 * turn, takes longer than all that is done about one that changed.
 */
import { type ApiObject, compareText } from './objects.ts';

/** Gives the list itself when it is in order already. */
export function sortObjects<Item extends ApiObject>(items: readonly Item[]): readonly Item[] {
  if (ordered.has(items)) return items;
  for (let index = 1; index < items.length; index += 1) {
    const one = items[index - 1];
    const other = items[index];
    if (one !== undefined && other !== undefined && compareNames(one, other) > 0) {
      return items.toSorted(compareNames);
    }
  }
  return items;
}

/** Says that `items` are in order, and stay so. */
export function noteOrdered(items: readonly ApiObject[]): void {
  ordered.add(items);
}

const ordered = new WeakSet<object>();

function compareNames(one: ApiObject, other: ApiObject): number {
  return (
    compareText(one.metadata.namespace ?? '', other.metadata.namespace ?? '') ||
    compareText(one.metadata.name ?? '', other.metadata.name ?? '')
  );
}
