/**
 * Deep subset comparison with readable differences: one line for each place that differs, with its
 * path, what was expected and what there was.
 */

/** Where `actual` lacks what `expected` says; keys that `expected` leaves out may be anything. */
export function findMismatches(expected: unknown, actual: unknown, path: string): string[] {
  if (Array.isArray(expected)) return mismatchesOfList(expected, actual, path);
  if (isRecord(expected)) return mismatchesOfRecord(expected, actual, path);
  return Object.is(expected, actual) ? [] : [mismatch(path, expected, actual)];
}

export function mismatch(path: string, expected: unknown, actual: unknown): string {
  return `${path}: expected ${show(expected)}, got ${show(actual)}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws on a key that no assertion reads: a typo must not make a test pass. */
export function checkKeys(value: object, known: readonly string[], place: string): void {
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw new Error(`${place}: unknown key "${key}"`);
  }
}

function mismatchesOfList(expected: unknown[], actual: unknown, path: string): string[] {
  if (!Array.isArray(actual) || actual.length !== expected.length) {
    return [mismatch(path, expected, actual)];
  }
  return expected.flatMap((item, index) =>
    findMismatches(item, actual[index], `${path}[${index}]`),
  );
}

function mismatchesOfRecord(
  expected: Record<string, unknown>,
  actual: unknown,
  path: string,
): string[] {
  if (!isRecord(actual)) return [mismatch(path, expected, actual)];
  return Object.entries(expected).flatMap(([key, value]) =>
    findMismatches(value, actual[key], `${path}.${key}`),
  );
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
