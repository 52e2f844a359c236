/**
 * Memoisation by object identity.
 *
 * Objects of the API are replaced, never edited, so identity stands for content. A memo keeps the
 * last result for each key object and gives it back while everything else that the computation
 * read is the same; entries die with their key. Results must be pure functions of key and
 * dependencies: then a memo changes the cost of an answer and never the answer.
 */

interface Entry<Value> {
  readonly dependencies: readonly unknown[];
  readonly value: Value;
}

export type Memo<Key extends object, Value> = (
  key: Key,
  dependencies: readonly unknown[],
  build: () => Value,
) => Value;

export function createMemo<Key extends object, Value>(): Memo<Key, Value> {
  const entries = new WeakMap<Key, Entry<Value>>();
  return (key, dependencies, build) => {
    const entry = entries.get(key);
    if (entry !== undefined && sameElements(entry.dependencies, dependencies)) return entry.value;
    const value = build();
    entries.set(key, { dependencies, value });
    return value;
  };
}

export function sameElements(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    if (!Object.is(one[index], other[index])) return false;
  }
  return true;
}

/** The last value for a key, kept as long as the object that it hangs on. */
export interface Latest<Value> {
  get(anchor: object, key: string): Value | undefined;
  set(anchor: object, key: string, value: Value): void;
}

/** For values that make the next computation cheaper and never another. */
export function createLatest<Value>(): Latest<Value> {
  const values = new WeakMap<object, Map<string, Value>>();
  return {
    get: (anchor, key) => values.get(anchor)?.get(key),
    set: (anchor, key, value) => {
      const known = values.get(anchor);
      if (known === undefined) values.set(anchor, new Map([[key, value]]));
      else known.set(key, value);
    },
  };
}

export type ListSharer = <Item extends object>(elements: readonly Item[]) => readonly Item[];

/**
 * Gives a list with the same elements; the same list as last time when the elements are the same.
 * One sharer for each kind of list: it remembers one list for each first element.
 */
export function createListSharer(): ListSharer {
  const lists = new WeakMap<object, readonly object[]>();
  return <Item extends object>(elements: readonly Item[]): readonly Item[] => {
    const first = elements[0];
    if (first === undefined) return EMPTY;
    const known = lists.get(first);
    if (known !== undefined && sameElements(known, elements)) return known as readonly Item[];
    lists.set(first, elements);
    return elements;
  };
}

const EMPTY: readonly never[] = [];

export type MapSharer = <Value extends object>(
  entries: ReadonlyMap<string, Value>,
) => ReadonlyMap<string, Value>;

/** The same for maps, remembered by their first value. */
export function createMapSharer(): MapSharer {
  const maps = new WeakMap<object, ReadonlyMap<string, object>>();
  return <Value extends object>(entries: ReadonlyMap<string, Value>) => {
    const [first] = entries.values();
    if (first === undefined) return NO_ENTRIES;
    const known = maps.get(first);
    if (known !== undefined && sameEntries(known, entries)) {
      return known as ReadonlyMap<string, Value>;
    }
    maps.set(first, entries);
    return entries;
  };
}

const NO_ENTRIES = new Map<string, never>();

function sameEntries(
  one: ReadonlyMap<string, object>,
  other: ReadonlyMap<string, object>,
): boolean {
  if (one.size !== other.size) return false;
  for (const [key, value] of one) if (other.get(key) !== value) return false;
  return true;
}

/**
 * Gives `value`, or the value of the last call with this anchor and key when their contents are
 * equal. A Gateway is replaced whenever its status is written; what routes need to know of it
 * rarely changes, and thus need not be looked at again. `value` must be plain JSON data.
 */
export function shareContent<Value>(anchor: object, key: string, value: Value): Value {
  const text = JSON.stringify(value);
  const known = contents.get(anchor, key);
  if (known !== undefined && known.text === text) return known.value as Value;
  contents.set(anchor, key, { text, value });
  return value;
}

const contents = createLatest<{ readonly text: string; readonly value: unknown }>();
