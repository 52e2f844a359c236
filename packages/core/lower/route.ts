/**
 * HTTPRoute → HttpRouteConfig, once per route whatever the number of Gateways that carry it.
 *
 * Memoised by the route and by what its references resolve to, so that a change elsewhere costs a
 * few comparisons per route.
 */
import type { HttpRouteConfig, RuleConfig } from '@sluice/model';
import type { HTTPRoute } from '@sluice/spec';
import type { BackendTarget } from '../graph/backend.ts';
import type { Problem } from '../graph/problem.ts';
import type { World } from '../graph/world.ts';
import { createMemo } from '../memo.ts';
import { type BackendObjectRef, createdAtOf, keyOf, nameOf, namespaceOf } from '../objects.ts';
import { CONDITION } from '../reasons.ts';
import { type ContentHash, hashText, hashValue } from '../version.ts';
import type { Notice, RouteReport } from './report.ts';
import { type LoweredRule, lowerRule } from './rule.ts';

export interface LoweredRoute {
  readonly config: HttpRouteConfig;
  readonly hash: ContentHash;
  readonly idHash: ContentHash;
  /** Where each rule of the config comes from. */
  readonly rules: readonly LoweredRule[];
  readonly targets: readonly BackendTarget[];
  readonly problems: readonly Problem[];
  readonly notices: readonly Notice[];
  /** How many rules there are, and which of them are unusable. */
  readonly ruleCount: number;
  readonly invalidRules: readonly LoweredRule[];
}

export function lowerRoute(world: World, route: HTTPRoute): LoweredRoute {
  return routeMemo(route, dependenciesOf(world, route), () => build(world, route));
}

const routeMemo = createMemo<HTTPRoute, LoweredRoute>();

/** All that lowering reads besides the route: Services, and grants where a namespace is crossed. */
function dependenciesOf(world: World, route: HTTPRoute): readonly unknown[] {
  const dependencies: unknown[] = [];
  for (const ref of referencesMemo(route, [], () => collectReferences(route))) {
    dependencies.push(world.services.nodes.get(ref.key));
    if (ref.crossed !== undefined) dependencies.push(world.grants.get(ref.crossed));
  }
  return dependencies;
}

interface Reference {
  readonly key: string;
  /** Namespace whose grants matter; undefined: the route's own. */
  readonly crossed: string | undefined;
}

const referencesMemo = createMemo<HTTPRoute, readonly Reference[]>();

function collectReferences(route: HTTPRoute): readonly Reference[] {
  const own = namespaceOf(route);
  const references: Reference[] = [];
  const add = (ref: BackendObjectRef | undefined): void => {
    if (ref === undefined) return;
    const namespace = ref.namespace ?? own;
    const crossed = namespace === own ? undefined : namespace;
    references.push({ key: `${namespace}/${ref.name}`, crossed });
  };
  for (const rule of route.spec.rules) {
    for (const filter of rule.filters ?? []) add(filter.requestMirror?.backendRef);
    for (const backend of rule.backendRefs ?? []) {
      add(backend);
      for (const filter of backend.filters ?? []) add(filter.requestMirror?.backendRef);
    }
  }
  return references;
}

function build(world: World, route: HTTPRoute): LoweredRoute {
  const namespace = namespaceOf(route);
  const report: RouteReport = { world, namespace, problems: [], notices: [], targets: new Set() };
  const rules = route.spec.rules;
  const lowered = rules.map((rule, index) => lowerRule(report, rule, index));
  const id = `HTTPRoute/${keyOf(route)}`;
  const usable = lowered.filter((rule) => rule.config !== undefined);
  const config: HttpRouteConfig = {
    id,
    object: { kind: 'HTTPRoute', namespace, name: nameOf(route) },
    createdAt: createdAtOf(route),
    hostnames: hostnamesOf(route),
    rules: usable
      .map((rule) => rule.config)
      .filter((rule): rule is RuleConfig => rule !== undefined),
  };
  return {
    config,
    hash: hashValue(config),
    idHash: hashText(id),
    rules: usable,
    targets: [...report.targets],
    problems: report.problems,
    notices: report.notices,
    ruleCount: rules.length,
    invalidRules: lowered.filter((rule) => rule.unaccepted !== undefined),
  };
}

/** Lower case, without repeats. */
export function hostnamesOf(route: {
  readonly spec?: { readonly hostnames?: readonly string[] };
}): readonly string[] {
  return [...new Set((route.spec?.hostnames ?? []).map((hostname) => hostname.toLowerCase()))];
}

/** The first problem that keeps the whole route from being accepted, whatever its parents say. */
export function rejectionOf(route: LoweredRoute): Problem | undefined {
  if (route.ruleCount === 0 || route.invalidRules.length < route.ruleCount) return undefined;
  return route.problems.find((problem) => problem.condition === CONDITION.accepted);
}
