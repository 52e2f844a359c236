/**
 * Binds and listeners of a joined config. What a listener carries is written beside the routes; a
 * listener whose own words and routes are as before stays the same object, and so does its bind.
 */
import type { BindConfig, ListenerConfig } from '../config.ts';
import { isSameList, listDelta } from '../list-delta.ts';
import { type HeadEntry, listenerKey, type RouteEntry } from './part.ts';

type BindHead = Extract<HeadEntry, { kind: 'bind' }>;
type ListenerHead = Extract<HeadEntry, { kind: 'listener' }>;

interface Slot {
  readonly head: ListenerHead;
  readonly key: string;
}

interface BindLayout {
  readonly head: BindHead;
  readonly slots: readonly Slot[];
}

interface JoinedListener {
  readonly head: ListenerHead;
  readonly config: ListenerConfig;
}

type BindJoiner = (
  heads: readonly HeadEntry[],
  /** In the order of the config. */
  routes: readonly RouteEntry[],
) => readonly BindConfig[];

export function createBindJoiner(): BindJoiner {
  let heads: readonly HeadEntry[] = [];
  let layout: readonly BindLayout[] = [];
  let routes: readonly RouteEntry[] = [];
  let carried: Carried = new Map();
  let joined: ReadonlyMap<string, JoinedListener> = new Map();
  let binds: readonly BindConfig[] = [];
  return (headsNow, routesNow) => {
    if (!isSameList(heads, headsNow)) layout = layOut(headsNow);
    else if (routes === routesNow) return binds;
    heads = headsNow;
    carried = updateCarried(carried, routes, routesNow);
    routes = routesNow;
    const listeners = new Map<string, JoinedListener>();
    const bindsNow = layout.map(({ head, slots }, index): BindConfig => {
      const joinedNow = slots.map((slot) => {
        const ids = slot.head.routes ?? carried.get(slot.key) ?? NO_ROUTES;
        const listener = joinListener(slot.head, ids, joined.get(slot.key));
        listeners.set(slot.key, listener);
        return listener.config;
      });
      const before = binds[index];
      const isSame = before !== undefined && isBindOf(before, head, joinedNow);
      return isSame ? before : { ...head.bind, listeners: joinedNow };
    });
    joined = listeners;
    binds = isSameList(binds, bindsNow) ? binds : bindsNow;
    return binds;
  };
}

const NO_ROUTES: readonly string[] = [];

function layOut(heads: readonly HeadEntry[]): readonly BindLayout[] {
  const layout: { readonly head: BindHead; readonly slots: Slot[] }[] = [];
  for (const head of heads) {
    if (head.kind === 'bind') layout.push({ head, slots: [] });
    if (head.kind !== 'listener') continue;
    const bind = layout.at(-1);
    bind?.slots.push({ head, key: listenerKey(bind.head.bind.port, head.listener) });
  }
  return layout;
}

function joinListener(
  head: ListenerHead,
  routes: readonly string[],
  before: JoinedListener | undefined,
): JoinedListener {
  if (before?.head === head && before.config.routes === routes) return before;
  return { head, config: { ...head.listener, routes } };
}

function isBindOf(
  bind: BindConfig,
  { bind: head }: BindHead,
  listeners: readonly ListenerConfig[],
): boolean {
  return (
    bind.port === head.port &&
    bind.bindPort === head.bindPort &&
    bind.protocol === head.protocol &&
    isSameList(bind.listeners, listeners)
  );
}

type Carried = ReadonlyMap<string, readonly string[]>;

/** More changes than this at once are listed like a config that is new. */
const EDITS_MAX = 50;

/** Ids of the routes that say so, by key of the listener. */
function updateCarried(
  carried: Carried,
  before: readonly RouteEntry[],
  after: readonly RouteEntry[],
): Carried {
  if (before === after) return carried;
  const edits = findEdits(before, after);
  if (edits === undefined || edits.gone.length + edits.come.length > EDITS_MAX) {
    return listCarried(after);
  }
  return editCarried(carried, edits, after) ?? listCarried(after);
}

interface Edits {
  readonly gone: readonly RouteEntry[];
  /** Where they stand, ascending. */
  readonly come: readonly number[];
}

/** But for routes that are carried as before; undefined: the order is another. */
function findEdits(before: readonly RouteEntry[], after: readonly RouteEntry[]): Edits | undefined {
  const delta = listDelta(before, after);
  const gone = new Set(delta.gone);
  const come = new Set(delta.come);
  const edits = { gone: [] as RouteEntry[], come: [] as number[] };
  let old = 0;
  let fresh = 0;
  while (old < before.length || fresh < after.length) {
    const one = before[old];
    const other = after[fresh];
    const isGone = one !== undefined && one !== other && gone.has(one);
    const isCome = other !== undefined && one !== other && come.has(other);
    if (one === other || (isGone && isCome && isCarriedAlike(one, other))) {
      old += 1;
      fresh += 1;
    } else if (isGone) {
      edits.gone.push(one);
      old += 1;
    } else if (isCome) {
      edits.come.push(fresh);
      fresh += 1;
    } else return undefined;
  }
  return edits;
}

function isCarriedAlike(one: RouteEntry, other: RouteEntry): boolean {
  return one.route.id === other.route.id && isSameList(one.listeners, other.listeners);
}

/** Undefined: an id stands twice, so that its place is not known. */
function editCarried(
  carried: Carried,
  { gone, come }: Edits,
  routes: readonly RouteEntry[],
): Carried | undefined {
  const edited = new Map<string, string[]>();
  const idsOf = (key: string): string[] => {
    const ids = edited.get(key) ?? [...(carried.get(key) ?? NO_ROUTES)];
    edited.set(key, ids);
    return ids;
  };
  for (const { route, listeners } of gone) {
    for (const key of listeners) {
      const ids = idsOf(key);
      const place = onlyPlace(ids, route.id);
      if (place === undefined) return undefined;
      ids.splice(place, 1);
    }
  }
  for (const index of come) {
    for (const key of routes[index]?.listeners ?? []) {
      const ids = idsOf(key);
      const last = lastCarried(routes, index, key);
      const place = last === undefined ? -1 : onlyPlace(ids, last.route.id);
      if (place === undefined) return undefined;
      ids.splice(place + 1, 0, routes[index]?.route.id ?? '');
    }
  }
  return edited.size === 0 ? carried : new Map([...carried, ...edited]);
}

function onlyPlace(ids: readonly string[], id: string): number | undefined {
  const place = ids.indexOf(id);
  return place !== -1 && ids.indexOf(id, place + 1) === -1 ? place : undefined;
}

/** The last route before a place that this listener carries. */
function lastCarried(
  routes: readonly RouteEntry[],
  end: number,
  key: string,
): RouteEntry | undefined {
  for (let index = end - 1; index >= 0; index--) {
    if (routes[index]?.listeners.includes(key) === true) return routes[index];
  }
  return undefined;
}

function listCarried(routes: readonly RouteEntry[]): Carried {
  const carried = new Map<string, string[]>();
  for (const { route, listeners } of routes) {
    for (const key of listeners) {
      const ids = carried.get(key);
      if (ids === undefined) carried.set(key, [route.id]);
      else ids.push(route.id);
    }
  }
  return carried;
}
