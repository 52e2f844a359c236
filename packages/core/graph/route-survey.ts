/**
 * All routes, each looked at once: those of ours, those that were, those that name nobody.
 *
 * With 10,000 routes even a glance at each takes too long for every turn. So routes are looked at
 * in blocks (`block.ts`), and all that they depend on is summed up in one token: as long as it is
 * the same, an unchanged block is as it was. When it is not, each route compares what it read.
 */
import type { ObjectRef } from '@sluice/sansio';
import type { HTTPRoute } from '@sluice/spec';
import type { Finding } from '../finding.ts';
import { createMemo } from '../memo.ts';
import { sortObjects } from '../object-order.ts';
import { refOf } from '../objects.ts';
import { type Block, cutBlocks } from './block.ts';
import { danglingParent } from './dangling.ts';
import { defaultGatewayRequests } from './default-gateways.ts';
import {
  buildHttpRoute,
  buildOtherRoute,
  type HttpRouteNode,
  type ParentIndex,
  parentKeysOf,
  type RouteNode,
  type RouteObject,
} from './route.ts';
import type { World } from './world.ts';

export interface RouteSurvey {
  /** In the order of their names. */
  readonly httpRoutes: readonly HttpRouteNode[];
  /** The same, in blocks that outlive changes elsewhere. */
  readonly httpBlocks: readonly RouteBlock[];
  /** Routes of kinds that are not served yet, but name a parent of ours. */
  readonly otherRoutes: readonly RouteNode[];
  /** Routes that carry a status of ours, but name no parent of ours any more. */
  readonly released: readonly ObjectRef[];
  /** parentRefs that name nothing that exists, and requests for Gateways that are not there. */
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
  const survey = <Node extends object>(blocks: readonly SurveyBlock<Node>[]): readonly Node[] => {
    for (const block of blocks) {
      for (const ref of block.released) released.push(ref);
      for (const finding of block.dangling) dangling.push(finding);
    }
    return blocks.flatMap((block) => block.nodes);
  };
  const surveyOther = (kind: OtherKind, routes: readonly RouteObject[]): readonly RouteNode[] =>
    survey(otherSurveyors[kind].look(environment, token, routes));
  const httpBlocks = httpRouteSurveyor.look(environment, token, snapshot.httpRoutes);
  const httpRoutes = survey(httpBlocks);
  const otherRoutes = [
    ...surveyOther('GRPCRoute', snapshot.grpcRoutes),
    ...surveyOther('TCPRoute', snapshot.tcpRoutes),
    ...surveyOther('TLSRoute', snapshot.tlsRoutes),
    ...surveyOther('UDPRoute', snapshot.udpRoutes),
  ];
  return { httpRoutes, httpBlocks, otherRoutes, released, dangling };

  function tokenOf({ known }: RouteEnvironment): object {
    const { settings, grants, namespaces, services } = world;
    const names = [...known].join(' ');
    const dependencies = [grants, namespaces, parents, names, settings.namespaces];
    return tokenMemo(services.nodes, [...dependencies, settings.controllerName], () => ({}));
  }
}

const tokenMemo = createMemo<object, object>();

/** What a look at a few neighbouring routes gave; good for as long as the token is the same. */
interface SurveyBlock<Node> {
  readonly nodes: readonly Node[];
  readonly released: readonly ObjectRef[];
  readonly dangling: readonly Finding[];
}

export type RouteBlock = SurveyBlock<HttpRouteNode>;

interface Surveyor<Route, Node> {
  look(
    environment: RouteEnvironment,
    token: object,
    routes: readonly Route[],
  ): readonly SurveyBlock<Node>[];
}

function createSurveyor<Route extends RouteObject, Node extends object>(
  kind: string,
  build: (environment: RouteEnvironment, route: Route) => Node | undefined,
): Surveyor<Route, Node> {
  const latest = new WeakMap<object, readonly Block<Route>[]>();
  const surveyMemo = createMemo<Block<Route>, SurveyBlock<Node>>();
  const survey = (environment: RouteEnvironment, { items }: Block<Route>): SurveyBlock<Node> => {
    const { controllerName } = environment.world.settings;
    const nodes: Node[] = [];
    const released: ObjectRef[] = [];
    const dangling: Finding[] = [];
    for (const route of items) {
      const node = build(environment, route);
      if (node !== undefined) nodes.push(node);
      else if (isSigned(route, controllerName)) released.push(refOf(kind, route));
      dangling.push(...findDangling(environment, kind, route));
    }
    return { nodes, released, dangling };
  };
  return {
    look(environment, token, routes) {
      const blocks = cutBlocks(sortObjects(routes), latest.get(environment.world.services.nodes));
      latest.set(environment.world.services.nodes, blocks);
      return blocks.map((block) => surveyMemo(block, [token], () => survey(environment, block)));
    },
  };
}

const httpRouteSurveyor = createSurveyor('HTTPRoute', ({ world, parents }, route: HTTPRoute) =>
  buildHttpRoute(world, parents, route),
);

type OtherKind = keyof typeof otherSurveyors;

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
  const parents = parentKeysOf(route).flatMap((key, index) =>
    key === undefined || environment.known.has(key)
      ? []
      : [danglingParent(refOf(kind, route), index, key)],
  );
  return kind === 'HTTPRoute'
    ? [...parents, ...defaultGatewayRequests(route as HTTPRoute)]
    : parents;
}

interface Signed {
  readonly status?: { readonly parents: readonly { readonly controllerName: string }[] };
}

function isSigned(route: RouteObject & Signed, controllerName: string): boolean {
  return route.status?.parents.some((entry) => entry.controllerName === controllerName) ?? false;
}
