/**
 * All routes, each looked at once: those of ours, those that were, those that name nobody.
 *
 * With 10,000 routes even a glance at each of their references takes too long for every turn. So
 * all that routes depend on is summed up in one token: as long as it is the same, an unchanged
 * route costs one look-up. When it is not, each route compares what it depends on itself.
 */
import type { ObjectRef } from '@sluice/sansio';
import type { HTTPRoute } from '@sluice/spec';
import type { Finding } from '../finding.ts';
import { createMemo } from '../memo.ts';
import { refOf } from '../objects.ts';
import { danglingParent } from './dangling.ts';
import {
  buildHttpRoute,
  buildOtherRoute,
  type HttpRouteNode,
  type ParentIndex,
  parentKeysOf,
  type RouteNode,
  type RouteObject,
} from './route.ts';
import { sortObjects, type World } from './world.ts';

export interface RouteSurvey {
  readonly httpRoutes: readonly HttpRouteNode[];
  /** Routes of kinds that are not served yet, but name a parent of ours. */
  readonly otherRoutes: readonly RouteNode[];
  /** Routes that carry a status of ours, but name no parent of ours any more. */
  readonly released: readonly ObjectRef[];
  /** parentRefs that name nothing that exists. */
  readonly dangling: readonly Finding[];
}

export interface RouteEnvironment {
  readonly world: World;
  /** Ours. */
  readonly parents: ParentIndex;
  /** Anybody's, by `kind/namespace/name`. */
  readonly known: ReadonlySet<string>;
}

export function surveyRoutes(environment: RouteEnvironment): RouteSurvey {
  const { world, parents } = environment;
  const { snapshot } = world;
  const token = tokenOf(environment);
  const released: ObjectRef[] = [];
  const dangling: Finding[] = [];
  const survey = <Route extends RouteObject, Node extends object>(
    surveyor: Surveyor<Route, Node>,
    routes: readonly Route[],
  ): Node[] => {
    const nodes: Node[] = [];
    for (const route of sortObjects(routes)) {
      const entry = surveyor.look(environment, token, route);
      if (entry.node !== undefined) nodes.push(entry.node);
      if (entry.released !== undefined) released.push(entry.released);
      for (const finding of entry.dangling) dangling.push(finding);
    }
    return nodes;
  };
  const httpRoutes = survey(httpRouteSurveyor, snapshot.httpRoutes);
  const otherRoutes = [
    ...survey(otherSurveyors.GRPCRoute, snapshot.grpcRoutes),
    ...survey(otherSurveyors.TCPRoute, snapshot.tcpRoutes),
    ...survey(otherSurveyors.TLSRoute, snapshot.tlsRoutes),
    ...survey(otherSurveyors.UDPRoute, snapshot.udpRoutes),
  ];
  return { httpRoutes, otherRoutes, released, dangling };

  function tokenOf({ known }: RouteEnvironment): object {
    const { settings, grants, namespaces, services } = world;
    const names = [...known].join(' ');
    const dependencies = [grants, namespaces, parents, names, settings.namespaces];
    return tokenMemo(services.nodes, [...dependencies, settings.controllerName], () => ({}));
  }
}

const tokenMemo = createMemo<object, object>();

/** What a look at one route gave; good for as long as the token is the same. */
interface SurveyEntry<Node> {
  readonly token: object;
  readonly node: Node | undefined;
  readonly released: ObjectRef | undefined;
  readonly dangling: readonly Finding[];
}

interface Surveyor<Route, Node> {
  look(environment: RouteEnvironment, token: object, route: Route): SurveyEntry<Node>;
}

function createSurveyor<Route extends RouteObject, Node extends object>(
  kind: string,
  build: (environment: RouteEnvironment, route: Route) => Node | undefined,
): Surveyor<Route, Node> {
  const entries = new WeakMap<Route, SurveyEntry<Node>>();
  return {
    look(environment, token, route) {
      const known = entries.get(route);
      if (known !== undefined && known.token === token) return known;
      const node = build(environment, route);
      const { controllerName } = environment.world.settings;
      const isReleased = node === undefined && isSigned(route, controllerName);
      const entry = {
        token,
        node,
        released: isReleased ? refOf(kind, route) : undefined,
        dangling: findDangling(environment, kind, route),
      };
      entries.set(route, entry);
      return entry;
    },
  };
}

const httpRouteSurveyor = createSurveyor('HTTPRoute', ({ world, parents }, route: HTTPRoute) =>
  buildHttpRoute(world, parents, route),
);

const otherSurveyors = {
  GRPCRoute: createOtherSurveyor('GRPCRoute'),
  TCPRoute: createOtherSurveyor('TCPRoute'),
  TLSRoute: createOtherSurveyor('TLSRoute'),
  UDPRoute: createOtherSurveyor('UDPRoute'),
} as const;

function createOtherSurveyor(kind: string): Surveyor<RouteObject, RouteNode> {
  return createSurveyor(kind, ({ world, parents }, route: RouteObject) =>
    buildOtherRoute(world, parents, { kind, route }),
  );
}

function findDangling(
  environment: RouteEnvironment,
  kind: string,
  route: RouteObject,
): readonly Finding[] {
  return parentKeysOf(route).flatMap((key, index) =>
    key === undefined || environment.known.has(key)
      ? []
      : [danglingParent(refOf(kind, route), index, key)],
  );
}

interface Signed {
  readonly status?: { readonly parents: readonly { readonly controllerName: string }[] };
}

function isSigned(route: RouteObject & Signed, controllerName: string): boolean {
  return route.status?.parents.some((entry) => entry.controllerName === controllerName) ?? false;
}
