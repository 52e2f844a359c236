/**
 * Which of two matches that accept the same request wins (Gateway API, HTTPRouteSpec.hostnames
 * and HTTPRouteRule.matches), as a list of steps that sorting and explaining share.
 *
 * Where the specification leaves a choice: a regular expression comes after exact paths and
 * before prefixes, so that a catch-all `/` does not make it dead; of two, the longer pattern
 * wins. Routes of one age and name but different kinds are ordered by kind.
 *
 * Guarantees a strict total order over the matches of one listener and hostname: two of them
 * never compare equal.
 */
import type { PathMatchConfig } from './config.ts';
import { normalizePrefix } from './prefix-index.ts';
import type { CompiledMatch } from './table.ts';

export type PrecedenceStep =
  | 'hostname'
  | 'path-kind'
  | 'path-length'
  | 'method'
  | 'header-count'
  | 'query-count'
  | 'age'
  | 'name'
  | 'kind'
  | 'rule-order'
  | 'match-order';

type Match = CompiledMatch<unknown>;
type Comparison = (one: Match, other: Match) => number;

const PATH_KINDS: readonly PathMatchConfig['kind'][] = ['exact', 'regex', 'prefix'];

const steps: readonly (readonly [PrecedenceStep, Comparison])[] = [
  ['path-kind', (one, other) => pathRank(one) - pathRank(other)],
  ['path-length', (one, other) => pathLength(other) - pathLength(one)],
  ['method', (one, other) => methodCount(other) - methodCount(one)],
  ['header-count', (one, other) => headerCount(other) - headerCount(one)],
  ['query-count', (one, other) => queryCount(other) - queryCount(one)],
  ['age', (one, other) => one.route.createdAt - other.route.createdAt],
  ['name', (one, other) => compareText(fullName(one), fullName(other))],
  ['kind', (one, other) => compareText(one.route.id, other.route.id)],
  ['rule-order', (one, other) => one.ruleIndex - other.ruleIndex],
  ['match-order', (one, other) => one.matchIndex - other.matchIndex],
];

/** Negative: `one` wins. For matches reached through the same hostname. */
export function comparePrecedence(one: Match, other: Match): number {
  for (const [, compare] of steps) {
    const order = compare(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

/** The first step at which two matches that were reached through the same hostname differ. */
export function decidingStep(one: Match, other: Match): PrecedenceStep {
  return steps.find(([, compare]) => compare(one, other) !== 0)?.[0] ?? 'match-order';
}

/**
 * Negative: `one` is asked first. Hostnames as in a route: most characters of an exact one, then
 * most characters of a wildcard, then none.
 */
export function compareHostnames(one: string, other: string): number {
  const byKind = Number(one.startsWith('*')) - Number(other.startsWith('*'));
  if (one === '' || other === '') return other.length - one.length;
  return byKind || other.length - one.length || compareText(one, other);
}

function pathRank(match: Match): number {
  return PATH_KINDS.indexOf(match.match.path.kind);
}

/** Exact paths that accept one request are equal; their length says nothing. */
function pathLength({ match: { path } }: Match): number {
  if (path.kind === 'exact') return 0;
  return path.kind === 'prefix' ? normalizePrefix(path.value).length : path.value.length;
}

function methodCount(match: Match): number {
  return match.conditions.method === undefined ? 0 : 1;
}

function headerCount(match: Match): number {
  return match.conditions.headers.length;
}

function queryCount(match: Match): number {
  return match.conditions.query.length;
}

function fullName({ route: { object } }: Match): string {
  return `${object.namespace}/${object.name}`;
}

/** By code unit: "alphabetical" must not depend on a locale. */
function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
