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
export type ConfigJoiner = (version: string, parts: readonly ConfigPart[]) => ProxyConfig;

/** For the successive configs of one Gateway: what stays in order is not sorted again. */
export function createConfigJoiner(): ConfigJoiner {
  const sortRoutes = createSorter<RouteEntry>((one, other) =>
    compareRoutes(one.route, other.route),
  );
  const sortBackends = createSorter(compareBackends);
  return (version, parts) => {
    const heads: HeadEntry[] = [];
    const routes: RouteEntry[] = [];
    const backends: BackendConfig[] = [];
    for (const { entries } of parts) {
      for (const entry of entries) {
        if (entry.kind === 'route') routes.push(entry);
        else if (entry.kind === 'backend') backends.push(entry.backend);
        else heads.push(entry);
      }
    }
    const routeOrder = heads.find((entry) => entry.kind === 'route-order');
    const backendOrder = heads.find((entry) => entry.kind === 'backend-order');
    const inOrder = routeOrder
      ? inGivenOrder(routes, routeOrder.ids, ({ route }) => route.id)
      : sortRoutes(routes);
    return {
      version,
      gateway: gatewayOf(heads),
      binds: joinBinds(heads, inOrder),
      routes: inOrder.map(({ route }) => route),
      backends: backendOrder
        ? inGivenOrder(backends, backendOrder.ids, ({ id }) => id)
        : sortBackends(backends),
    };
  };
}

type Sorter<Item> = (items: readonly Item[]) => readonly Item[];

/** Sorts by merging what is new into what was sorted last time. */
function createSorter<Item>(compare: (one: Item, other: Item) => number): Sorter<Item> {
  let last: readonly Item[] = [];
  return (items) => {
    const fresh = new Set(items);
    // An item that stands twice: there is nothing to take over.
    if (fresh.size !== items.length) last = [];
    const kept = last.filter((item) => fresh.delete(item));
    const added = fresh.size + kept.length === items.length ? [...fresh] : items;
    last = merge(kept, added.toSorted(compare), compare);
    return last;
  };
}

function merge<Item>(
  kept: readonly Item[],
  added: readonly Item[],
  compare: (one: Item, other: Item) => number,
): readonly Item[] {
  if (kept.length === 0 || added.length === 0) return kept.length === 0 ? added : kept;
  const merged: Item[] = [];
  let next = 0;
  for (const item of kept) {
    for (let one = added[next]; one !== undefined && compare(one, item) < 0; one = added[next]) {
      merged.push(one);
      next += 1;
    }
    merged.push(item);
  }
  merged.push(...added.slice(next));
  return merged;
}

function gatewayOf(heads: readonly HeadEntry[]): ProxyConfig['gateway'] {
  const head = heads.find((entry) => entry.kind === 'gateway');
  return head?.gateway ?? { kind: '', namespace: '', name: '' };
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
