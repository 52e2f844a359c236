/**
 * Builds the table of one listener, from scratch or from the table before it: routes that stay
 * equal are taken over compiled, and only the hostnames of the others are built again.
 */
import { compileConditions } from './conditions.ts';
import type { HttpRouteConfig, ListenerConfig, RuleConfig } from './config.ts';
import { buildHostIndex, hostnamesIntersect, updateHostIndex, valueOf } from './host-index.ts';
import { updateHostTable } from './host-table.ts';
import { isEqualJson } from './json-equality.ts';
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
  for (const id of new Set(config.routes)) {
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

type Reuse<A> = (route: HttpRouteConfig, position: number) => CompiledRoute<A> | undefined;

/**
 * Most often a route is where it was and the same object, so the map is only built if one is not.
 * A route that was read again from a file or sent by another thread is another object; comparing
 * it costs a tenth of compiling it.
 */
function findCompiled<A>(previous: readonly CompiledRoute<A>[]): Reuse<A> {
  let byId: Map<string, CompiledRoute<A>> | undefined;
  return (route, position) => {
    let before = previous[position];
    if (before?.route.id !== route.id) {
      byId ??= new Map(previous.map((compiled) => [compiled.route.id, compiled]));
      before = byId.get(route.id);
    }
    return before !== undefined && isEqualJson(before.route, route) ? before : undefined;
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
      matches.push({ action, conditions, ...place });
    }
  }
  return { route, hostnames, matches, problems };
}

function indexHosts<A>(
  routes: readonly CompiledRoute<A>[],
  previous: ListenerTable<A> | undefined,
): ListenerTable<A>['byHost'] {
  const changes = new Map<string, { gone: CompiledMatch<A>[]; come: CompiledMatch<A>[] }>();
  const { gone, come } = changedRoutes(previous?.routes ?? [], routes);
  const changeOf = (hostname: string) => {
    const known = changes.get(hostname);
    if (known !== undefined) return known;
    const change = { gone: [], come: [] };
    changes.set(hostname, change);
    return change;
  };
  for (const { hostnames, matches } of gone) {
    for (const hostname of hostnames) changeOf(hostname).gone.push(...matches);
  }
  for (const { hostnames, matches } of come) {
    for (const hostname of hostnames) changeOf(hostname).come.push(...matches);
  }
  const before = previous?.byHost ?? buildHostIndex<HostTable<A>>(new Map());
  if (changes.size === 0) return before;
  const tables = new Map<string, HostTable<A> | undefined>();
  for (const [hostname, change] of changes) {
    tables.set(hostname, updateHostTable(hostname, valueOf(before, hostname), change));
  }
  return updateHostIndex(before, tables);
}

/** The routes that are in one of two lists only. */
function changedRoutes<A>(before: readonly CompiledRoute<A>[], after: readonly CompiledRoute<A>[]) {
  const old = new Set(before.filter((route, index) => route !== after[index]));
  const fresh = new Set(after.filter((route, index) => route !== before[index]));
  return {
    gone: [...old].filter((route) => !fresh.has(route)),
    come: [...fresh].filter((route) => !old.has(route)),
  };
}
