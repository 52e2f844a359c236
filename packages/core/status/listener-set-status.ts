/** Status of a ListenerSet: whether its Gateway lets it in, and each of its listeners. */
import { isServing, type ListenerNode } from '../graph/listener.ts';
import type { ListenerSetNode } from '../graph/listener-set.ts';
import { type Condition, generationOf } from '../objects.ts';
import { CONDITION, LISTENER_SET_REASON } from '../reasons.ts';
import { type DesiredCondition, renderConditions } from './condition.ts';
import { type ListenerStatus, renderListener } from './listener-status.ts';

export interface ListenerSetStatusContext {
  readonly now: number;
  /** The data plane serves this generation of the set. */
  readonly programmed: boolean;
  readonly attachedRoutes: (listener: ListenerNode) => number;
  readonly overlapping: ReadonlySet<ListenerNode>;
}

export interface ListenerSetStatus {
  readonly conditions: readonly Condition[];
  readonly listeners: readonly ListenerStatus[];
}

/** Attached: let in by the Gateway and with at least one listener that can serve. */
export function isAttached(node: ListenerSetNode): boolean {
  return node.refusal === undefined && node.listeners.some(isServing);
}

export function renderListenerSetStatus(
  node: ListenerSetNode,
  context: ListenerSetStatusContext,
): ListenerSetStatus {
  const generation = generationOf(node.set);
  const previous = node.set.status;
  const { now } = context;
  const conditions = renderConditions([acceptedOf(node), programmedOf(node, context)], {
    previous: previous?.conditions,
    generation,
    now,
  });
  /** A Gateway that is not accepted is such a refusal. */
  if (node.refusal !== undefined) return { conditions, listeners: [] };
  const listeners = node.listeners.map((listener) =>
    renderListener(listener, context.attachedRoutes(listener), {
      generation,
      now,
      previous: previous?.listeners ?? [],
      gatewayAccepted: true,
      programmed: context.programmed,
      overlapping: context.overlapping,
    }),
  );
  return { conditions, listeners };
}

function acceptedOf(node: ListenerSetNode): DesiredCondition {
  const type = CONDITION.accepted;
  if (node.refusal !== undefined) {
    return { type, status: 'False', reason: node.refusal.reason, message: node.refusal.message };
  }
  const idle = node.listeners.filter((listener) => !isServing(listener));
  if (idle.length === 0) {
    const message = 'The ListenerSet is attached to its Gateway.';
    return { type, status: 'True', reason: LISTENER_SET_REASON.accepted, message };
  }
  const names = idle.map((listener) => listener.name).join(', ');
  const message = `Listeners that can't be served: ${names}; see their conditions.`;
  const status = isAttached(node) ? 'True' : 'False';
  return { type, status, reason: LISTENER_SET_REASON.listenersNotValid, message };
}

function programmedOf(node: ListenerSetNode, context: ListenerSetStatusContext): DesiredCondition {
  const accepted = acceptedOf(node);
  const type = CONDITION.programmed;
  if (accepted.status === 'False') return { ...accepted, type };
  if (context.programmed) {
    const message = 'The data plane serves the ListenerSet.';
    return { type, status: 'True', reason: LISTENER_SET_REASON.programmed, message };
  }
  const message = 'The Gateway has not taken over the configuration yet.';
  return { type, status: 'False', reason: LISTENER_SET_REASON.parentNotProgrammed, message };
}
