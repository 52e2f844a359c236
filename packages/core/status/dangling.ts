/**
 * References to what does not exist at all: a class that nobody has, a parent that is not there.
 *
 * No status says it, since no controller is responsible; a typo should still not be silent.
 */
import type { Finding } from '../finding.ts';
import { parentKey } from '../graph/attachment.ts';
import type { Graph } from '../graph/graph.ts';
import { parentKeyOf } from '../graph/listener-set.ts';
import type { RouteObject } from '../graph/route.ts';
import { SPEC } from '../marks.ts';
import { createMemo } from '../memo.ts';
import { keyOf, nameOf, refOf } from '../objects.ts';
import { NOTICE_REASON } from '../reasons.ts';

export function findDangling(graph: Graph): readonly Finding[] {
  const { snapshot } = graph.world;
  const known = new Set<string>();
  for (const gateway of snapshot.gateways) known.add(`Gateway/${keyOf(gateway)}`);
  for (const set of snapshot.listenerSets) known.add(`ListenerSet/${keyOf(set)}`);
  return [
    ...danglingGateways(graph),
    ...danglingListenerSets(graph, known),
    ...danglingRoutes('HTTPRoute', snapshot.httpRoutes, known),
    ...danglingRoutes('GRPCRoute', snapshot.grpcRoutes, known),
    ...danglingRoutes('TCPRoute', snapshot.tcpRoutes, known),
    ...danglingRoutes('TLSRoute', snapshot.tlsRoutes, known),
    ...danglingRoutes('UDPRoute', snapshot.udpRoutes, known),
  ];
}

function danglingGateways(graph: Graph): readonly Finding[] {
  const { snapshot } = graph.world;
  const classes = new Set(snapshot.gatewayClasses.map(nameOf));
  return snapshot.gateways
    .filter((gateway) => !classes.has(gateway.spec.gatewayClassName))
    .map((gateway) => ({
      subject: refOf('Gateway', gateway),
      field: 'spec.gatewayClassName',
      severity: 'warning',
      reason: NOTICE_REASON.unknownClass,
      message: `GatewayClass ${gateway.spec.gatewayClassName} does not exist, so no controller serves this Gateway: create it or correct the name.`,
      spec: SPEC.gatewayClassName,
    }));
}

function danglingListenerSets(graph: Graph, known: ReadonlySet<string>): readonly Finding[] {
  return graph.world.snapshot.listenerSets.flatMap((set): Finding[] => {
    const key = parentKeyOf(set);
    if (key === undefined || known.has(`Gateway/${key}`)) return [];
    return [
      {
        subject: refOf('ListenerSet', set),
        field: 'spec.parentRef',
        severity: 'warning',
        reason: NOTICE_REASON.unknownParent,
        message: `Gateway ${key} does not exist, so nobody serves these listeners: create it or correct the name.`,
        spec: SPEC.listenerSet,
      },
    ];
  });
}

function danglingRoutes(
  kind: string,
  routes: readonly RouteObject[],
  known: ReadonlySet<string>,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const route of routes) {
    const keys = keysMemo(route, [], () =>
      (route.spec.parentRefs ?? []).map((ref) => parentKey(route, ref)),
    );
    for (const [index, key] of keys.entries()) {
      if (key === undefined || known.has(key)) continue;
      const [parent = '', ...name] = key.split('/');
      findings.push({
        subject: refOf(kind, route),
        field: `spec.parentRefs[${index}]`,
        severity: 'warning',
        reason: NOTICE_REASON.unknownParent,
        message: `${parent} ${name.join('/')} does not exist, so the route is not served there: create it or correct the name.`,
        spec: SPEC.parentRefs,
      });
    }
  }
  return findings;
}

const keysMemo = createMemo<RouteObject, readonly (string | undefined)[]>();
