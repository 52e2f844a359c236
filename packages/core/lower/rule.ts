/**
 * HTTPRouteRule → RuleConfig.
 *
 * Fails closed: a rule with anything that we can't honour keeps its matches and answers 500, so
 * that its requests never fall through to a wider rule without, say, the authentication it asked
 * for. Other rules of the route are untouched.
 */
import type {
  MatchConfig,
  RetryConfig,
  RuleConfig,
  TimeoutsConfig,
  WeightedBackendConfig,
} from '@sluice/model';
import { resolveBackend } from '../graph/backend.ts';
import type { Problem } from '../graph/problem.ts';
import { SPEC } from '../marks.ts';
import type { HttpBackendRef, HttpRouteRule } from '../objects.ts';
import { CONDITION, NOTICE_REASON, ROUTE_REASON } from '../reasons.ts';
import { parseDuration } from './duration.ts';
import { lowerFilters } from './filter.ts';
import { lowerMatches } from './match.ts';
import { type RouteReport, unresolved, unsupported } from './report.ts';

export interface LoweredRule {
  /** Index into `spec.rules`. */
  readonly index: number;
  /** Absent: no match is usable, so that there is nothing to answer. */
  readonly config: RuleConfig | undefined;
  /** Index into the rule's matches of each match of the config; the same for filters. */
  readonly matchIndexes: readonly number[];
  readonly filterIndexes: readonly number[];
  /** The first problem of the rule's own that keeps the route from being wholly accepted. */
  readonly unaccepted: Problem | undefined;
}

export function lowerRule(report: RouteReport, rule: HttpRouteRule, index: number): LoweredRule {
  const field = `spec.rules[${index}]`;
  const before = report.problems.length;
  const lowered = lowerMatches(report, rule.matches, field);
  const matches = lowered.configs;
  checkCombination(report, rule, field);
  const filters = lowerFilters(report, rule.filters, { field, level: 'rule', matches });
  const timeouts = lowerTimeouts(report, rule.timeouts, `${field}.timeouts`);
  const retry = lowerRetry(report, rule.retry, `${field}.retry`);
  notePersistence(report, rule, `${field}.sessionPersistence`);
  const broken = report.problems.slice(before).find(breaksRule);
  const backends = lowerBackends(report, rule.backendRefs, { field, matches });
  const problems = report.problems.slice(before);
  const unaccepted = problems.find((problem) => problem.condition === CONDITION.accepted);
  const place = {
    index,
    matchIndexes: lowered.indexes,
    filterIndexes: filters.indexes,
    unaccepted,
  };
  if (matches.length === 0) return { ...place, config: undefined };
  const invalid = unaccepted ?? broken;
  const config: RuleConfig = {
    ...(rule.name === undefined ? {} : { name: rule.name }),
    matches,
    filters: filters.configs,
    backends,
    ...(timeouts === undefined ? {} : { timeouts }),
    ...(retry === undefined ? {} : { retry }),
    ...(invalid === undefined ? {} : { invalid: invalid.message }),
  };
  return { ...place, config };
}

/** Mirrors that lead nowhere are dropped; any other problem above the backends breaks the rule. */
function breaksRule(problem: Problem): boolean {
  return problem.spec !== SPEC.mirrors;
}

function checkCombination(report: RouteReport, rule: HttpRouteRule, field: string): void {
  const all = [
    ...(rule.filters ?? []),
    ...(rule.backendRefs ?? []).flatMap((ref) => ref.filters ?? []),
  ];
  const types = new Set<string>(all.map((filter) => filter.type));
  if (!types.has('RequestRedirect') || !types.has('URLRewrite')) return;
  report.problems.push({
    condition: CONDITION.accepted,
    reason: ROUTE_REASON.incompatibleFilters,
    message: 'RequestRedirect and URLRewrite can not both be in one rule.',
    field: `${field}.filters`,
    spec: SPEC.filters,
  });
}

interface BackendPlace {
  readonly field: string;
  readonly matches: readonly MatchConfig[];
}

function lowerBackends(
  report: RouteReport,
  refs: readonly HttpBackendRef[] | undefined,
  place: BackendPlace,
): readonly WeightedBackendConfig[] {
  return (refs ?? []).map((ref, index) =>
    lowerBackend(report, ref, { ...place, field: `${place.field}.backendRefs[${index}]` }),
  );
}

function lowerBackend(
  report: RouteReport,
  ref: HttpBackendRef,
  place: BackendPlace,
): WeightedBackendConfig {
  const weight = ref.weight ?? 1;
  const before = report.problems.length;
  const filters = lowerFilters(report, ref.filters, { ...place, level: 'backend' });
  const broken = report.problems.slice(before).find(breaksRule);
  const source = { routeKind: 'HTTPRoute', namespace: report.namespace, ref };
  const result = resolveBackend(report.world, source);
  if (result.kind === 'refused') {
    unresolved(report, place.field, result);
    return { invalid: result.message, weight, filters: [] };
  }
  if (broken !== undefined) return { invalid: broken.message, weight, filters: [] };
  report.targets.add(result.target);
  return { backend: result.target.id, weight, filters: filters.configs };
}

function lowerTimeouts(
  report: RouteReport,
  timeouts: HttpRouteRule['timeouts'],
  field: string,
): TimeoutsConfig | undefined {
  if (timeouts === undefined) return undefined;
  const requestMs = lowerDuration(report, timeouts.request, `${field}.request`);
  const backendRequestMs = lowerDuration(
    report,
    timeouts.backendRequest,
    `${field}.backendRequest`,
  );
  return {
    ...(requestMs === undefined ? {} : { requestMs }),
    ...(backendRequestMs === undefined ? {} : { backendRequestMs }),
  };
}

/** Short enough for several tries within the timeouts that people set, long enough to spread. */
const BACKOFF_DEFAULT_MS = 25;

function lowerRetry(
  report: RouteReport,
  retry: HttpRouteRule['retry'],
  field: string,
): RetryConfig | undefined {
  if (retry === undefined) return undefined;
  return {
    attempts: retry.attempts ?? 1,
    codes: (retry.codes ?? []).toSorted((one, other) => one - other),
    backoffMs: lowerDuration(report, retry.backoff, `${field}.backoff`) ?? BACKOFF_DEFAULT_MS,
  };
}

function lowerDuration(
  report: RouteReport,
  text: string | undefined,
  field: string,
): number | undefined {
  if (text === undefined) return undefined;
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    unsupported(
      report,
      field,
      `${text} is not a duration; write it as 1h30m or 500ms.`,
      SPEC.timeouts,
    );
  }
  return milliseconds;
}

function notePersistence(report: RouteReport, rule: HttpRouteRule, field: string): void {
  if (!('sessionPersistence' in rule) || rule.sessionPersistence === undefined) return;
  report.notices.push({
    field,
    severity: 'warning',
    reason: NOTICE_REASON.notSupportedYet,
    message: 'Session persistence is not supported yet: requests go to any endpoint.',
    spec: SPEC.sessionPersistence,
  });
}
