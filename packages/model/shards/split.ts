/**
 * ProxyConfig → parts. Joined, they are the config again, whatever the config.
 */
import { hashString } from '../balance/hash.ts';
import type { BackendConfig, HttpRouteConfig, ProxyConfig } from '../config.ts';
import { isEqualJson } from '../json-equality.ts';
import {
  type BackendEntry,
  backendPartNames,
  type ConfigPart,
  compareBackends,
  compareRoutes,
  configPartNames,
  type HeadEntry,
  listenerKey,
  type PartEntry,
  type RouteEntry,
  routePartNames,
} from './part.ts';

export type ConfigSplitter = (config: ProxyConfig) => readonly ConfigPart[];

/**
 * A splitter for the successive configs of one Gateway: entries and parts that do not change from
 * one call to the next stay the same objects, for what is derived from them to be remembered.
 */
export function createConfigSplitter(): ConfigSplitter {
  const routes = new WeakMap<HttpRouteConfig, Placed<RouteEntry>>();
  const backends = new WeakMap<BackendConfig, Placed<BackendEntry>>();
  let previous: ReadonlyMap<string, ConfigPart> = new Map();
  const placeRoute = (route: HttpRouteConfig, listeners: readonly string[]) => {
    const known = routes.get(route);
    if (known !== undefined && isSameList(known.entry.listeners, listeners)) return known;
    const part = known?.part ?? choosePart(routePartNames, route.id);
    const placed = { part, entry: { kind: 'route', route, listeners } } as const;
    routes.set(route, placed);
    return placed;
  };
  const placeBackend = (backend: BackendConfig) => {
    const known = backends.get(backend);
    if (known !== undefined) return known;
    const part = choosePart(backendPartNames, backend.id);
    const placed = { part, entry: { kind: 'backend', backend } } as const;
    backends.set(backend, placed);
    return placed;
  };
  return (config) => {
    const { heads, carriers } = splitBinds(config);
    const entries = new Map<string, PartEntry[]>([['base', [...heads, ...findOrders(config)]]]);
    const add = ({ part, entry }: Placed<PartEntry>): void => {
      const list = entries.get(part);
      if (list === undefined) entries.set(part, [entry]);
      else list.push(entry);
    };
    for (const [position, route] of config.routes.entries()) {
      add(placeRoute(route, carriers[position] ?? NO_LISTENERS));
    }
    for (const backend of config.backends) add(placeBackend(backend));
    previous = takeOver(previous, entries);
    return [...previous.values()];
  };
}

interface Placed<Entry> {
  /** Remembered, since hashing an id costs more than all else here. */
  readonly part: string;
  readonly entry: Entry;
}

function choosePart(names: readonly string[], id: string): string {
  return names[hashString(id) % names.length] ?? '';
}

const NO_LISTENERS: readonly string[] = [];

interface SplitBinds {
  readonly heads: readonly HeadEntry[];
  /** By position of the route: keys of the listeners that carry it. */
  readonly carriers: readonly (readonly string[] | undefined)[];
}

function splitBinds(config: ProxyConfig): SplitBinds {
  const heads: HeadEntry[] = [{ kind: 'gateway', gateway: config.gateway }];
  const carriers: (readonly string[] | undefined)[] = [];
  const positions = new Map(config.routes.map((route, index) => [route.id, index]));
  const keys = new Set<string>();
  const alone = createSingles();
  for (const { listeners, ...bind } of config.binds) {
    heads.push({ kind: 'bind', bind });
    for (const { routes, ...listener } of listeners) {
      const key = listenerKey(bind.port, listener);
      const carried = keys.has(key) ? undefined : findPositions(routes, positions);
      keys.add(key);
      if (carried === undefined) {
        heads.push({ kind: 'listener', listener, routes });
        continue;
      }
      heads.push({ kind: 'listener', listener });
      for (const position of carried) {
        const before = carriers[position];
        carriers[position] = before === undefined ? alone(key) : [...before, key];
      }
    }
  }
  return { heads, carriers };
}

/** Most routes have one listener: they share its list. */
function createSingles(): (key: string) => readonly string[] {
  let last: readonly string[] = [];
  return (key) => {
    if (last[0] !== key) last = [key];
    return last;
  };
}

/** Where the ids stand; undefined: not all of them do, or not in this order. */
function findPositions(
  ids: readonly string[],
  positions: ReadonlyMap<string, number>,
): readonly number[] | undefined {
  const found: number[] = [];
  let last = -1;
  for (const id of ids) {
    const position = positions.get(id) ?? -1;
    if (position <= last) return undefined;
    found.push(position);
    last = position;
  }
  return found;
}

function findOrders({ routes, backends }: ProxyConfig): HeadEntry[] {
  const orders: HeadEntry[] = [];
  if (!isAscending(routes, compareRoutes)) {
    orders.push({ kind: 'route-order', ids: routes.map(({ id }) => id) });
  }
  if (!isAscending(backends, compareBackends)) {
    orders.push({ kind: 'backend-order', ids: backends.map(({ id }) => id) });
  }
  return orders;
}

function isAscending<Item>(
  items: readonly Item[],
  compare: (one: Item, other: Item) => number,
): boolean {
  let last: Item | undefined;
  for (const item of items) {
    if (last !== undefined && compare(last, item) >= 0) return false;
    last = item;
  }
  return true;
}

function takeOver(
  previous: ReadonlyMap<string, ConfigPart>,
  entries: ReadonlyMap<string, readonly PartEntry[]>,
): Map<string, ConfigPart> {
  const parts = new Map<string, ConfigPart>();
  for (const name of configPartNames) {
    const now = entries.get(name);
    if (now === undefined) continue;
    const before = previous.get(name);
    const shared = before === undefined || name !== 'base' ? now : shareHeads(before.entries, now);
    const isSame = before !== undefined && isSameList(before.entries, shared);
    parts.set(name, isSame ? before : { name, entries: shared });
  }
  return parts;
}

/** Heads are made anew at each call: those that say the same as before are taken from before. */
function shareHeads(before: readonly PartEntry[], now: readonly PartEntry[]): PartEntry[] {
  let byText: Map<string, PartEntry> | undefined;
  return now.map((entry, index) => {
    const opposite = before[index];
    if (isEqualJson(opposite, entry)) return opposite ?? entry;
    byText ??= new Map(before.map((one) => [JSON.stringify(one), one]));
    return byText.get(JSON.stringify(entry)) ?? entry;
  });
}

function isSameList<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
