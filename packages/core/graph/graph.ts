/**
 * Graph: who attaches to whom. Classes → gateways and their listener sets → routes → traffic.
 *
 * Holds only what is ours: objects of other controllers' classes have no node, and so can change
 * nothing.
 */
import type { Gateway, GatewayClass, HTTPRoute, ListenerSet } from '@sluice/spec';
import { shareContent } from '../memo.ts';
import { compareAge, keyOf, nameOf, refOf } from '../objects.ts';
import { buildGateway, type GatewayNode } from './gateway.ts';
import type { ListenerNode } from './listener.ts';
import { parentKeyOf } from './listener-set.ts';
import { collectParentFacts, type ListenerFacts } from './parent.ts';
import {
  attachRoute,
  buildHttpRoute,
  type HttpRouteNode,
  type ParentIndex,
  type RouteNode,
  type RouteObject,
} from './route.ts';
import { collectTraffic, type ListenerTraffic, type Traffic } from './traffic.ts';
import { sortObjects, type World } from './world.ts';

export interface Graph {
  readonly world: World;
  /** Classes that name our controller, by name. */
  readonly classes: ReadonlyMap<string, GatewayClass>;
  readonly gateways: readonly GatewayNode[];
  readonly parents: ParentIndex;
  readonly httpRoutes: readonly HttpRouteNode[];
  /** Routes of kinds that are not served yet, but name a parent of ours. */
  readonly otherRoutes: readonly RouteNode[];
  readonly traffic: Traffic;
  readonly listenerFacts: ReadonlyMap<ListenerNode, ListenerFacts>;
}

export function buildGraph(world: World): Graph {
  const classes = findClasses(world);
  const gateways = buildGateways(world, classes);
  const { parents, listenerFacts } = indexParents(classes, gateways);
  const httpRoutes: HttpRouteNode[] = [];
  for (const route of sortObjects<HTTPRoute>(world.snapshot.httpRoutes)) {
    const node = buildHttpRoute(world, parents, route);
    if (node !== undefined) httpRoutes.push(node);
  }
  const otherRoutes = buildOtherRoutes(world, parents);
  const traffic = collectTraffic(httpRoutes);
  return { world, classes, gateways, parents, httpRoutes, otherRoutes, traffic, listenerFacts };
}

export function trafficOf(graph: Graph, listener: ListenerNode): ListenerTraffic | undefined {
  const facts = graph.listenerFacts.get(listener);
  return facts === undefined ? undefined : graph.traffic.byListener.get(facts);
}

function findClasses(world: World): ReadonlyMap<string, GatewayClass> {
  const ours = sortObjects(world.snapshot.gatewayClasses).filter(
    (gatewayClass) => gatewayClass.spec.controllerName === world.settings.controllerName,
  );
  return new Map(ours.map((gatewayClass) => [nameOf(gatewayClass), gatewayClass]));
}

function buildGateways(
  world: World,
  classes: ReadonlyMap<string, GatewayClass>,
): readonly GatewayNode[] {
  const sets = new Map<string, ListenerSet[]>();
  for (const set of world.snapshot.listenerSets) {
    const key = parentKeyOf(set);
    if (key === undefined) continue;
    const group = sets.get(key);
    if (group === undefined) sets.set(key, [set]);
    else group.push(set);
  }
  return sortObjects<Gateway>(world.snapshot.gateways)
    .filter((gateway) => classes.has(gateway.spec.gatewayClassName))
    .map((gateway) =>
      buildGateway(world, gateway, (sets.get(keyOf(gateway)) ?? []).sort(compareAge)),
    );
}

interface Parents {
  readonly parents: ParentIndex;
  readonly listenerFacts: ReadonlyMap<ListenerNode, ListenerFacts>;
}

function indexParents(
  classes: ReadonlyMap<string, GatewayClass>,
  gateways: readonly GatewayNode[],
): Parents {
  const parents = new Map<
    string,
    ParentIndex extends ReadonlyMap<string, infer Facts> ? Facts : never
  >();
  const listenerFacts = new Map<ListenerNode, ListenerFacts>();
  for (const node of gateways) {
    const anchor = classes.get(node.gateway.spec.gatewayClassName) ?? node.gateway;
    const owners = [
      { ref: node.ref, listeners: node.listeners, refusal: undefined },
      ...node.listenerSets.map(({ ref, listeners, refusal }) => ({
        ref,
        listeners,
        refusal: refusal?.message,
      })),
    ];
    for (const owner of owners) {
      const key = `${owner.ref.kind}/${owner.ref.namespace ?? ''}/${owner.ref.name}`;
      const facts = shareContent(anchor, key, collectParentFacts({ ...owner, gateway: node.key }));
      parents.set(key, facts);
      for (const [index, listener] of owner.listeners.entries()) {
        const own = facts.listeners[index];
        if (own !== undefined) listenerFacts.set(listener, own);
      }
    }
  }
  return { parents, listenerFacts };
}

function buildOtherRoutes(world: World, parents: ParentIndex): readonly RouteNode[] {
  const { grpcRoutes, tlsRoutes, tcpRoutes, udpRoutes } = world.snapshot;
  const build = (kind: string, routes: readonly RouteObject[]): readonly RouteNode[] =>
    sortObjects(routes).flatMap((route) => {
      const attachments = attachRoute(world, parents, { kind, route });
      return attachments.length === 0 ? [] : [{ ref: refOf(kind, route), route, attachments }];
    });
  return [
    ...build('GRPCRoute', grpcRoutes),
    ...build('TCPRoute', tcpRoutes),
    ...build('TLSRoute', tlsRoutes),
    ...build('UDPRoute', udpRoutes),
  ];
}
