/**
 * A set of strings that can be looked up by a piece of another string, given the hash of the
 * piece, without cutting it out. The hash is rolling (FNV-1a), so that one walk over a path or a
 * host probes every element boundary on its way.
 *
 * Guarantees that no probe is long even if the keys were chosen to collide: the table is built
 * again under another seed until no probe sequence exceeds `PROBES_MAX`.
 */

/** In which direction pieces are hashed, and which keys contain which. */
export interface KeyScheme {
  /** Must roll with `rollHash` as lookups do. */
  hash(text: string, seed: number): number;
  /** The longest other key that matches whatever the key `text` matches. */
  parent<T>(table: KeyTable<T>, text: string): Key<T> | undefined;
}

export interface Key<T> {
  readonly text: string;
  readonly hash: number;
  readonly slot: number;
  readonly value: T;
  /** Slot of the parent; -1: none. */
  readonly parentSlot: number;
}

export interface KeyTable<T> {
  readonly scheme: KeyScheme;
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

export function buildKeyTable<T>(values: ReadonlyMap<string, T>, scheme: KeyScheme): KeyTable<T> {
  let seed = SEED_FIRST;
  for (let attempt = 1; ; attempt++) {
    const { table, probes } = fillTable(values, scheme, seed);
    if (probes <= PROBES_MAX || attempt === SEEDS_MAX) return withParents(table);
    seed = (seed + SEED_STEP) | 0;
  }
}

/**
 * `table` with other values, or none (`undefined`), for some keys. If the set of keys stays, this
 * costs little more than the changes.
 */
export function updateKeyTable<T>(
  table: KeyTable<T>,
  changes: ReadonlyMap<string, T | undefined>,
): KeyTable<T> {
  const slots = [...table.slots];
  for (const [text, value] of changes) {
    const key = keyAtStart(table, text, text.length, table.scheme.hash(text, table.seed));
    if ((key === undefined) !== (value === undefined)) return rebuild(table, changes);
    if (key !== undefined && value !== undefined) slots[key.slot] = { ...key, value };
  }
  return { ...table, slots };
}

export function keyValues<T>(table: KeyTable<T>): T[] {
  return table.slots.flatMap((key) => (key === undefined ? [] : [key.value]));
}

export function parentKey<T>(table: KeyTable<T>, key: Key<T>): Key<T> | undefined {
  return key.parentSlot === -1 ? undefined : table.slots[key.parentSlot];
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

function rebuild<T>(
  { slots, scheme }: KeyTable<T>,
  changes: ReadonlyMap<string, T | undefined>,
): KeyTable<T> {
  const values = new Map<string, T>();
  for (const key of slots) if (key !== undefined) values.set(key.text, key.value);
  return buildKeyTable(patchMap(values, changes), scheme);
}

/** A copy of `map` with the changes; `undefined` removes. */
export function patchMap<T>(
  map: ReadonlyMap<string, T>,
  changes: ReadonlyMap<string, T | undefined>,
): ReadonlyMap<string, T> {
  if (changes.size === 0) return map;
  const patched = new Map(map);
  for (const [key, value] of changes) {
    if (value === undefined) patched.delete(key);
    else patched.set(key, value);
  }
  return patched;
}

function fillTable<T>(
  values: ReadonlyMap<string, T>,
  scheme: KeyScheme,
  seed: number,
): { table: KeyTable<T>; probes: number } {
  const mask = slotCount(values.size) - 1;
  const slots = new Array<Key<T> | undefined>(mask + 1).fill(undefined);
  let longest = 0;
  let probes = 0;
  for (const [text, value] of values) {
    const hash = scheme.hash(text, seed);
    let slot = firstSlot(hash, mask);
    let steps = 1;
    for (; slots[slot] !== undefined; slot = (slot + 1) & mask) steps++;
    slots[slot] = { text, hash, slot, value, parentSlot: -1 };
    longest = Math.max(longest, text.length);
    probes = Math.max(probes, steps);
  }
  return { table: { scheme, seed, mask, slots, longest, size: values.size }, probes };
}

function withParents<T>(table: KeyTable<T>): KeyTable<T> {
  const slots = table.slots.map((key) => {
    const parent = key && table.scheme.parent(table, key.text);
    return key && parent ? { ...key, parentSlot: parent.slot } : key;
  });
  return { ...table, slots };
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
