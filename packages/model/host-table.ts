/**
 * The table of one hostname: matches grouped by path, each group in precedence. Made from the
 * table before it, so that a change among many routes of one host costs what changed.
 */
import { UNCONDITIONAL } from './conditions.ts';
import { keyAtStart, patchMap, updateKeyTable } from './key-table.ts';
import { comparePrecedence } from './precedence.ts';
import { buildPrefixIndex, normalizePrefix, type PrefixIndex } from './prefix-index.ts';
import type { CompiledMatch, HostTable } from './table.ts';

export interface HostChange<A> {
  readonly gone: readonly CompiledMatch<A>[];
  readonly come: readonly CompiledMatch<A>[];
}

/** Undefined: nothing is left. */
export function updateHostTable<A>(
  hostname: string,
  previous: HostTable<A> | undefined,
  change: HostChange<A>,
): HostTable<A> | undefined {
  const before = previous ?? emptyTable(hostname);
  const find = (key: string) => findGroup(before.prefix, key);
  const exact = regroup(
    ofKind(change, 'exact'),
    (path) => path,
    (key) => before.exact.get(key),
  );
  const prefix = regroup(ofKind(change, 'prefix'), normalizePrefix, find);
  const regex = regroup(
    ofKind(change, 'regex'),
    () => '',
    () => before.regex,
  );
  const table = {
    hostname,
    exact: patchMap(before.exact, exact),
    regex: regex.has('') ? (regex.get('') ?? []) : before.regex,
    prefix: prefix.size === 0 ? before.prefix : updateKeyTable(before.prefix, prefix),
  };
  const isEmpty = table.exact.size + table.regex.length + table.prefix.size === 0;
  return isEmpty ? undefined : { sole: soleMatch(table), ...table };
}

/** Many a host has one rule for all paths: then there is nothing to look up. */
function soleMatch<A>(table: Omit<HostTable<A>, 'sole'>): CompiledMatch<A> | undefined {
  const { exact, regex, prefix } = table;
  if (exact.size + regex.length > 0 || prefix.size !== 1) return undefined;
  const first = findGroup(prefix, '')?.[0];
  return first?.conditions === UNCONDITIONAL ? first : undefined;
}

type Group<A> = readonly CompiledMatch<A>[];

/** The groups that change, by key; `undefined`: empty now. */
function regroup<A>(
  { gone, come }: HostChange<A>,
  keyOf: (path: string) => string,
  find: (key: string) => Group<A> | undefined,
): Map<string, Group<A> | undefined> {
  const groups = new Map<string, CompiledMatch<A>[]>();
  const groupOf = (match: CompiledMatch<A>): CompiledMatch<A>[] => {
    const key = keyOf(match.match.path.value);
    const known = groups.get(key);
    if (known !== undefined) return known;
    const group = [...(find(key) ?? [])];
    groups.set(key, group);
    return group;
  };
  for (const match of gone) {
    const group = groupOf(match);
    group.splice(group.indexOf(match), 1);
  }
  for (const match of come) groupOf(match).push(match);
  const changed = new Map<string, Group<A> | undefined>();
  for (const [key, group] of groups) {
    if (group.length > 1) group.sort(comparePrecedence);
    changed.set(key, group.length === 0 ? undefined : group);
  }
  return changed;
}

function ofKind<A>({ gone, come }: HostChange<A>, kind: 'exact' | 'prefix' | 'regex') {
  const isOfKind = ({ match }: CompiledMatch<A>) => match.path.kind === kind;
  return { gone: gone.filter(isOfKind), come: come.filter(isOfKind) };
}

function findGroup<A>(index: PrefixIndex<Group<A>>, key: string): Group<A> | undefined {
  return keyAtStart(index, key, key.length, index.scheme.hash(key, index.seed))?.value;
}

/** Shared by all: most hosts have no exact path and no regex, and tables are never edited. */
const noExact: ReadonlyMap<string, never> = new Map<string, never>();
const noRegex: readonly never[] = [];
const noPrefix: PrefixIndex<never> = buildPrefixIndex(noExact);

function emptyTable<A>(hostname: string): HostTable<A> {
  return { hostname, exact: noExact, regex: noRegex, prefix: noPrefix, sole: undefined };
}
