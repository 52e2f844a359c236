/**
 * A rule as the proxy runs it: compiled once per listener, route and rule, never per request.
 *
 * A plan outlives reloads that do not touch its rule: it holds backends by id (`Backend` objects
 * whose endpoints change under them), and nothing else of a config.
 */

import type {
  FilterConfig,
  RetryConfig,
  RuleConfig,
  RuleContext,
  TimeoutsConfig,
  WeightedBackendConfig,
} from '@sluice/model';
import { buildWeightedChoice, type WeightedChoice } from '@sluice/model';
import type { HeaderEdits } from '@sluice/wire';
import { renderPlace } from './access-log.ts';
import type { Backend } from './backends.ts';
import { type CorsPlan, compileCors } from './filters/cors.ts';
import { compileRequestEdits, compileResponseEdits } from './filters/header-edits.ts';
import { compileMirrors, type MirrorPlan } from './filters/mirror.ts';
import { compileRedirect, type RedirectPlan } from './filters/redirect.ts';
import { compileRewrite, type RewritePlan } from './filters/url-rewrite.ts';
import type { Metrics, RouteCounters } from './metrics.ts';

/** What one rule has of its own; what it does may be shared with others that do the same. */
export interface PlannedRule extends RouteCounters {
  /** Listener, route and rule, as the access log has them. */
  readonly place: string;
  readonly plan: RulePlan;
}

export interface RulePlan {
  /** Everything that matches is answered 500. */
  readonly invalid: boolean;
  readonly redirect: RedirectPlan | undefined;
  readonly cors: CorsPlan | undefined;
  readonly backends: readonly BackendPlan[];
  readonly chooseBackend: WeightedChoice;
  readonly timeouts: TimeoutsConfig | undefined;
  readonly retry: RetryConfig | undefined;
  /** Some part of a request may have to be sent twice: its body is kept, up to a limit. */
  readonly replays: boolean;
}

export interface BackendPlan {
  /** Undefined: its share of requests is answered 500. */
  readonly backend: Backend | undefined;
  /** Filters of the rule, then of this backend. */
  readonly requestEdits: HeaderEdits | undefined;
  readonly responseEdits: HeaderEdits | undefined;
  readonly rewrite: RewritePlan | undefined;
  readonly mirrors: readonly MirrorPlan[];
}

export interface PlanContext {
  readonly metrics: Metrics;
  readonly backend: (id: string) => Backend;
  /** Declared port → port that clients dial for it. */
  readonly externalPort: (port: number) => number;
}

export function compileRule(context: PlanContext, rule: RuleContext): PlannedRule {
  const { route, listener, ruleIndex } = rule;
  const { namespace, name } = listener.owner;
  const listenerName = `${namespace}/${name}/${listener.name}`;
  const place = renderPlace(listenerName, route.id, ruleIndex);
  return { ...context.metrics.route(route.id), place, plan: planRule(context, rule) };
}

const plainPlans = new WeakMap<Backend, RulePlan>();

/** Thousands of rules may do nothing but pass on to a backend: then one plan serves them. */
function planRule(context: PlanContext, rule: RuleContext): RulePlan {
  const id = plainBackend(rule.rule);
  if (id === undefined) return compilePlan(context, rule);
  const backend = context.backend(id);
  let plan = plainPlans.get(backend);
  if (plan === undefined) {
    plan = compilePlan(context, rule);
    plainPlans.set(backend, plan);
  }
  return plan;
}

/** The backend that gets every request as it is; undefined: there is more to the rule. */
function plainBackend(rule: RuleConfig): string | undefined {
  const { filters, backends, timeouts, retry, invalid } = rule;
  const [first] = backends;
  const isPlain = filters.length === 0 && backends.length === 1 && first?.filters.length === 0;
  const isUsable = invalid === undefined && first?.invalid === undefined;
  const hasLimits = timeouts !== undefined || retry !== undefined;
  return isPlain && isUsable && !hasLimits && first.weight > 0 ? first.backend : undefined;
}

function compilePlan(context: PlanContext, { rule, listener }: RuleContext): RulePlan {
  const { filters, backends, timeouts, retry, invalid } = rule;
  const plans = backends.map((backend) => compileBackend(context, filters, backend));
  const mirrors = plans.some((plan) => plan.mirrors.length > 0);
  return {
    invalid: invalid !== undefined,
    redirect: compileRedirect(filters, { listener, externalPort: context.externalPort }),
    cors: compileCors(filters),
    backends: plans,
    chooseBackend: buildWeightedChoice(backends.map(({ weight }) => weight)),
    timeouts,
    retry,
    replays: mirrors || (retry !== undefined && retry.attempts > 0),
  };
}

function compileBackend(
  context: PlanContext,
  ruleFilters: readonly FilterConfig[],
  config: WeightedBackendConfig,
): BackendPlan {
  const filters = [...ruleFilters, ...config.filters];
  const usable = config.invalid === undefined && config.backend !== undefined;
  return {
    backend: usable && config.backend !== undefined ? context.backend(config.backend) : undefined,
    requestEdits: compileRequestEdits(filters),
    responseEdits: compileResponseEdits(filters),
    rewrite: compileRewrite(filters),
    mirrors: compileMirrors(filters, context.backend),
  };
}
