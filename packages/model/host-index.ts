/**
 * Hostnames of listeners or routes: exact, wildcard, or every host, most specific first.
 *
 * A wildcard covers one label or more (Gateway API, HTTPRouteSpec.hostnames): `*.example.com`
 * matches `a.example.com` and `a.b.example.com`, never `example.com`.
 */
import {
  buildKeyTable,
  type Key,
  type KeyScheme,
  type KeyTable,
  keyAtEnd,
  keyValues,
  rollHash,
  updateKeyTable,
} from './key-table.ts';
import { LayeredMap } from './layered-map.ts';

const DOT = 0x2e;

export interface HostIndex<T> {
  /** Nothing but an identity: equal epochs, equal content. Whoever keeps it keeps nothing else. */
  readonly epoch: object;
  readonly exact: LayeredMap<T>;
  /** Keys are suffixes with their dot: `.example.com`. */
  readonly wildcards: KeyTable<T>;
  /** For every host, and for requests without one. */
  readonly any: T | undefined;
}

/** Wildcards are hashed from their end, as lookups walk a host. */
const scheme: KeyScheme = {
  hash(text, seed) {
    let hash = seed;
    for (let position = text.length - 1; position >= 0; position--) {
      hash = rollHash(hash, text.charCodeAt(position));
    }
    return hash;
  },
  parent: (wildcards, text) => findWildcard(wildcards, text),
};

/** Keys as in the config; the empty string: every host. */
export function buildHostIndex<T>(values: ReadonlyMap<string, T>): HostIndex<T> {
  const empty = {
    epoch: {},
    exact: LayeredMap.of<T>(new Map()),
    wildcards: buildKeyTable(new Map(), scheme),
    any: undefined,
  };
  return updateHostIndex<T>(empty, values);
}

/** `index` with other values, or none, for some hostnames; parts without a change are shared. */
export function updateHostIndex<T>(
  index: HostIndex<T>,
  changes: ReadonlyMap<string, T | undefined>,
): HostIndex<T> {
  const exact = new Map<string, T | undefined>();
  const suffixes = new Map<string, T | undefined>();
  let { any, wildcards } = index;
  for (const [hostname, value] of changes) {
    if (hostname === '') any = value;
    else if (isWildcard(hostname)) suffixes.set(hostname.slice(1), value);
    else exact.set(hostname, value);
  }
  if (suffixes.size > 0) wildcards = updateKeyTable(wildcards, suffixes);
  return { epoch: {}, exact: index.exact.patched(exact), wildcards, any };
}

/** The value of just this hostname, not of one that covers it. */
export function valueOf<T>(index: HostIndex<T>, hostname: string): T | undefined {
  if (hostname === '') return index.any;
  if (!isWildcard(hostname)) return index.exact.get(hostname);
  // One label before the suffix makes it a host that the wildcard covers; no shorter key is it.
  const key = findWildcard(index.wildcards, hostname);
  return key?.text.length === hostname.length - 1 ? key.value : undefined;
}

/** The most specific value for `host`, which is in lower case. */
export function findHost<T>(index: HostIndex<T>, host: string): T | undefined {
  return index.exact.get(host) ?? findWildcard(index.wildcards, host)?.value ?? index.any;
}

/** The wildcard with the longest suffix; `parentKey` gives the next one. */
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
  const values = [...index.exact.values(), ...keyValues(index.wildcards)];
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

function isWildcard(hostname: string): boolean {
  return hostname.startsWith('*.');
}
