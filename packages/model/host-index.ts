/**
 * Hostnames of listeners or routes: exact, wildcard, or every host, most specific first.
 *
 * A wildcard covers one label or more (Gateway API, HTTPRouteSpec.hostnames): `*.example.com`
 * matches `a.example.com` and `a.b.example.com`, never `example.com`.
 */
import { buildKeyTable, type Key, type KeyTable, keyAtEnd, rollHash } from './key-table.ts';

const DOT = 0x2e;

export interface HostIndex<T> {
  readonly exact: ReadonlyMap<string, T>;
  /** Keys are suffixes with their dot: `.example.com`. */
  readonly wildcards: KeyTable<T>;
  /** For every host, and for requests without one. */
  readonly any: T | undefined;
}

/** Keys as in the config; the empty string: every host. */
export function buildHostIndex<T>(values: Iterable<readonly [string, T]>): HostIndex<T> {
  const exact = new Map<string, T>();
  const suffixes = new Map<string, T>();
  let any: T | undefined;
  for (const [hostname, value] of values) {
    if (hostname === '') any = value;
    else if (isWildcard(hostname)) suffixes.set(hostname.slice(1), value);
    else exact.set(hostname, value);
  }
  return { exact, wildcards: buildWildcards(suffixes), any };
}

/** `index` with other values, or none, for some hostnames; parts without a change are shared. */
export function updateHostIndex<T>(
  index: HostIndex<T>,
  hostnames: ReadonlySet<string>,
  values: ReadonlyMap<string, T>,
): HostIndex<T> {
  const wildcards = [...hostnames].filter(isWildcard);
  const exact = [...hostnames].filter((hostname) => hostname !== '' && !isWildcard(hostname));
  return {
    exact: exact.length === 0 ? index.exact : replaceValues(index.exact, exact, values),
    wildcards:
      wildcards.length === 0 ? index.wildcards : replaceWildcards(index, wildcards, values),
    any: hostnames.has('') ? values.get('') : index.any,
  };
}

/** The most specific value for `host`, which is in lower case. */
export function findHost<T>(index: HostIndex<T>, host: string): T | undefined {
  return index.exact.get(host) ?? findWildcard(index.wildcards, host)?.value ?? index.any;
}

/** The wildcard with the longest suffix; its `parent` is the next one. */
export function findWildcard<T>(wildcards: KeyTable<T>, host: string): Key<T> | undefined {
  if (wildcards.size === 0) return undefined;
  const first = Math.max(1, host.length - wildcards.longest);
  let found: Key<T> | undefined;
  let hash = wildcards.seed;
  for (let position = host.length - 1; position >= first; position--) {
    const codeUnit = host.charCodeAt(position);
    hash = rollHash(hash, codeUnit);
    if (codeUnit === DOT) {
      found = keyAtEnd(wildcards, host, host.length - position, hash) ?? found;
    }
  }
  return found;
}

/** Every value once, in no particular order. */
export function hostValues<T>(index: HostIndex<T>): T[] {
  const values = [...index.exact.values()];
  for (const key of index.wildcards.slots) if (key !== undefined) values.push(key.value);
  if (index.any !== undefined) values.push(index.any);
  return values;
}

/** Whether `wide` matches every host that `narrow` matches; the empty string: every host. */
export function coversHostname(wide: string, narrow: string): boolean {
  if (wide === '' || wide === narrow) return true;
  if (!isWildcard(wide) || narrow === '') return false;
  const suffix = wide.slice(1);
  const name = isWildcard(narrow) ? narrow.slice(1) : narrow;
  return name.length > suffix.length && name.endsWith(suffix);
}

/** Whether some host matches both; the empty string: every host. */
export function hostnamesIntersect(one: string, other: string): boolean {
  return coversHostname(one, other) || coversHostname(other, one);
}

function buildWildcards<T>(suffixes: ReadonlyMap<string, T>): KeyTable<T> {
  const wildcards = buildKeyTable(suffixes, hashBackward);
  for (const key of wildcards.slots) {
    if (key !== undefined) key.parent = findWildcard(wildcards, key.text);
  }
  return wildcards;
}

function replaceWildcards<T>(
  { wildcards }: HostIndex<T>,
  changed: readonly string[],
  values: ReadonlyMap<string, T>,
): KeyTable<T> {
  const before = new Map<string, T>();
  for (const key of wildcards.slots) if (key !== undefined) before.set(`*${key.text}`, key.value);
  const after = replaceValues(before, changed, values);
  return buildWildcards(new Map(Array.from(after, ([name, value]) => [name.slice(1), value])));
}

function replaceValues<T>(
  before: ReadonlyMap<string, T>,
  changed: readonly string[],
  values: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  const after = new Map(before);
  for (const name of changed) {
    const value = values.get(name);
    if (value === undefined) after.delete(name);
    else after.set(name, value);
  }
  return after;
}

function isWildcard(hostname: string): boolean {
  return hostname.startsWith('*.');
}

function hashBackward(text: string, seed: number): number {
  let hash = seed;
  for (let position = text.length - 1; position >= 0; position--) {
    hash = rollHash(hash, text.charCodeAt(position));
  }
  return hash;
}
