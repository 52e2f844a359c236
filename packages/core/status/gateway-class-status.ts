/** Status of a GatewayClass of ours: accepted, and what it supports. */
import type { GatewayClass } from '@sluice/spec';
import type { Problem } from '../graph/problem.ts';
import { SPEC } from '../marks.ts';
import { type Condition, generationOf } from '../objects.ts';
import { CLASS_REASON, CONDITION } from '../reasons.ts';
import { supportedFeatures } from '../served.ts';
import type { Capabilities } from '../snapshot.ts';
import { conditionFrom, renderConditions } from './condition.ts';

export interface GatewayClassStatus {
  readonly conditions: readonly Condition[];
  readonly supportedFeatures: readonly { readonly name: string }[];
}

export interface GatewayClassContext {
  readonly capabilities: Capabilities;
  readonly now: number;
}

/** No kind of parameters is known, so any reference is to an unsupported kind. */
export function classProblems(gatewayClass: GatewayClass): readonly Problem[] {
  const ref = gatewayClass.spec.parametersRef;
  if (ref === undefined) return [];
  return [
    {
      condition: CONDITION.accepted,
      reason: CLASS_REASON.invalidParameters,
      message: `${ref.group || 'core'}/${ref.kind} ${ref.name} is not a kind of parameters for this controller; remove parametersRef.`,
      field: 'spec.parametersRef',
      spec: SPEC.gatewayClass,
    },
  ];
}

export function renderGatewayClassStatus(
  gatewayClass: GatewayClass,
  context: GatewayClassContext,
): GatewayClassStatus {
  const accepted = conditionFrom(classProblems(gatewayClass), {
    type: CONDITION.accepted,
    status: 'True',
    reason: CLASS_REASON.accepted,
    message: 'Gateways of this class are served.',
  });
  const version = {
    type: CONDITION.supportedVersion,
    status: 'True' as const,
    reason: CLASS_REASON.supportedVersion,
    message: 'The installed Gateway API version is supported.',
  };
  return {
    conditions: renderConditions([accepted, version], {
      previous: gatewayClass.status?.conditions,
      generation: generationOf(gatewayClass),
      now: context.now,
    }),
    supportedFeatures: supportedFeatures(context.capabilities).map((name) => ({ name })),
  };
}
