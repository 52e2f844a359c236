/** Routes: a status for each that names a parent of ours, and the end of one for each that did. */

import type { PatchStatusEffect } from '@sluice/sansio';
import type { HTTPRoute } from '@sluice/spec';
import type { Graph } from './graph/graph.ts';
import type { HttpRouteNode, RouteNode, RouteObject } from './graph/route.ts';
import type { RouteBlock } from './graph/route-survey.ts';
import { createMemo } from './memo.ts';
import { generationOf } from './objects.ts';
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
  return {
    findings: httpRouteFindings(node),
    effects: [patchRoute(graph, node, desiredHttpParents(node))],
  };
}

/** The routes of a block, one after the other; remembered with the block. */
export function reconcileRouteBlock(graph: Graph, block: RouteBlock): Outcome {
  const { controllerName } = graph.world.settings;
  const { now } = graph.world.snapshot;
  const isSteady = steadyMemo(block, [controllerName], () =>
    block.nodes.every((node) => isNodeSettled(node, controllerName)),
  );
  return blockMemo(block, [controllerName, isSteady ? 0 : now], () => {
    const outcomes = block.nodes.map((node) => reconcileHttpRoute(graph, node));
    return {
      findings: outcomes.flatMap((outcome) => outcome.findings),
      effects: outcomes.flatMap((outcome) => outcome.effects),
    };
  });
}

const blockMemo = createMemo<RouteBlock, Outcome>();

/** Whether every condition had its value before, so that the time of day does not matter. */
const steadyMemo = createMemo<RouteBlock, boolean>();

function isNodeSettled(node: HttpRouteNode, controllerName: string): boolean {
  const generation = generationOf(node.route);
  const context = { status: node.route.status, generation, controllerName };
  return isRouteSettled(desiredHttpParents(node), context);
}

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
  return { findings: [], effects: graph.released.map((ref) => patchStatus(ref, { parents: [] })) };
}
