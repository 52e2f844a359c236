/**
 * `ProxyConfig` → `RouteTable`. Pure, total, and incremental: what is identical by reference in
 * the previous table is taken over, so that a change to one of many routes costs one route and a
 * scan.
 */
import { compileConditions } from './conditions.ts';
import type {
  BindConfig,
  HttpRouteConfig,
  ListenerConfig,
  ProxyConfig,
  RuleConfig,
} from './config.ts';
import { buildHostIndex, hostnamesIntersect } from './host-index.ts';
import { buildHostTable } from './host-table.ts';
import type {
  BindTable,
  CompiledMatch,
  CompiledRoute,
  HostTable,
  ListenerIdentity,
  ListenerTable,
  RouteTable,
} from './table.ts';

/** All that an action may be made of. */
export interface RuleContext {
  readonly listener: ListenerIdentity;
  readonly route: HttpRouteConfig;
  readonly rule: RuleConfig;
  readonly ruleIndex: number;
}

/** A part of a config that is left out of the table; the rest serves. */
export interface ConfigProblem {
  /** Path in the ProxyConfig, by ids where there are some: `routes[id].rules[0].matches[1]`. */
  readonly field: string;
  readonly message: string;
}

export interface CompileResult<A> {
  readonly table: RouteTable<A>;
  readonly problems: readonly ConfigProblem[];
}

/**
 * `buildAction` is called once for each listener, route and rule, and **not** again while the
 * route stays the same object and the listener the same address: its result outlives this table
 * and must not hold anything of the config but what its context gives. In particular backends are
 * to be resolved by id when a request arrives (or through an object that lives as long as the
 * id), since endpoints change without their routes.
 */
export function compileConfig<A>(
  config: ProxyConfig,
  buildAction: (context: RuleContext) => A,
  previous?: RouteTable<A>,
): CompileResult<A> {
  const compiler: Compiler<A> = {
    buildAction,
    routes: new Map(config.routes.map((route) => [route.id, route])),
    problems: new Map(),
  };
  const binds = config.binds.map((bind) => {
    const before = previous?.binds.find((table) => table.config.bindPort === bind.bindPort);
    return compileBind(compiler, bind, before);
  });
  const problems = Array.from(compiler.problems, ([field, message]) => ({ field, message }));
  return { table: { config, binds }, problems };
}

interface Compiler<A> {
  readonly buildAction: (context: RuleContext) => A;
  readonly routes: ReadonlyMap<string, HttpRouteConfig>;
  /** By field: a route on several listeners has its problem once. */
  readonly problems: Map<string, string>;
}

function compileBind<A>(
  compiler: Compiler<A>,
  bind: BindConfig,
  previous: BindTable<A> | undefined,
): BindTable<A> {
  const byHostname = new Map<string, ListenerTable<A>>();
  const listeners: ListenerTable<A>[] = [];
  for (const config of bind.listeners) {
    const identity = identifyListener(bind, config);
    const before = previous?.listeners.find((table) => isSameListener(table.identity, identity));
    const table = compileListener(compiler, config, before?.identity ?? identity, before);
    listeners.push(table);
    const hostname = config.hostname ?? '';
    if (byHostname.has(hostname)) {
      const field = `binds[${bind.port}].listeners[${config.name}].hostname`;
      compiler.problems.set(field, 'another listener of this port has the same hostname');
    } else {
      byHostname.set(hostname, table);
    }
  }
  return { config: bind, listeners, byHost: buildHostIndex(byHostname) };
}

function compileListener<A>(
  compiler: Compiler<A>,
  config: ListenerConfig,
  identity: ListenerIdentity,
  previous: ListenerTable<A> | undefined,
): ListenerTable<A> {
  const before = new Map(previous?.routes.map((compiled) => [compiled.route, compiled]));
  const routes: CompiledRoute<A>[] = [];
  const byHostname = new Map<string, CompiledRoute<A>[]>();
  for (const id of new Set(config.routes)) {
    const route = compiler.routes.get(id);
    if (route === undefined) {
      compiler.problems.set(`listeners[${config.name}].routes[${id}]`, 'there is no such route');
      continue;
    }
    const compiled = before.get(route) ?? compileRoute(compiler, identity, route);
    for (const { field, message } of compiled.problems) compiler.problems.set(field, message);
    routes.push(compiled);
    for (const hostname of compiled.hostnames) {
      const sharers = byHostname.get(hostname);
      if (sharers === undefined) byHostname.set(hostname, [compiled]);
      else sharers.push(compiled);
    }
  }
  const tables = previousHostTables(previous);
  const hosts = Array.from(byHostname, ([hostname, sharers]) => {
    const table = tables(hostname);
    const isSame = table !== undefined && hasSameItems(table.routes, sharers);
    return [hostname, isSame ? table : buildHostTable(hostname, sharers)] as const;
  });
  return { config, identity, routes, byHost: buildHostIndex(hosts) };
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

function identifyListener(bind: BindConfig, listener: ListenerConfig): ListenerIdentity {
  const { port, bindPort, protocol } = bind;
  const { owner, name, hostname } = listener;
  return { owner, name, hostname, port, bindPort, protocol };
}

function isSameListener(one: ListenerIdentity, other: ListenerIdentity): boolean {
  return (
    one.name === other.name &&
    one.hostname === other.hostname &&
    one.port === other.port &&
    one.bindPort === other.bindPort &&
    one.protocol === other.protocol &&
    one.owner.kind === other.owner.kind &&
    one.owner.namespace === other.owner.namespace &&
    one.owner.name === other.owner.name
  );
}

function previousHostTables<A>(
  previous: ListenerTable<A> | undefined,
): (hostname: string) => HostTable<A> | undefined {
  if (previous === undefined) return () => undefined;
  const { exact, wildcards, any } = previous.byHost;
  const suffixes = new Map(wildcards.slots.map((key) => [key?.value.hostname, key?.value]));
  return (hostname) => (hostname === '' ? any : (exact.get(hostname) ?? suffixes.get(hostname)));
}

function hasSameItems<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
