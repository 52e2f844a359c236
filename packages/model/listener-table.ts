/**
 * Builds the table of one listener, from scratch or from the table before it: routes that stay
 * the same objects are taken over compiled, and only hostnames of the others are built again.
 */
import { compileConditions } from './conditions.ts';
import type { HttpRouteConfig, ListenerConfig, RuleConfig } from './config.ts';
import { buildHostIndex, hostnamesIntersect, updateHostIndex } from './host-index.ts';
import { buildHostTable } from './host-table.ts';
import type { ConfigProblem } from './problem.ts';
import type {
  CompiledMatch,
  CompiledRoute,
  HostTable,
  ListenerIdentity,
  ListenerTable,
} from './table.ts';

/** All that an action may be made of. */
export interface RuleContext {
  readonly listener: ListenerIdentity;
  readonly route: HttpRouteConfig;
  readonly rule: RuleConfig;
  readonly ruleIndex: number;
}

export interface Compiler<A> {
  readonly buildAction: (context: RuleContext) => A;
  readonly routes: ReadonlyMap<string, HttpRouteConfig>;
  /** Messages by field: a route on several listeners has its problem once. */
  readonly problems: Map<string, string>;
}

export function buildListenerTable<A>(
  compiler: Compiler<A>,
  config: ListenerConfig,
  identity: ListenerIdentity,
  previous: ListenerTable<A> | undefined,
): ListenerTable<A> {
  const routes = compileRoutes(compiler, config, identity, previous?.routes ?? []);
  return { config, identity, routes, byHost: indexHosts(routes, previous) };
}

function compileRoutes<A>(
  compiler: Compiler<A>,
  config: ListenerConfig,
  identity: ListenerIdentity,
  previous: readonly CompiledRoute<A>[],
): CompiledRoute<A>[] {
  const reuse = findCompiled(previous);
  const routes: CompiledRoute<A>[] = [];
  for (const id of config.routes) {
    const route = compiler.routes.get(id);
    if (route === undefined) {
      compiler.problems.set(`listeners[${config.name}].routes[${id}]`, 'there is no such route');
      continue;
    }
    const compiled = reuse(route, routes.length) ?? compileRoute(compiler, identity, route);
    for (const { field, message } of compiled.problems) compiler.problems.set(field, message);
    routes.push(compiled);
  }
  return routes;
}

/** Most often a route is where it was; the map is only built if one is not. */
function findCompiled<A>(
  previous: readonly CompiledRoute<A>[],
): (route: HttpRouteConfig, position: number) => CompiledRoute<A> | undefined {
  let byRoute: Map<HttpRouteConfig, CompiledRoute<A>> | undefined;
  return (route, position) => {
    const same = previous[position];
    if (same?.route === route) return same;
    byRoute ??= new Map(previous.map((compiled) => [compiled.route, compiled]));
    return byRoute.get(route);
  };
}

function compileRoute<A>(
  compiler: Compiler<A>,
  listener: ListenerIdentity,
  route: HttpRouteConfig,
): CompiledRoute<A> {
  const all = route.hostnames.length === 0 ? [''] : [...new Set(route.hostnames)];
  const hostnames = all.filter((name) => hostnamesIntersect(name, listener.hostname ?? ''));
  const matches: CompiledMatch<A>[] = [];
  const problems: ConfigProblem[] = [];
  for (const [ruleIndex, rule] of route.rules.entries()) {
    const action = compiler.buildAction({ listener, route, rule, ruleIndex });
    for (const [matchIndex, match] of rule.matches.entries()) {
      const conditions = compileConditions(match);
      if (typeof conditions === 'string') {
        const field = `routes[${route.id}].rules[${ruleIndex}].matches[${matchIndex}]`;
        problems.push({ field, message: conditions });
        continue;
      }
      const place = { listener, route, rule, ruleIndex, match, matchIndex };
      matches.push({ ...place, action, conditions });
    }
  }
  return { route, hostnames, matches, problems };
}

function indexHosts<A>(
  routes: readonly CompiledRoute<A>[],
  previous: ListenerTable<A> | undefined,
): ListenerTable<A>['byHost'] {
  if (previous === undefined) return buildHostIndex(buildHostTables(routes));
  const changed = changedRoutes(previous.routes, routes);
  const hostnames = new Set(changed.flatMap((route) => route.hostnames));
  if (hostnames.size === 0) return previous.byHost;
  return updateHostIndex(previous.byHost, hostnames, buildHostTables(routes, hostnames));
}

/** By hostname; of all hostnames or of some. */
function buildHostTables<A>(
  routes: readonly CompiledRoute<A>[],
  only?: ReadonlySet<string>,
): Map<string, HostTable<A>> {
  const sharers = new Map<string, CompiledRoute<A>[]>();
  for (const route of routes) {
    for (const hostname of route.hostnames) {
      if (only !== undefined && !only.has(hostname)) continue;
      const others = sharers.get(hostname);
      if (others === undefined) sharers.set(hostname, [route]);
      else others.push(route);
    }
  }
  const tables = new Map<string, HostTable<A>>();
  for (const [hostname, of] of sharers) tables.set(hostname, buildHostTable(hostname, of));
  return tables;
}

/** The routes that are in one of two lists only. */
function changedRoutes<A>(
  before: readonly CompiledRoute<A>[],
  after: readonly CompiledRoute<A>[],
): CompiledRoute<A>[] {
  const gone = new Set(before.filter((route, index) => route !== after[index]));
  const come = new Set(after.filter((route, index) => route !== before[index]));
  const isMoved = (route: CompiledRoute<A>) => gone.has(route) && come.has(route);
  return [...gone, ...come].filter((route) => !isMoved(route));
}
