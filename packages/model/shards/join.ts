/** Parts → ProxyConfig: the inverse of splitting, for any order of the parts. */
import type { BackendConfig, BindConfig, ListenerConfig, ProxyConfig } from '../config.ts';
import {
  type ConfigPart,
  compareBackends,
  compareRoutes,
  type HeadEntry,
  listenerKey,
  type RouteEntry,
} from './part.ts';

/** The config whose parts these are, in any order; `version` travels beside them. */
export function joinConfig(version: string, parts: readonly ConfigPart[]): ProxyConfig {
  const heads: HeadEntry[] = [];
  const routes: RouteEntry[] = [];
  const backends: BackendConfig[] = [];
  for (const entry of parts.flatMap((part) => part.entries)) {
    if (entry.kind === 'route') routes.push(entry);
    else if (entry.kind === 'backend') backends.push(entry.backend);
    else heads.push(entry);
  }
  const inOrder = orderRoutes(routes, heads);
  return {
    version,
    gateway: gatewayOf(heads),
    binds: joinBinds(heads, inOrder),
    routes: inOrder.map(({ route }) => route),
    backends: orderBackends(backends, heads),
  };
}

function gatewayOf(heads: readonly HeadEntry[]): ProxyConfig['gateway'] {
  const head = heads.find((entry) => entry.kind === 'gateway');
  return head?.gateway ?? { kind: '', namespace: '', name: '' };
}

function orderRoutes(routes: readonly RouteEntry[], heads: readonly HeadEntry[]): RouteEntry[] {
  const order = heads.find((entry) => entry.kind === 'route-order');
  if (order === undefined) {
    return routes.toSorted((one, other) => compareRoutes(one.route, other.route));
  }
  return inGivenOrder(routes, order.ids, ({ route }) => route.id);
}

function orderBackends(
  backends: readonly BackendConfig[],
  heads: readonly HeadEntry[],
): BackendConfig[] {
  const order = heads.find((entry) => entry.kind === 'backend-order');
  if (order === undefined) return backends.toSorted(compareBackends);
  return inGivenOrder(backends, order.ids, ({ id }) => id);
}

/** Items of one id keep their order among each other: they come from one part. */
function inGivenOrder<Item>(
  items: readonly Item[],
  ids: readonly string[],
  idOf: (item: Item) => string,
): Item[] {
  const waiting = new Map<string, Item[]>();
  for (const item of items) {
    const same = waiting.get(idOf(item));
    if (same === undefined) waiting.set(idOf(item), [item]);
    else same.push(item);
  }
  return ids.flatMap((id) => waiting.get(id)?.splice(0, 1) ?? []);
}

function joinBinds(heads: readonly HeadEntry[], routes: readonly RouteEntry[]): BindConfig[] {
  const carried = new Map<string, string[]>();
  for (const { route, listeners } of routes) {
    for (const key of listeners) {
      const ids = carried.get(key);
      if (ids === undefined) carried.set(key, [route.id]);
      else ids.push(route.id);
    }
  }
  const binds: (Omit<BindConfig, 'listeners'> & { listeners: ListenerConfig[] })[] = [];
  for (const head of heads) {
    if (head.kind === 'bind') binds.push({ ...head.bind, listeners: [] });
    if (head.kind !== 'listener') continue;
    const bind = binds.at(-1);
    const { listener } = head;
    const routesOf = head.routes ?? carried.get(listenerKey(bind?.port ?? 0, listener)) ?? [];
    bind?.listeners.push({ ...listener, routes: routesOf });
  }
  return binds;
}
