/** Builds the table of one hostname: matches grouped by path, each group in precedence. */
import { comparePrecedence } from './precedence.ts';
import { buildPrefixIndex, normalizePrefix } from './prefix-index.ts';
import type { CompiledMatch, CompiledRoute, HostTable } from './table.ts';

export function buildHostTable<A>(
  hostname: string,
  routes: readonly CompiledRoute<A>[],
): HostTable<A> {
  const exact = new Map<string, CompiledMatch<A>[]>();
  const prefix = new Map<string, CompiledMatch<A>[]>();
  const regex: CompiledMatch<A>[] = [];
  for (const route of routes) {
    for (const match of route.matches) {
      const { kind, value } = match.match.path;
      if (kind === 'exact') addTo(exact, value, match);
      else if (kind === 'prefix') addTo(prefix, normalizePrefix(value), match);
      else regex.push(match);
    }
  }
  for (const group of exact.values()) sortByPrecedence(group);
  for (const group of prefix.values()) sortByPrecedence(group);
  sortByPrecedence(regex);
  return { hostname, exact, regex, prefix: buildPrefixIndex(prefix) };
}

function addTo<A>(groups: Map<string, CompiledMatch<A>[]>, key: string, match: CompiledMatch<A>) {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [match]);
  else group.push(match);
}

function sortByPrecedence<A>(matches: CompiledMatch<A>[]): void {
  if (matches.length > 1) matches.sort(comparePrecedence);
}
