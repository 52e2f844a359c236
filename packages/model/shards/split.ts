/**
 * ProxyConfig → parts. Joined, they are the config again, whatever the config.
 */
import { hashString } from '../balance/hash.ts';
import type { BackendConfig, HttpRouteConfig, ProxyConfig } from '../config.ts';
import { isEqualJson } from '../json-equality.ts';
import { isSameList } from '../list-delta.ts';
import { isAscending } from './order.ts';
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
    const entries: PartEntry[][] = configPartNames.map(() => []);
    entries[placeOf('base')]?.push(...heads, ...findOrders(config));
    const add = ({ part, entry }: Placed<PartEntry>): void => void entries[part]?.push(entry);
    for (const [position, route] of config.routes.entries()) {
      add(placeRoute(route, carriers[position] ?? NO_LISTENERS));
    }
    for (const backend of config.backends) add(placeBackend(backend));
    previous = takeOver(previous, entries);
    return [...previous.values()];
  };
}

interface Placed<Entry> {
  /** Among `configPartNames`; remembered, since hashing an id costs more than all else here. */
  readonly part: number;
  readonly entry: Entry;
}

function choosePart(names: readonly string[], id: string): number {
  return placeOf(names[hashString(id) % names.length] ?? '');
}

const placeOf = (name: string): number => configPartNames.indexOf(name);

const NO_LISTENERS: readonly string[] = [];

interface SplitBinds {
  readonly heads: readonly HeadEntry[];
  /** By position of the route: keys of the listeners that carry it. */
  readonly carriers: readonly (readonly string[] | undefined)[];
}

function splitBinds(config: ProxyConfig): SplitBinds {
  const heads: HeadEntry[] = [{ kind: 'gateway', gateway: config.gateway }];
  const carriers: (readonly string[] | undefined)[] = [];
  const keys = new Set<string>();
  const alone = createSingles();
  for (const { listeners, ...bind } of config.binds) {
    heads.push({ kind: 'bind', bind });
    for (const { routes, ...listener } of listeners) {
      const key = listenerKey(bind.port, listener);
      const carried = keys.has(key) ? undefined : findPositions(routes, config.routes);
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
  routes: readonly HttpRouteConfig[],
): readonly number[] | undefined {
  const found: number[] = [];
  let position = 0;
  for (const id of ids) {
    while (position < routes.length && routes[position]?.id !== id) position += 1;
    if (position === routes.length) return undefined;
    found.push(position);
    position += 1;
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

function takeOver(
  previous: ReadonlyMap<string, ConfigPart>,
  entries: readonly (readonly PartEntry[])[],
): Map<string, ConfigPart> {
  const parts = new Map<string, ConfigPart>();
  for (const [place, name] of configPartNames.entries()) {
    const now = entries[place] ?? [];
    if (now.length === 0) continue;
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
