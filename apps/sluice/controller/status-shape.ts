/**
 * Status that is written by server-side apply (GatewayClass, Gateway, ListenerSet): how it is cut
 * to the API's limits, and whether the object holds it already.
 *
 * Conditions and listeners are maps in the API: those of other types belong to others and stay.
 */
import { isRecord, isWithin, sameJson } from './json-comparison.ts';

/** GatewayStatus.conditions and its kin: no more than this, whoever wrote them. */
const CONDITIONS_MAX = 8;

/** What is never left out, in the order of importance. */
const ESSENTIAL: readonly string[] = ['Accepted', 'Programmed', 'ResolvedRefs'];

/** Lists that the API merges by a key; all others are replaced as a whole. */
const KEYED: ReadonlyMap<string, string> = new Map([
  ['conditions', 'type'],
  ['listeners', 'name'],
  ['supportedFeatures', 'name'],
]);

type Fields = Readonly<Record<string, unknown>>;

/** Leaves out conditions for which others left no room, optional ones first. */
export function fitConditions(desired: object, live: unknown): Fields {
  const { conditions, ...rest } = desired as Fields;
  if (!Array.isArray(conditions)) return desired as Fields;
  const own = new Set(conditions.map((condition) => keyOf(condition, 'type')));
  const foreign = listOf(live, 'conditions').filter((one) => !own.has(keyOf(one, 'type')));
  const room = Math.max(0, CONDITIONS_MAX - foreign.length);
  if (conditions.length <= room) return desired as Fields;
  const ranked = conditions.toSorted((one, other) => rankOf(one) - rankOf(other)).slice(0, room);
  return { ...rest, conditions: conditions.filter((condition) => ranked.includes(condition)) };
}

/** Whether everything desired is there, as it should be. What else is there does not matter. */
export function holdsStatus(desired: object, live: unknown): boolean {
  if (!isRecord(live)) return false;
  return Object.entries(desired).every(([field, value]) => {
    if (value === undefined) return true;
    const key = KEYED.get(field);
    if (key === undefined || !Array.isArray(value)) return sameOrAbsent(value, live[field]);
    const list = listOf(live, field);
    return value.every((item) => {
      const found = list.find((one) => keyOf(one, key) === keyOf(item, key));
      if (found === undefined || !isRecord(item)) return false;
      return holdsFields(item, found);
    });
  });
}

/** Keys of the live object's maps that are not desired: ours of yesterday, or others'. */
export function surplusKeys(desired: object, live: unknown): readonly string[] {
  return [...KEYED].flatMap(([field, key]) => {
    const wanted = new Set(listOf(desired, field).map((item) => keyOf(item, key)));
    const keys = listOf(live, field).map((item) => keyOf(item, key));
    return keys.filter((name) => !wanted.has(name)).map((name) => `${field}/${name}`);
  });
}

/** A listener has conditions of its own; a condition has none. */
function holdsFields(desired: Fields, live: unknown): boolean {
  return 'conditions' in desired ? holdsStatus(desired, live) : isWithin(desired, live);
}

/** An empty list that was never written and one that was are the same to everybody. */
function sameOrAbsent(desired: unknown, live: unknown): boolean {
  if (Array.isArray(desired) && desired.length === 0 && live === undefined) return true;
  return sameJson(desired, live);
}

function listOf(value: unknown, field: string): readonly unknown[] {
  const list = isRecord(value) ? value[field] : undefined;
  return Array.isArray(list) ? list : [];
}

function keyOf(item: unknown, key: string): string {
  const value = isRecord(item) ? item[key] : undefined;
  return typeof value === 'string' ? value : '';
}

function rankOf(condition: unknown): number {
  const rank = ESSENTIAL.indexOf(keyOf(condition, 'type'));
  return rank === -1 ? ESSENTIAL.length : rank;
}
