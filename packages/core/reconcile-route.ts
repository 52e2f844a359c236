/** Routes: a status for each that names a parent of ours, and the end of one for each that did. */

import type { ObjectRef, PatchStatusEffect } from '@sluice/sansio';
import type { HTTPRoute } from '@sluice/spec';
import type { Finding } from './finding.ts';
import type { Graph } from './graph/graph.ts';
import type { HttpRouteNode, RouteNode, RouteObject } from './graph/route.ts';
import { createMemo } from './memo.ts';
import { generationOf, refOf } from './objects.ts';
import type { Outcome } from './outcome.ts';
import { patchStatus } from './status/effect.ts';
import {
  attachmentFindings,
  type DesiredParent,
  desiredHttpParents,
  desiredParents,
  httpRouteFindings,
  isRouteSettled,
  renderRouteStatus,
} from './status/route-status.ts';

export function reconcileHttpRoute(graph: Graph, node: HttpRouteNode): Outcome {
  const { controllerName } = graph.world.settings;
  const draft = draftMemo(node, [controllerName], () => {
    const parents = desiredHttpParents(node);
    const context = {
      status: node.route.status,
      generation: generationOf(node.route),
      controllerName,
    };
    return {
      parents,
      settled: isRouteSettled(parents, context),
      findings: httpRouteFindings(node),
    };
  });
  const now = draft.settled ? 0 : graph.world.snapshot.now;
  return outcomeMemo(draft, [now], () => ({
    findings: draft.findings,
    effects: [patchRoute(graph, node, draft.parents)],
  }));
}

/** All of the outcome but the times. */
interface RouteDraft {
  readonly parents: readonly DesiredParent[];
  /** Every condition had its value before, so that the time of day does not matter. */
  readonly settled: boolean;
  readonly findings: readonly Finding[];
}

const draftMemo = createMemo<HttpRouteNode, RouteDraft>();
const outcomeMemo = createMemo<RouteDraft, Outcome>();

/** Kinds that are not served yet: refused in their status rather than passed over in silence. */
export function reconcileOtherRoute(graph: Graph, node: RouteNode): Outcome {
  return {
    findings: attachmentFindings(node),
    effects: [patchRoute(graph, node, desiredParents(node))],
  };
}

function patchRoute(
  graph: Graph,
  node: RouteNode,
  parents: readonly DesiredParent[],
): PatchStatusEffect {
  const status = renderRouteStatus(parents, {
    status: statusOf(node.route),
    generation: generationOf(node.route),
    controllerName: graph.world.settings.controllerName,
    now: graph.world.snapshot.now,
  });
  return patchStatus(node.ref, status);
}

function statusOf(route: RouteObject): HTTPRoute['status'] {
  return 'status' in route ? (route.status as HTTPRoute['status']) : undefined;
}

/** Routes that we wrote a status for and that name no parent of ours any more. */
export function releaseRoutes(graph: Graph): Outcome {
  const { snapshot, settings } = graph.world;
  const kept = new Set<RouteObject>();
  for (const node of graph.httpRoutes) kept.add(node.route);
  for (const node of graph.otherRoutes) kept.add(node.route);
  const effects: PatchStatusEffect[] = [];
  const release = (kind: string, routes: readonly RouteObject[]): void => {
    for (const route of routes) {
      if (kept.has(route) || !isSigned(route, settings.controllerName)) continue;
      const ref: ObjectRef = refOf(kind, route);
      effects.push(patchStatus(ref, { parents: [] }));
    }
  };
  release('HTTPRoute', snapshot.httpRoutes);
  release('GRPCRoute', snapshot.grpcRoutes);
  release('TCPRoute', snapshot.tcpRoutes);
  release('TLSRoute', snapshot.tlsRoutes);
  release('UDPRoute', snapshot.udpRoutes);
  return { findings: [], effects };
}

function isSigned(route: RouteObject, controllerName: string): boolean {
  return statusOf(route)?.parents.some((entry) => entry.controllerName === controllerName) ?? false;
}
