/**
 * `ProxyConfig` → `RouteTable`. Pure, total, and incremental: what is equal in the previous table
 * is taken over (identical objects at no cost), so that a change to one of many routes costs one
 * route and a scan.
 */
import type { BindConfig, HttpRouteConfig, ListenerConfig, ProxyConfig } from './config.ts';
import { buildHostIndex } from './host-index.ts';
import { buildListenerTable, type Compiler, type RuleContext } from './listener-table.ts';
import type { ConfigProblem } from './problem.ts';
import type { BindTable, ListenerIdentity, ListenerTable, RouteTable } from './table.ts';

export interface CompileResult<A> {
  readonly table: RouteTable<A>;
  readonly problems: readonly ConfigProblem[];
}

/**
 * `buildAction` is called once for each listener, route and rule, and **not** again while the
 * route stays equal and the listener the same address: its result outlives this table
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
    routes: indexRoutes(config.routes),
    problems: new Map(),
  };
  const binds = config.binds.map((bind) => {
    const before = previous?.binds.find((table) => table.config.bindPort === bind.bindPort);
    return compileBind(compiler, bind, before);
  });
  const problems = Array.from(compiler.problems, ([field, message]) => ({ field, message }));
  return { table: { config, binds }, problems };
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
    const table = buildListenerTable(compiler, config, before?.identity ?? identity, before);
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

function indexRoutes(routes: readonly HttpRouteConfig[]): ReadonlyMap<string, HttpRouteConfig> {
  const byId = new Map<string, HttpRouteConfig>();
  for (const route of routes) byId.set(route.id, route);
  return byId;
}
