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
  let carried: ReadonlyMap<string, readonly string[]> = new Map();
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

/** Ids of the routes that say so, by key of the listener. */
function updateCarried(
  carried: ReadonlyMap<string, readonly string[]>,
  before: readonly RouteEntry[],
  after: readonly RouteEntry[],
): ReadonlyMap<string, readonly string[]> {
  if (before === after) return carried;
  const keys = changedKeys(before, after);
  if (keys?.size === 0) return carried;
  const fresh = listCarried(after, keys);
  if (keys === undefined) return fresh;
  const updated = new Map(carried);
  for (const key of keys) {
    const ids = fresh.get(key);
    if (ids === undefined) updated.delete(key);
    else updated.set(key, ids);
  }
  return updated;
}

/** Keys of the listeners that carry other routes than before; undefined: the order is another. */
function changedKeys(
  before: readonly RouteEntry[],
  after: readonly RouteEntry[],
): ReadonlySet<string> | undefined {
  const delta = listDelta(before, after);
  const gone = new Set(delta.gone);
  const come = new Set(delta.come);
  const keys = new Set<string>();
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
      for (const key of one.listeners) keys.add(key);
      old += 1;
    } else if (isCome) {
      for (const key of other.listeners) keys.add(key);
      fresh += 1;
    } else return undefined;
  }
  return keys;
}

function isCarriedAlike(one: RouteEntry, other: RouteEntry): boolean {
  return one.route.id === other.route.id && isSameList(one.listeners, other.listeners);
}

/** `keys`: of the listeners that matter; undefined: all do. */
function listCarried(
  routes: readonly RouteEntry[],
  keys: ReadonlySet<string> | undefined,
): Map<string, string[]> {
  const carried = new Map<string, string[]>();
  for (const { route, listeners } of routes) {
    for (const key of listeners) {
      if (keys !== undefined && !keys.has(key)) continue;
      const ids = carried.get(key);
      if (ids === undefined) carried.set(key, [route.id]);
      else ids.push(route.id);
    }
  }
  return carried;
}
