/**
 * `findReferenceProblems` for the successive configs of one Gateway, at the cost of what changed.
 *
 * Remembers the last config as long as nothing was wrong with it. Whatever is doubtful is looked
 * at in whole, so that the answer is the same.
 */
import type { BackendConfig, BindConfig, HttpRouteConfig, ProxyConfig } from '../config.ts';
import { listDelta } from '../list-delta.ts';
import type { ConfigProblem } from '../problem.ts';
import { findReferenceProblems, hasListenerProblem, listBackends } from './references.ts';

export type ReferenceCheck = (config: ProxyConfig) => readonly ConfigProblem[];

export function createReferenceCheck(): ReferenceCheck {
  let known: KnownReferences | undefined;
  return (config) => {
    if (known?.accepts(config) === true) return [];
    const problems = findReferenceProblems(config);
    known = problems.length === 0 ? new KnownReferences(config) : undefined;
    return problems;
  };
}

/** Of a config without problems. */
class KnownReferences {
  #routes: readonly HttpRouteConfig[];
  readonly #routeIds: Set<string>;
  #backends: readonly BackendConfig[];
  /** How many routes name it, by id of the backend. */
  readonly #uses: Map<string, number>;
  #binds: readonly BindConfig[];

  constructor({ routes, backends, binds }: ProxyConfig) {
    this.#routes = routes;
    this.#routeIds = new Set(routes.map(({ id }) => id));
    this.#backends = backends;
    this.#uses = new Map(backends.map(({ id }) => [id, 0]));
    this.#binds = binds;
    for (const route of routes) this.#count(route, 1);
  }

  /** False: there may be a problem, and nothing is known any more. */
  accepts({ routes, backends, binds }: ProxyConfig): boolean {
    const backendDelta = listDelta(this.#backends, backends);
    const routeDelta = listDelta(this.#routes, routes);
    const lostBackends = updateIds(this.#uses, backendDelta, (id) => this.#uses.set(id, 0));
    const lostRoutes = updateIds(this.#routeIds, routeDelta, (id) => this.#routeIds.add(id));
    if (lostBackends === undefined || lostRoutes === undefined) return false;
    for (const route of routeDelta.gone) this.#count(route, -1);
    if (!routeDelta.come.every((route) => this.#count(route, 1))) return false;
    for (const id of lostBackends) {
      if (this.#uses.get(id) !== 0) return false;
      this.#uses.delete(id);
    }
    for (const id of lostRoutes) this.#routeIds.delete(id);
    if (!this.#areFine(binds, lostRoutes)) return false;
    this.#routes = routes;
    this.#backends = backends;
    this.#binds = binds;
    return true;
  }

  /** Whether there is all that the route names. */
  #count(route: HttpRouteConfig, by: number): boolean {
    return listBackends(route).every((id) => {
      const uses = this.#uses.get(id);
      if (uses !== undefined) this.#uses.set(id, uses + by);
      return uses !== undefined;
    });
  }

  #areFine(binds: readonly BindConfig[], lostRoutes: ReadonlySet<string>): boolean {
    if (binds === this.#binds && lostRoutes.size === 0) return true;
    const ports = new Set(binds.map(({ bindPort }) => bindPort));
    return (
      ports.size === binds.length &&
      binds.every((bind, index) => this.#isFine(bind, this.#binds[index], lostRoutes))
    );
  }

  #isFine(
    bind: BindConfig,
    before: BindConfig | undefined,
    lostRoutes: ReadonlySet<string>,
  ): boolean {
    if (bind === before && lostRoutes.size === 0) return true;
    if (bind !== before && hasListenerProblem(bind)) return false;
    return bind.listeners.every(({ routes }, index) => {
      if (lostRoutes.size > 0 && routes.some((id) => lostRoutes.has(id))) return false;
      const { come } = listDelta(before?.listeners[index]?.routes ?? [], routes);
      return come.every((id) => this.#routeIds.has(id)) && isOnce(come, routes);
    });
  }
}

/** Ids that are there no more; undefined: one is there twice. `ids` still has those. */
function updateIds(
  ids: { has(id: string): boolean },
  delta: { gone: readonly { id: string }[]; come: readonly { id: string }[] },
  add: (id: string) => void,
): Set<string> | undefined {
  const lost = new Set(delta.gone.map(({ id }) => id));
  for (const { id } of delta.come) {
    if (lost.delete(id)) continue;
    if (ids.has(id)) return undefined;
    add(id);
  }
  return lost;
}

const FEW = 8;

/** Whether each of `some` stands in `all` once; the others do. */
function isOnce(some: readonly string[], all: readonly string[]): boolean {
  if (some.length > FEW) return new Set(all).size === all.length;
  return some.every((id) => all.indexOf(id) === all.lastIndexOf(id));
}
