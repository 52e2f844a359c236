/**
 * The routes of a config by id, and which of them are the same objects as in the config before:
 * with thousands, a map of all is only made where something asks for a route that did not change.
 */
import type { HttpRouteConfig } from './config.ts';
import { listDelta } from './list-delta.ts';

export interface TrackedRoutes {
  get(id: string): HttpRouteConfig | undefined;
  /** It was not there before. */
  isNew(id: string): boolean;
  /** Ids of routes that are there no more, or are other objects now. */
  readonly old: ReadonlySet<string>;
}

/** Ids must be unique in each of the lists. */
export function trackRoutes(
  routes: readonly HttpRouteConfig[],
  before: readonly HttpRouteConfig[],
): TrackedRoutes {
  const { gone, come } = listDelta(before, routes);
  const old = new Set(gone.map(({ id }) => id));
  const fresh = new Map(come.map((route) => [route.id, route]));
  let all: Map<string, HttpRouteConfig> | undefined;
  return {
    get(id) {
      const route = fresh.get(id);
      if (route !== undefined || old.has(id)) return route;
      all ??= new Map(routes.map((one) => [one.id, one]));
      return all.get(id);
    },
    isNew: (id) => fresh.has(id) && !old.has(id),
    old,
  };
}
