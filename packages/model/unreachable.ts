/**
 * Matches that no request can reach, because another match is asked first and accepts all that
 * they accept. Sound: what is reported is never served (property). Not complete: of regular
 * expressions only equal ones and those that accept everything are understood, and a match that
 * several others cover together is not found.
 *
 * Within one hostname, precedence puts the more demanding match first, so only equal conditions
 * can hide one another there. Across hostnames a match is hidden only where both hostnames come
 * to the same hosts, which is where both cover the hostname of the listener.
 */
import type { Conditions, ValueCondition } from './conditions.ts';
import { coversHostname, hostValues } from './host-index.ts';
import { keyValues, parentKey } from './key-table.ts';
import { compareHostnames, comparePrecedence } from './precedence.ts';
import { findPrefix, normalizePrefix } from './prefix-index.ts';
import type { CompiledMatch, HostTable, ListenerTable, RouteTable } from './table.ts';

export interface UnreachableMatch {
  readonly match: CompiledMatch<unknown>;
  /** The match that is asked first, under the first hostname of the route. */
  readonly winner: CompiledMatch<unknown>;
}

/** Per listener (`match.listener`): a route may be reachable through another one. */
export function findUnreachable(table: RouteTable<unknown>): UnreachableMatch[] {
  return table.binds.flatMap((bind) => bind.listeners.flatMap(findInListener));
}

type Match = CompiledMatch<unknown>;
type Host = HostTable<unknown>;
/** The winner, by the match that it hides. */
type Shadows = ReadonlyMap<Match, Match>;

/** Accept every path. */
const UNIVERSAL_PATTERNS: ReadonlySet<string> = new Set(['.*', '/.*', '^.*$', '^/.*$', '.+']);

/** Host tables outlive a change that does not concern them, and so do their shadows. */
const shadowsByHost = new WeakMap<Host, Shadows>();

function findInListener(listener: ListenerTable<unknown>): UnreachableMatch[] {
  const shadows = new Map<string, Shadows[]>();
  for (const host of hostValues(listener.byHost)) {
    const within = shadowsWithin(host);
    if (within.size > 0) shadows.set(host.hostname, [within]);
  }
  for (const [hostname, across] of shadowsAcross(listener)) {
    if (across.size > 0) shadows.set(hostname, [...(shadows.get(hostname) ?? []), across]);
  }
  if (shadows.size === 0) return [];
  return listener.routes.flatMap(({ hostnames, matches }) =>
    matches.flatMap((match) => {
      const winners = hostnames.map((hostname) => winnerOver(match, shadows.get(hostname) ?? []));
      const [winner] = winners;
      return winner === undefined || winners.includes(undefined) ? [] : [{ match, winner }];
    }),
  );
}

function winnerOver(match: Match, shadows: readonly Shadows[]): Match | undefined {
  for (const winners of shadows) {
    const winner = winners.get(match);
    if (winner !== undefined) return winner;
  }
  return undefined;
}

function shadowsWithin(host: Host): Shadows {
  const known = shadowsByHost.get(host);
  if (known !== undefined) return known;
  const shadows = findShadows(host);
  shadowsByHost.set(host, shadows);
  return shadows;
}

function findShadows(host: Host): Shadows {
  const shadows = new Map<Match, Match>();
  const universal = host.regex.filter(acceptsEveryPath);
  for (const group of groupsOf(host)) {
    if (group.length < 2 && universal.length === 0) continue;
    const firsts = new Map<string, Match>();
    for (const match of group) {
      const key = conditionsKey(match);
      const first = firsts.get(key);
      const winner =
        first ?? universal.find((one) => isAhead(one, match) && asksNoMore(one, match));
      if (winner !== undefined) shadows.set(match, winner);
      if (first === undefined) firsts.set(key, match);
    }
  }
  return shadows;
}

function groupsOf(host: Host): (readonly Match[])[] {
  return [...host.exact.values(), host.regex, ...keyValues(host.prefix)];
}

function isAhead(one: Match, other: Match): boolean {
  return comparePrecedence(one, other) < 0;
}

/** By the hostname whose matches are hidden, where hostnames come to the same hosts. */
function shadowsAcross(listener: ListenerTable<unknown>): Map<string, Shadows> {
  const hostname = listener.identity.hostname ?? '';
  const hosts = hostValues(listener.byHost)
    .filter((host) => coversHostname(host.hostname, hostname))
    .sort((one, other) => compareHostnames(one.hostname, other.hostname));
  const all = new Map<string, Shadows>();
  for (const [index, host] of hosts.entries()) {
    const ahead = hosts.slice(0, index);
    if (ahead.length === 0) continue;
    const shadows = new Map<Match, Match>();
    for (const match of groupsOf(host).flat()) {
      for (const earlier of ahead) {
        const winner = pathsOver(earlier, match).find((one) => asksNoMore(one, match));
        if (winner === undefined) continue;
        shadows.set(match, winner);
        break;
      }
    }
    all.set(host.hostname, shadows);
  }
  return all;
}

/** The matches of `host` whose paths include all paths of `match`. */
function pathsOver(host: Host, { match: { path } }: Match): Match[] {
  const over = host.regex.filter((one) => {
    return acceptsEveryPath(one) || (path.kind === 'regex' && one.match.path.value === path.value);
  });
  if (path.kind === 'exact') over.push(...(host.exact.get(path.value) ?? []));
  const fixed = { exact: path.value, prefix: normalizePrefix(path.value), regex: '' }[path.kind];
  let key = findPrefix(host.prefix, fixed);
  for (; key !== undefined; key = parentKey(host.prefix, key)) over.push(...key.value);
  return over;
}

function acceptsEveryPath({ match: { path } }: Match): boolean {
  return path.kind === 'regex' && UNIVERSAL_PATTERNS.has(path.value);
}

/** Whether every condition of `one`, but for its path, is one of `other` too. */
function asksNoMore({ conditions: one }: Match, { conditions: other }: Match): boolean {
  return (
    (one.method === undefined || one.method === other.method) &&
    isSubset(one.headers, other.headers) &&
    isSubset(one.query, other.query)
  );
}

function isSubset(some: readonly ValueCondition[], all: readonly ValueCondition[]): boolean {
  return some.every(({ config: { name, kind, value } }) =>
    all.some(
      ({ config }) => config.name === name && config.kind === kind && config.value === value,
    ),
  );
}

function conditionsKey({ match, conditions }: Match): string {
  const path = match.path.kind === 'regex' ? match.path.value : '';
  const { method, headers, query } = conditions;
  return JSON.stringify([path, method, sortedValues(headers), sortedValues(query)]);
}

function sortedValues(values: Conditions['headers']): string[] {
  return values
    .map(({ config: { name, kind, value } }) => JSON.stringify([name, kind, value]))
    .sort();
}
