/** GatewayClass: any class that names our controller is accepted, with what it supports. */
import type { GatewayClass } from '@sluice/spec';
import type { Graph } from './graph/graph.ts';
import { problemFinding } from './graph/problem.ts';
import { nameOf, refOf } from './objects.ts';
import type { Outcome } from './outcome.ts';
import { patchStatus } from './status/effect.ts';
import { classProblems, renderGatewayClassStatus } from './status/gateway-class-status.ts';

export function reconcileGatewayClass(graph: Graph, gatewayClass: GatewayClass): Outcome {
  const { capabilities, now } = graph.world.snapshot;
  const ref = { ...refOf('GatewayClass', gatewayClass), name: nameOf(gatewayClass) };
  const status = renderGatewayClassStatus(gatewayClass, { capabilities, now });
  return {
    findings: classProblems(gatewayClass).map((problem) => problemFinding(ref, problem)),
    effects: [patchStatus(ref, status)],
  };
}
