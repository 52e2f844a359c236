/**
 * A set of strings that can be looked up by a piece of another string, given the hash of the
 * piece, without cutting it out. The hash is rolling (FNV-1a), so that one walk over a path or a
 * host probes every element boundary on its way.
 *
 * Guarantees that no bucket is long even if the keys were chosen to collide: the table is built
 * again under another seed until no probe sequence exceeds `PROBES_MAX`.
 */

export interface Key<T> {
  readonly text: string;
  readonly hash: number;
  readonly value: T;
  /** The longest other key that matches whatever this key matches. */
  parent: Key<T> | undefined;
}

export interface KeyTable<T> {
  readonly seed: number;
  readonly mask: number;
  /** Open addressing, at most half full. */
  readonly slots: readonly (Key<T> | undefined)[];
  /** Code units of the longest key: no piece beyond it can be a key. */
  readonly longest: number;
  readonly size: number;
}

const SEED_FIRST = 0x811c9dc5;
const SEED_STEP = 0x9e3779b9;
const SEEDS_MAX = 16;
const PROBES_MAX = 24;

/** `hashKey` must roll with `rollHash` in the direction in which lookups walk. */
export function buildKeyTable<T>(
  values: ReadonlyMap<string, T>,
  hashKey: (text: string, seed: number) => number,
): KeyTable<T> {
  let seed = SEED_FIRST;
  for (let attempt = 1; ; attempt++) {
    const table = tryKeyTable(values, seed, hashKey);
    if (table.probes <= PROBES_MAX || attempt === SEEDS_MAX) return table;
    seed = (seed + SEED_STEP) | 0;
  }
}

export function rollHash(hash: number, codeUnit: number): number {
  return Math.imul(hash ^ codeUnit, 0x01000193);
}

/** The key equal to the first `length` code units of `text`, whose hash is `hash`. */
export function keyAtStart<T>(
  table: KeyTable<T>,
  text: string,
  length: number,
  hash: number,
): Key<T> | undefined {
  let slot = firstSlot(hash, table.mask);
  for (let key = table.slots[slot]; key !== undefined; key = table.slots[slot]) {
    if (key.hash === hash && key.text.length === length && text.startsWith(key.text)) return key;
    slot = (slot + 1) & table.mask;
  }
  return undefined;
}

/** The key equal to the last `length` code units of `text`, whose hash is `hash`. */
export function keyAtEnd<T>(
  table: KeyTable<T>,
  text: string,
  length: number,
  hash: number,
): Key<T> | undefined {
  let slot = firstSlot(hash, table.mask);
  for (let key = table.slots[slot]; key !== undefined; key = table.slots[slot]) {
    if (key.hash === hash && key.text.length === length && text.endsWith(key.text)) return key;
    slot = (slot + 1) & table.mask;
  }
  return undefined;
}

function tryKeyTable<T>(
  values: ReadonlyMap<string, T>,
  seed: number,
  hashKey: (text: string, seed: number) => number,
): KeyTable<T> & { probes: number } {
  const mask = slotCount(values.size) - 1;
  const slots = new Array<Key<T> | undefined>(mask + 1).fill(undefined);
  let longest = 0;
  let probes = 0;
  for (const [text, value] of values) {
    const hash = hashKey(text, seed);
    let slot = firstSlot(hash, mask);
    let steps = 1;
    for (; slots[slot] !== undefined; slot = (slot + 1) & mask) steps++;
    slots[slot] = { text, hash, value, parent: undefined };
    longest = Math.max(longest, text.length);
    probes = Math.max(probes, steps);
  }
  return { seed, mask, slots, longest, size: values.size, probes };
}

/** FNV's low bits are its weakest for short keys. */
function firstSlot(hash: number, mask: number): number {
  return (hash ^ (hash >>> 15)) & mask;
}

function slotCount(size: number): number {
  let count = 2;
  while (count < size * 2) count *= 2;
  return count;
}
