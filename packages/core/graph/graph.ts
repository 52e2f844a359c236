/**
 * Graph: who attaches to whom. Classes → gateways and their listener sets → routes → traffic.
 *
 * Holds only what is ours: objects of other controllers' classes have no node, and so can change
 * nothing.
 */
import type { Gateway, GatewayClass, ListenerSet } from '@sluice/spec';
import type { Finding } from '../finding.ts';
import { createMapSharer, shareContent } from '../memo.ts';
import { sortObjects } from '../object-order.ts';
import { compareAge, keyOf, nameOf } from '../objects.ts';
import { danglingGateways, danglingListenerSets, listParents } from './dangling.ts';
import { defaultGatewayNotices } from './default-gateways.ts';
import { buildGateway, type GatewayNode } from './gateway.ts';
import type { ListenerNode } from './listener.ts';
import { parentKeyOf } from './listener-set.ts';
import { collectParentFacts, type ListenerFacts, type ParentFacts } from './parent.ts';
import type { ParentIndex } from './route.ts';
import { type RouteSurvey, surveyRoutes } from './route-survey.ts';
import { collectTraffic, type ListenerTraffic, type Traffic } from './traffic.ts';
import type { World } from './world.ts';

export interface Graph extends Omit<RouteSurvey, 'dangling'> {
  readonly world: World;
  /** Classes that name our controller, by name. */
  readonly classes: ReadonlyMap<string, GatewayClass>;
  readonly gateways: readonly GatewayNode[];
  readonly parents: ParentIndex;
  readonly traffic: Traffic;
  readonly listenerFacts: ReadonlyMap<ListenerNode, ListenerFacts>;
  /** References to what does not exist at all, or is not served by any name. */
  readonly dangling: readonly Finding[];
}

export function buildGraph(world: World): Graph {
  const classes = findClasses(world);
  const gateways = buildGateways(world, classes);
  const { parents, listenerFacts } = indexParents(classes, gateways);
  const known = listParents(world.snapshot);
  const survey = surveyRoutes({ world, parents, known });
  const traffic = collectTraffic(survey.httpBlocks);
  const dangling = [
    ...danglingGateways(world.snapshot),
    ...danglingListenerSets(world.snapshot, known),
    ...survey.dangling,
    ...gateways.flatMap(({ gateway }) => defaultGatewayNotices(gateway)),
  ];
  return { ...survey, world, classes, gateways, parents, traffic, listenerFacts, dangling };
}

export function trafficOf(graph: Graph, listener: ListenerNode): readonly ListenerTraffic[] {
  const facts = graph.listenerFacts.get(listener);
  return (facts === undefined ? undefined : graph.traffic.byListener.get(facts)) ?? [];
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

const shareParents = createMapSharer();

interface Parents {
  readonly parents: ParentIndex;
  readonly listenerFacts: ReadonlyMap<ListenerNode, ListenerFacts>;
}

function indexParents(
  classes: ReadonlyMap<string, GatewayClass>,
  gateways: readonly GatewayNode[],
): Parents {
  const parents = new Map<string, ParentFacts>();
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
  return { parents: shareParents(parents), listenerFacts };
}
