/**
 * Matches that no request can reach, because others always come first (HTTPRouteRule.matches,
 * precedence). Nothing is wrong with them, and nobody who wrote one meant it.
 *
 * A match counts as unreachable only when it is so at every listener that its route is attached to.
 */
import {
  type CompiledMatch,
  compileConfig,
  findUnreachable,
  type ProxyConfig,
  type RouteTable,
} from '@sluice/model';
import type { Finding } from '../finding.ts';
import type { LoweredRule } from '../lower/rule.ts';
import { SPEC } from '../marks.ts';
import { GATEWAY_GROUP } from '../objects.ts';
import { NOTICE_REASON } from '../reasons.ts';

/** Where the rules of a config's route (by its id) stand in its manifest. */
export type RuleLookup = (routeId: string) => readonly LoweredRule[] | undefined;

export interface Review {
  readonly findings: readonly Finding[];
  /** Makes the next review cheap. */
  readonly table: RouteTable<undefined>;
}

export function reviewMatches(
  config: ProxyConfig,
  rules: RuleLookup,
  previous?: RouteTable<undefined>,
): Review {
  const { table } = compileConfig(config, () => undefined, previous);
  const hidden = new Map<string, HiddenMatch>();
  for (const { match, winner } of findUnreachable(table)) {
    const key = `${match.route.id} ${match.ruleIndex} ${match.matchIndex}`;
    const known = hidden.get(key);
    hidden.set(key, { match, winner, listeners: (known?.listeners ?? 0) + 1 });
  }
  if (hidden.size === 0) return { findings: [], table };
  const attached = countListeners(table);
  const findings = [...hidden.values()]
    .filter(({ match, listeners }) => listeners === attached.get(match.route.id))
    .map(({ match, winner }) => describe(rules, match, winner));
  return { findings, table };
}

interface HiddenMatch {
  readonly match: CompiledMatch<unknown>;
  readonly winner: CompiledMatch<unknown>;
  readonly listeners: number;
}

function countListeners(table: RouteTable<undefined>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const listener of table.binds.flatMap((bind) => bind.listeners)) {
    for (const { route } of listener.routes) counts.set(route.id, (counts.get(route.id) ?? 0) + 1);
  }
  return counts;
}

function describe(
  rules: RuleLookup,
  match: CompiledMatch<unknown>,
  winner: CompiledMatch<unknown>,
): Finding {
  const { object } = match.route;
  const own = winner.route.id === match.route.id;
  const field = fieldOf(rules, match);
  const other = winner.route.object;
  const owner = own ? '' : ` of HTTPRoute ${other.namespace}/${other.name}`;
  const place = `${fieldOf(rules, winner)}${owner}`;
  return {
    subject: {
      group: GATEWAY_GROUP,
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
    },
    field,
    severity: 'warning',
    reason: own ? NOTICE_REASON.unreachableMatch : NOTICE_REASON.shadowedMatch,
    message: `No request can reach this match: ${place} comes first and takes them all. Remove it or make it differ.`,
    spec: SPEC.precedence,
  };
}

function fieldOf(rules: RuleLookup, match: CompiledMatch<unknown>): string {
  const rule = rules(match.route.id)?.[match.ruleIndex];
  const ruleIndex = rule?.index ?? match.ruleIndex;
  const matchIndex = rule?.matchIndexes[match.matchIndex] ?? match.matchIndex;
  return `spec.rules[${ruleIndex}].matches[${matchIndex}]`;
}
