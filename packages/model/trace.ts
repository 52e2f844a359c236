/**
 * The same lookup as `matchRequest`, told in full: every match of the listener, in the order in
 * which it would be asked, with the first reason why it does not serve the request.
 *
 * Guarantees that its winner is the one `matchRequest` returns: both walk with `searchListener`
 * and decide with `rejection`.
 */
import {
  ACCEPTED,
  REJECTED_BY_METHOD,
  REJECTED_BY_PATH,
  REJECTED_BY_VALUE,
  rejection,
} from './conditions.ts';
import type { PathMatchConfig, ValueMatchConfig } from './config.ts';
import { coversHostname } from './host-index.ts';
import { type Candidate, searchListener } from './match.ts';
import {
  compareHostnames,
  comparePrecedence,
  decidingStep,
  type PrecedenceStep,
} from './precedence.ts';
import { findQueryValue } from './query.ts';
import type { RequestView } from './request.ts';
import type { CompiledMatch, ListenerTable } from './table.ts';

export interface MatchTrace<A> {
  readonly winner: CompiledMatch<A> | undefined;
  /** Each match once: those asked first, then those whose host or path does not fit. */
  readonly candidates: readonly TracedCandidate<A>[];
}

export interface TracedCandidate<A> {
  readonly match: CompiledMatch<A>;
  /** The route's hostname that fits the request, or its first one; empty: every host. */
  readonly hostname: string;
  readonly outcome: MatchOutcome;
}

/** `actual: undefined`: the request has none. */
export type MatchOutcome =
  | { readonly kind: 'won' }
  /** It accepts the request too; `step` is where the winner comes first. */
  | { readonly kind: 'outranked'; readonly step: PrecedenceStep }
  | { readonly kind: 'host'; readonly wanted: readonly string[]; readonly actual: string }
  | { readonly kind: 'path'; readonly wanted: PathMatchConfig; readonly actual: string }
  | { readonly kind: 'method'; readonly wanted: string; readonly actual: string }
  | ValueOutcome;

export interface ValueOutcome {
  readonly kind: 'header' | 'query';
  readonly name: string;
  readonly wanted: ValueMatchConfig;
  readonly actual: string | undefined;
}

export function traceMatch<A>(listener: ListenerTable<A>, request: RequestView): MatchTrace<A> {
  const visited: Candidate<A>[] = [];
  searchListener(listener, request, visited);
  const accepts = ({ match }: Candidate<A>) => rejection(match.conditions, request) === ACCEPTED;
  const winner = visited.find(accepts);
  const traced = new Map<CompiledMatch<A>, TracedCandidate<A>>();
  for (const candidate of visited) {
    if (traced.has(candidate.match)) continue;
    const outcome = judgeCandidate(candidate, winner, request);
    traced.set(candidate.match, { ...candidate, outcome });
  }
  const strangers = listener.routes.flatMap((route) =>
    route.matches
      .filter((match) => !traced.has(match))
      .map((match) => judgeStranger(match, route.hostnames, request)),
  );
  strangers.sort(compareStrangers);
  return { winner: winner?.match, candidates: [...traced.values(), ...strangers] };
}

function judgeCandidate<A>(
  candidate: Candidate<A>,
  winner: Candidate<A> | undefined,
  request: RequestView,
): MatchOutcome {
  if (candidate === winner) return { kind: 'won' };
  const code = rejection(candidate.match.conditions, request);
  if (code !== ACCEPTED || winner === undefined) {
    return describeRejection(candidate.match, code, request);
  }
  if (candidate.hostname !== winner.hostname) return { kind: 'outranked', step: 'hostname' };
  return { kind: 'outranked', step: decidingStep(winner.match, candidate.match) };
}

function describeRejection(
  { match, conditions }: CompiledMatch<unknown>,
  code: number,
  request: RequestView,
): MatchOutcome {
  const { path, method } = request;
  if (code === REJECTED_BY_PATH) return { kind: 'path', wanted: match.path, actual: path };
  if (code === REJECTED_BY_METHOD) {
    return { kind: 'method', wanted: conditions.method ?? '', actual: method };
  }
  const { headers, query } = conditions;
  const index = code - REJECTED_BY_VALUE;
  const header = headers[index];
  if (header !== undefined) {
    const { name } = header.config;
    return { kind: 'header', name, wanted: header.config, actual: request.header(name) };
  }
  const wanted = query[index - headers.length]?.config;
  if (wanted === undefined) throw new Error(`rejection ${code} names no condition`);
  const actual = findQueryValue(request.query, wanted.name);
  return { kind: 'query', name: wanted.name, wanted, actual };
}

/** A match that the walk did not come to. */
function judgeStranger<A>(
  match: CompiledMatch<A>,
  hostnames: readonly string[],
  request: RequestView,
): TracedCandidate<A> {
  const fitting = hostnames
    .filter((hostname) => coversHostname(hostname, request.host))
    .sort(compareHostnames)[0];
  if (fitting === undefined) {
    const outcome = { kind: 'host', wanted: hostnames, actual: request.host } as const;
    return { match, hostname: hostnames[0] ?? '', outcome };
  }
  const outcome = { kind: 'path', wanted: match.match.path, actual: request.path } as const;
  return { match, hostname: fitting, outcome };
}

function compareStrangers(one: TracedCandidate<unknown>, other: TracedCandidate<unknown>): number {
  const byHost = Number(one.outcome.kind === 'host') - Number(other.outcome.kind === 'host');
  return (
    byHost ||
    compareHostnames(one.hostname, other.hostname) ||
    comparePrecedence(one.match, other.match)
  );
}
