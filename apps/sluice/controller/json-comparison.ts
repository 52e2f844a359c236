/** Comparison of plain JSON data: the order of keys does not matter, that of lists does. */

export function sameJson(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => sameJson(item, other[index]));
  }
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = definedKeys(one);
  if (keys.length !== definedKeys(other).length) return false;
  return keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key], other[key]));
}

/**
 * Whether all of `desired` stands in `live`, which may hold more: what an API server fills in and
 * what others own. Lists must have the same length, since a list that grew was changed.
 */
export function isWithin(desired: unknown, live: unknown): boolean {
  if (Object.is(desired, live)) return true;
  if (Array.isArray(desired)) {
    if (!Array.isArray(live) || desired.length !== live.length) return false;
    return desired.every((item, index) => isWithin(item, live[index]));
  }
  if (!isRecord(desired) || !isRecord(live)) return false;
  return definedKeys(desired).every(
    (key) => Object.hasOwn(live, key) && isWithin(desired[key], live[key]),
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON has no `undefined`: such a field is absent. */
function definedKeys(value: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined);
}
