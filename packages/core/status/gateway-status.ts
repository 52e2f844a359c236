/** Status of a Gateway: what it is, where it is, and each of its listeners. */
import { allowsInsecureFallback } from '../graph/client-validation.ts';
import type { GatewayNode } from '../graph/gateway.ts';
import { holds, isServing, type ListenerNode } from '../graph/listener.ts';
import type { Problem } from '../graph/problem.ts';
import type { Condition } from '../objects.ts';
import { generationOf } from '../objects.ts';
import { CONDITION, GATEWAY_REASON } from '../reasons.ts';
import type { Capabilities } from '../snapshot.ts';
import { conditionFrom, type DesiredCondition, renderConditions } from './condition.ts';
import { type ListenerStatus, renderListener } from './listener-status.ts';

export interface GatewayStatusContext {
  readonly now: number;
  readonly channel: Capabilities['channel'];
  /** The data plane serves this generation. */
  readonly programmed: boolean;
  /** There is somebody who could. */
  readonly hasInstance: boolean;
  readonly attachedRoutes: (listener: ListenerNode) => number;
  readonly attachedListenerSets: number;
  readonly overlapping: ReadonlySet<ListenerNode>;
}

export interface GatewayStatus {
  readonly addresses: readonly StatusAddress[];
  readonly attachedListenerSets: number;
  readonly conditions: readonly Condition[];
  readonly listeners: readonly ListenerStatus[];
}

interface StatusAddress {
  readonly type: string;
  readonly value: string;
  /** On every address where the channel has the field, on none elsewhere. */
  readonly routability?: string;
}

/** What we own of the status: conditions of other types are somebody else's and stay. */
export function renderGatewayStatus(
  node: GatewayNode,
  context: GatewayStatusContext,
): GatewayStatus {
  const generation = generationOf(node.gateway);
  const previous = node.gateway.status;
  const { now } = context;
  const desired = desiredConditions(node, context);
  return {
    addresses: node.addresses.addresses.map(({ type, value, routability }) =>
      context.channel === 'standard' ? { type, value } : { type, value, routability },
    ),
    attachedListenerSets: context.attachedListenerSets,
    conditions: renderConditions(desired, { previous: previous?.conditions, generation, now }),
    listeners: node.listeners.map((listener) =>
      renderListener(listener, context.attachedRoutes(listener), {
        generation,
        now,
        previous: previous?.listeners ?? [],
        gatewayAccepted: node.accepted,
        programmed: context.programmed,
        overlapping: context.overlapping,
      }),
    ),
  };
}

/** At most five of the eight that the API allows, so that others have room. */
function desiredConditions(
  node: GatewayNode,
  context: GatewayStatusContext,
): readonly DesiredCondition[] {
  const desired = [acceptedOf(node), programmedOf(node, context), resolvedOf(node)];
  if ((node.gateway.spec.addresses ?? []).length > 0) desired.push(addressesAssigned(node));
  if (allowsInsecureFallback(node.gateway)) desired.push(INSECURE_FALLBACK);
  return desired;
}

function acceptedOf(node: GatewayNode): DesiredCondition {
  const type = CONDITION.accepted;
  const own = node.problems.filter((problem) => problem.condition === type);
  if (own.length > 0) return conditionFrom(own, ACCEPTED);
  const invalid = node.listeners.filter((listener) => !holds(listener, type));
  if (invalid.length === 0) return ACCEPTED;
  const names = (listeners: readonly ListenerNode[]) =>
    listeners.map(({ name }) => name).join(', ');
  const valid = node.listeners.filter((listener) => holds(listener, type));
  const rest = valid.length === 0 ? 'none is left' : `these are accepted: ${names(valid)}`;
  const message = `Listeners that are not accepted: ${names(invalid)}; ${rest}.`;
  const status = node.accepted ? 'True' : 'False';
  return { type, status, reason: GATEWAY_REASON.listenersNotValid, message };
}

const ACCEPTED: DesiredCondition = {
  type: CONDITION.accepted,
  status: 'True',
  reason: GATEWAY_REASON.accepted,
  message: 'The Gateway is valid.',
};

function programmedOf(node: GatewayNode, context: GatewayStatusContext): DesiredCondition {
  const type = CONDITION.programmed;
  if (!node.accepted) {
    const message = 'The Gateway is not served: see the condition Accepted.';
    return { type, status: 'False', reason: GATEWAY_REASON.invalid, message };
  }
  const good: DesiredCondition = {
    type,
    status: 'True',
    reason: GATEWAY_REASON.programmed,
    message: 'The data plane serves the Gateway.',
  };
  const blocking = node.problems.filter((problem) => blocksProgrammed(node, problem));
  if (blocking.length > 0) return conditionFrom(blocking, good);
  if (!servesSomething(node)) {
    const message = 'No listener can be served: see their conditions.';
    return { type, status: 'False', reason: GATEWAY_REASON.invalid, message };
  }
  if (context.programmed) return good;
  const message = context.hasInstance
    ? 'The data plane has not taken over the configuration yet.'
    : 'No Pod of the data plane is ready.';
  return { type, status: 'False', reason: GATEWAY_REASON.pending, message };
}

/** A static address that can't be used blocks; one that is merely not there yet, only alone. */
function blocksProgrammed(node: GatewayNode, problem: Problem): boolean {
  if (problem.condition !== CONDITION.programmed) return false;
  return problem.reason !== GATEWAY_REASON.addressNotAssigned || node.addresses.outcome === 'none';
}

function servesSomething(node: GatewayNode): boolean {
  const sets = node.listenerSets.filter((set) => set.refusal === undefined);
  return [...node.listeners, ...sets.flatMap((set) => set.listeners)].some(isServing);
}

function resolvedOf(node: GatewayNode): DesiredCondition {
  const type = CONDITION.resolvedRefs;
  const good: DesiredCondition = {
    type,
    status: 'True',
    reason: GATEWAY_REASON.resolvedRefs,
    message: 'All references are resolved.',
  };
  const own = conditionFrom(node.problems, good);
  if (own !== good) return own;
  const unresolved = node.listeners.filter((listener) => !holds(listener, type));
  if (unresolved.length === 0) return good;
  const names = unresolved.map((listener) => listener.name).join(', ');
  const message = `Listeners with references that are not resolved: ${names}.`;
  return { type, status: 'False', reason: GATEWAY_REASON.listenersNotResolved, message };
}

function addressesAssigned(node: GatewayNode): DesiredCondition {
  const type = CONDITION.addressesAssigned;
  const missing = node.addresses.problems.map((problem) => problem.message).join(' ');
  switch (node.addresses.outcome) {
    case 'all': {
      const message = 'All requested addresses are assigned.';
      return { type, status: 'True', reason: GATEWAY_REASON.addressesAssigned, message };
    }
    case 'some':
      return {
        type,
        status: 'False',
        reason: GATEWAY_REASON.addressesPartiallyAssigned,
        message: missing,
      };
    case 'none':
      return {
        type,
        status: 'False',
        reason: GATEWAY_REASON.addressesNotAssigned,
        message: missing,
      };
  }
}

const INSECURE_FALLBACK: DesiredCondition = {
  type: CONDITION.insecureFrontendValidationMode,
  status: 'True',
  reason: GATEWAY_REASON.configurationChanged,
  message:
    'AllowInsecureFallback lets clients in without a valid certificate; backends must check who they are.',
};
