/** Routes: a status for each that names a parent of ours, and the end of one for each that did. */

import type { PatchStatusEffect } from '@sluice/sansio';
import type { HTTPRoute } from '@sluice/spec';
import type { Graph } from './graph/graph.ts';
import type { HttpRouteNode, RouteNode, RouteObject } from './graph/route.ts';
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
  const { controllerName } = graph.world.settings;
  const { now } = graph.world.snapshot;
  const known = verdicts.get(node);
  if (known !== undefined && known.controllerName === controllerName) {
    if (known.settled || known.now === now) return known.outcome;
  }
  const parents = desiredHttpParents(node);
  const generation = generationOf(node.route);
  const settled = isRouteSettled(parents, {
    status: node.route.status,
    generation,
    controllerName,
  });
  const outcome = {
    findings: httpRouteFindings(node),
    effects: [patchRoute(graph, node, parents)],
  };
  verdicts.set(node, { controllerName, settled, now, outcome });
  return outcome;
}

/** The last outcome for a node: good for other times too if its conditions held before. */
interface Verdict {
  readonly controllerName: string;
  readonly settled: boolean;
  readonly now: number;
  readonly outcome: Outcome;
}

const verdicts = new WeakMap<HttpRouteNode, Verdict>();

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
