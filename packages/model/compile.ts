/**
 * `ProxyConfig` → `RouteTable`. Pure, total, and incremental: what is equal in the previous table
 * is taken over (identical objects at no cost), so that a change to one of many routes costs one
 * route and a scan.
 */
import type { BindConfig, ListenerConfig, ProxyConfig } from './config.ts';
import { buildHostIndex, updateHostIndex, valueOf } from './host-index.ts';
import { buildListenerTable, type Compiler, type RuleContext } from './listener-table.ts';
import type { ConfigProblem } from './problem.ts';
import { trackRoutes } from './route-changes.ts';
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
  const routes = trackRoutes(config.routes, previous?.config.routes ?? []);
  const compiler: Compiler<A> = { buildAction, routes, problems: new Map() };
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
  const find = findListener(previous?.listeners ?? []);
  const listeners = bind.listeners.map((config, index) => {
    const identity = identifyListener(bind, config);
    const before = find(identity, index);
    return buildListenerTable(compiler, config, before?.identity ?? identity, before);
  });
  return { config: bind, listeners, byHost: indexListeners(compiler, bind, listeners, previous) };
}

type FindListener<A> = (
  identity: ListenerIdentity,
  position: number,
) => ListenerTable<A> | undefined;

/** Most often a listener is where it was. */
function findListener<A>(tables: readonly ListenerTable<A>[]): FindListener<A> {
  let byName: Map<string, ListenerTable<A>> | undefined;
  return (identity, position) => {
    let before = tables[position];
    if (before === undefined || !isSameListener(before.identity, identity)) {
      byName ??= new Map(tables.map((table) => [nameOf(table.identity), table]));
      before = byName.get(nameOf(identity));
    }
    return before !== undefined && isSameListener(before.identity, identity) ? before : undefined;
  };
}

function nameOf({ owner, name, hostname }: ListenerIdentity): string {
  return JSON.stringify([owner.kind, owner.namespace, owner.name, name, hostname]);
}

function indexListeners<A>(
  compiler: Compiler<A>,
  bind: BindConfig,
  listeners: readonly ListenerTable<A>[],
  previous: BindTable<A> | undefined,
): BindTable<A>['byHost'] {
  const byHostname = new Map<string, ListenerTable<A>>();
  for (const table of listeners) {
    const hostname = table.identity.hostname ?? '';
    if (byHostname.has(hostname)) {
      const field = `binds[${bind.port}].listeners[${table.identity.name}].hostname`;
      compiler.problems.set(field, 'another listener of this port has the same hostname');
    } else {
      byHostname.set(hostname, table);
    }
  }
  if (previous === undefined) return buildHostIndex(byHostname);
  const changes = new Map<string, ListenerTable<A> | undefined>();
  for (const { identity } of previous.listeners) {
    const hostname = identity.hostname ?? '';
    if (!byHostname.has(hostname)) changes.set(hostname, undefined);
  }
  for (const [hostname, table] of byHostname) {
    if (valueOf(previous.byHost, hostname) !== table) changes.set(hostname, table);
  }
  return changes.size === 0 ? previous.byHost : updateHostIndex(previous.byHost, changes);
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
