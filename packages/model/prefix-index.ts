/**
 * The path prefixes of one host, found by whole path elements (Gateway API, PathMatchPathPrefix).
 *
 * One walk over the path finds the longest prefix; the shorter ones hang on it as parents, so
 * that all prefixes of a path are visited longest first without allocation.
 */
import {
  buildKeyTable,
  type Key,
  type KeyScheme,
  type KeyTable,
  keyAtStart,
  rollHash,
} from './key-table.ts';

const SLASH = 0x2f;

/** Keys are normalised: `/a` for `/a/`, the empty string for `/`. */
export type PrefixIndex<T> = KeyTable<T>;

const scheme: KeyScheme = {
  hash(text, seed) {
    let hash = seed;
    for (let position = 0; position < text.length; position++) {
      hash = rollHash(hash, text.charCodeAt(position));
    }
    return hash;
  },
  parent: (index, text) => longestKey(index, text, text.length - 1),
};

export function buildPrefixIndex<T>(values: ReadonlyMap<string, T>): PrefixIndex<T> {
  return buildKeyTable(values, scheme);
}

/** A trailing `/` of a prefix is ignored (Gateway API, PathMatchPathPrefix). */
export function normalizePrefix(prefix: string): string {
  return prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
}

/** The longest prefix of `path`; `parentKey` gives the next one. */
export function findPrefix<T>(index: PrefixIndex<T>, path: string): Key<T> | undefined {
  return index.size === 0 ? undefined : longestKey(index, path, path.length);
}

/** Looks at prefixes of up to `lengthMax` code units that end where an element of `path` does. */
function longestKey<T>(index: PrefixIndex<T>, path: string, lengthMax: number): Key<T> | undefined {
  const end = Math.min(path.length, index.longest + 1, lengthMax + 1);
  let found: Key<T> | undefined;
  let hash = index.seed;
  for (let position = 0; position < end; position++) {
    const codeUnit = path.charCodeAt(position);
    if (codeUnit === SLASH) found = keyAtStart(index, path, position, hash) ?? found;
    hash = rollHash(hash, codeUnit);
  }
  const isWhole = end === path.length && end <= Math.min(index.longest, lengthMax);
  return isWhole ? (keyAtStart(index, path, end, hash) ?? found) : found;
}
