/** Status of one listener, the same for a Gateway's and a ListenerSet's. */
import { holds, isServing, type ListenerNode, type RouteKind } from '../graph/listener.ts';
import type { Condition } from '../objects.ts';
import { CONDITION, LISTENER_REASON } from '../reasons.ts';
import { conditionFrom, type DesiredCondition, renderConditions } from './condition.ts';

export interface ListenerStatus {
  readonly name: string;
  readonly supportedKinds: readonly RouteKind[];
  readonly attachedRoutes: number;
  readonly conditions: readonly Condition[];
}

export interface ListenerStatusContext {
  readonly generation: number;
  readonly now: number;
  readonly previous: readonly {
    readonly name: string;
    readonly conditions: readonly Condition[];
  }[];
  /** A Gateway that is not accepted serves none of its listeners. */
  readonly gatewayAccepted: boolean;
  /** The data plane serves this generation. */
  readonly programmed: boolean;
  /** HTTPS listeners that share hostnames with another one on their port. */
  readonly overlapping: ReadonlySet<ListenerNode>;
}

export function renderListener(
  listener: ListenerNode,
  attachedRoutes: number,
  context: ListenerStatusContext,
): ListenerStatus {
  const previous = context.previous.find((known) => known.name === listener.name)?.conditions;
  const { generation, now } = context;
  return {
    name: listener.name,
    supportedKinds: listener.supportedKinds,
    attachedRoutes,
    conditions: renderConditions(desiredConditions(listener, context), {
      previous,
      generation,
      now,
    }),
  };
}

function desiredConditions(
  listener: ListenerNode,
  context: ListenerStatusContext,
): readonly DesiredCondition[] {
  const { problems } = listener;
  const accepted = conditionFrom(problems, {
    type: CONDITION.accepted,
    status: 'True',
    reason: LISTENER_REASON.accepted,
    message: 'The listener is valid.',
  });
  const resolved = conditionFrom(problems, {
    type: CONDITION.resolvedRefs,
    status: 'True',
    reason: LISTENER_REASON.resolvedRefs,
    message: 'All references are resolved.',
  });
  const desired = [accepted, programmedOf(listener, context), resolved, conflictedOf(listener)];
  if (context.overlapping.has(listener)) desired.push(OVERLAPPING);
  return desired;
}

function programmedOf(listener: ListenerNode, context: ListenerStatusContext): DesiredCondition {
  const type = CONDITION.programmed;
  const conflict = listener.problems.find((problem) => problem.condition === CONDITION.conflicted);
  if (conflict !== undefined) {
    return { type, status: 'False', reason: conflict.reason, message: conflict.message };
  }
  if (!isServing(listener)) {
    const message = 'The listener is not served: see the conditions Accepted and ResolvedRefs.';
    return { type, status: 'False', reason: LISTENER_REASON.invalid, message };
  }
  if (!context.gatewayAccepted) {
    const message = 'The Gateway is not served: see its condition Accepted.';
    return { type, status: 'False', reason: LISTENER_REASON.invalid, message };
  }
  if (!context.programmed) {
    const message = 'The data plane has not taken over the configuration yet.';
    return { type, status: 'False', reason: LISTENER_REASON.pending, message };
  }
  const message = 'The data plane serves the listener.';
  return { type, status: 'True', reason: LISTENER_REASON.programmed, message };
}

/** Negative polarity: `True` is bad, so the general rule for problems does not fit. */
function conflictedOf(listener: ListenerNode): DesiredCondition {
  const type = CONDITION.conflicted;
  const conflict = listener.problems.find((problem) => problem.condition === type);
  if (conflict === undefined || holds(listener, type)) {
    const message = 'No other listener claims the same requests.';
    return { type, status: 'False', reason: LISTENER_REASON.noConflicts, message };
  }
  return { type, status: 'True', reason: conflict.reason, message: conflict.message };
}

const OVERLAPPING: DesiredCondition = {
  type: CONDITION.overlappingTlsConfig,
  status: 'True',
  reason: LISTENER_REASON.overlappingHostnames,
  message:
    'Another HTTPS listener on this port has an overlapping hostname: requests that reuse a connection of the other listener are answered 421.',
};
