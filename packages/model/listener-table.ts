/**
 * Builds the table of one listener, from scratch or from the table before it: routes that stay
 * equal are taken over compiled, and only the hostnames of the others are built again.
 */
import { compileConditions } from './conditions.ts';
import type { HttpRouteConfig, ListenerConfig, RuleConfig } from './config.ts';
import { buildHostIndex, hostnamesIntersect, updateHostIndex, valueOf } from './host-index.ts';
import { updateHostTable } from './host-table.ts';
import { isEqualJson } from './json-equality.ts';
import { isSameList, listDelta } from './list-delta.ts';
import type { ConfigProblem } from './problem.ts';
import type { TrackedRoutes } from './route-changes.ts';
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
  readonly routes: TrackedRoutes;
  /** Messages by field: a route on several listeners has its problem once. */
  readonly problems: Map<string, string>;
}

export function buildListenerTable<A>(
  compiler: Compiler<A>,
  config: ListenerConfig,
  identity: ListenerIdentity,
  previous: ListenerTable<A> | undefined,
): ListenerTable<A> {
  const routes = compileRoutes(compiler, config, identity, previous);
  if (config === previous?.config && routes === previous.routes) return previous;
  return { config, identity, routes, byHost: indexHosts(routes, previous) };
}

/** Each once; the list of before if nothing of it changed. */
function compileRoutes<A>(
  compiler: Compiler<A>,
  config: ListenerConfig,
  identity: ListenerIdentity,
  previous: ListenerTable<A> | undefined,
): readonly CompiledRoute<A>[] {
  const before = new CompiledBefore(previous, compiler.routes.old);
  const fresh = new Map<string, CompiledRoute<A>>();
  const routes: CompiledRoute<A>[] = [];
  const missing: string[] = [];
  let isRepeated = false;
  for (const id of config.routes) {
    const here = before.kept(id);
    if (here !== undefined) {
      routes.push(here);
      continue;
    }
    const known = compiler.routes.isNew(id) ? undefined : before.next(id);
    if (known !== undefined && !compiler.routes.old.has(id)) {
      routes.push(known);
      continue;
    }
    const route = compiler.routes.get(id);
    if (route === undefined) {
      missing.push(id);
      continue;
    }
    isRepeated ||= fresh.has(id);
    // A route that was read again from a file or sent by another thread is another object;
    // comparing it costs a tenth of compiling it.
    const isEqual = known !== undefined && isEqualJson(known.route, route);
    const compiled = isEqual ? known : (fresh.get(id) ?? compileRoute(compiler, identity, route));
    fresh.set(id, compiled);
    routes.push(compiled);
  }
  for (const { problems } of routes) {
    for (const { field, message } of problems) compiler.problems.set(field, message);
  }
  for (const id of missing) {
    compiler.problems.set(`listeners[${config.name}].routes[${id}]`, 'there is no such route');
  }
  if (previous !== undefined && isSameList(previous.routes, routes)) return previous.routes;
  return isRepeated || !before.isForward ? [...new Set(routes)] : routes;
}

/** How far the next route may be from where it is looked for, before all are put into a map. */
const STEPS_MAX = 8;

/** The routes of a listener as they were, found in about the order in which they stand. */
class CompiledBefore<A> {
  /** Whether none was found before, or at, the place of one that had been found. */
  isForward = true;
  readonly #routes: readonly CompiledRoute<A>[];
  readonly #ids: readonly string[];
  /** Of the routes that are there no more, or are others now. */
  readonly #oldPlaces: ReadonlySet<number>;
  #place = 0;
  #places: ReadonlyMap<string, number> | undefined;

  constructor(table: ListenerTable<A> | undefined, old: ReadonlySet<string>) {
    this.#routes = table?.routes ?? [];
    const named = table?.config.routes ?? [];
    // There may be no route of a name, or two names of one.
    const isWhole = named.length === this.#routes.length;
    this.#ids = isWhole ? named : this.#routes.map(({ route }) => route.id);
    this.#oldPlaces = findPlaces(this.#ids, old);
  }

  /** The next route, if it has this id and nothing of it changed: most of them, and fast. */
  kept(id: string): CompiledRoute<A> | undefined {
    const place = this.#place;
    if (this.#ids[place] !== id || this.#oldPlaces.has(place)) return undefined;
    this.#place = place + 1;
    return this.#routes[place];
  }

  next(id: string): CompiledRoute<A> | undefined {
    let place: number | undefined = this.#place;
    const end = Math.min(place + STEPS_MAX, this.#ids.length);
    while (place < end && this.#ids[place] !== id) place += 1;
    if (place === end) {
      this.#places ??= new Map(this.#ids.map((one, index) => [one, index]));
      place = this.#places.get(id);
      if (place === undefined) return undefined;
    }
    this.isForward &&= place >= this.#place;
    this.#place = place + 1;
    return this.#routes[place];
  }
}

/** Up to so many ids each are looked for faster than all are looked up. */
const SEARCHES_MAX = 8;

function findPlaces(ids: readonly string[], some: ReadonlySet<string>): ReadonlySet<number> {
  const places = new Set<number>();
  if (some.size > SEARCHES_MAX) {
    for (const [place, id] of ids.entries()) if (some.has(id)) places.add(place);
    return places;
  }
  for (const id of some) {
    const place = ids.indexOf(id);
    if (place !== -1) places.add(place);
  }
  return places;
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
  const { gone, come } = listDelta(previous?.routes ?? [], routes);
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
