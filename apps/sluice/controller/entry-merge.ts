/**
 * Lists in a status that several controllers share and that the API keeps whole: `parents` of
 * routes, `ancestors` of policies. A server-side apply of our entries would delete the others', so
 * the list is read, merged and replaced with the resourceVersion it was read at.
 *
 * Guarantee: entries of other controllers keep their bytes and their order among each other.
 *
 * Gateway API: RouteStatus.parents, PolicyStatus.ancestors.
 */
import { isRecord, sameJson } from './json-comparison.ts';

export interface EntryList {
  /** The list's field in the status. */
  readonly field: 'parents' | 'ancestors';
  /** What tells the entries of one controller apart. */
  readonly reference: 'parentRef' | 'ancestorRef';
  /** The API's limit, others' entries included. */
  readonly entriesMax: number;
}

export const PARENTS: EntryList = { field: 'parents', reference: 'parentRef', entriesMax: 32 };
export const ANCESTORS: EntryList = {
  field: 'ancestors',
  reference: 'ancestorRef',
  entriesMax: 16,
};

/**
 * The list as it should be: ours where they stood, new ones at the end, those no longer desired
 * gone. Where others leave no room, our last ones are left out.
 */
export function mergeEntries(
  live: readonly unknown[],
  desired: readonly unknown[],
  { controllerName, list }: { readonly controllerName: string; readonly list: EntryList },
): readonly unknown[] {
  const foreign = live.filter((entry) => !isOwn(entry, controllerName));
  const room = Math.max(0, list.entriesMax - foreign.length);
  const waiting = desired.slice(0, room);
  const merged: unknown[] = [];
  for (const entry of live) {
    if (!isOwn(entry, controllerName)) {
      merged.push(entry);
      continue;
    }
    const index = waiting.findIndex((own) =>
      sameJson(fieldOf(own, list.reference), fieldOf(entry, list.reference)),
    );
    if (index >= 0) merged.push(...waiting.splice(index, 1));
  }
  return [...merged, ...waiting];
}

function isOwn(entry: unknown, controllerName: string): boolean {
  return fieldOf(entry, 'controllerName') === controllerName;
}

function fieldOf(entry: unknown, field: string): unknown {
  return isRecord(entry) ? entry[field] : undefined;
}
