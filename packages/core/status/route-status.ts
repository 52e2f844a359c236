/**
 * Status of a route: one entry for each parentRef of ours, copied verbatim.
 *
 * Conditions say what the same list of problems says that findings are made of.
 */
import type { HTTPRoute } from '@sluice/spec';
import type { Finding } from '../finding.ts';
import type { Attachment } from '../graph/attachment.ts';
import { type Problem, problemFinding } from '../graph/problem.ts';
import type { HttpRouteNode, RouteNode } from '../graph/route.ts';
import { type LoweredRoute, rejectionOf } from '../lower/route.ts';
import { SPEC } from '../marks.ts';
import type { Condition, ParentRef } from '../objects.ts';
import { CONDITION, NOTICE_REASON, ROUTE_REASON } from '../reasons.ts';
import { conditionFrom, type DesiredCondition, isSettled, renderConditions } from './condition.ts';

export interface RouteStatus {
  readonly parents: readonly RouteParentStatus[];
}

interface RouteParentStatus {
  readonly parentRef: ParentRef;
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}

/** A parent's entry before it is known since when its conditions hold. */
export interface DesiredParent {
  readonly parentRef: ParentRef;
  readonly conditions: readonly DesiredCondition[];
}

export function desiredHttpParents(node: HttpRouteNode): readonly DesiredParent[] {
  const rejection = rejectionOf(node.lowered);
  return node.attachments.map((attachment) => {
    const accepted = acceptedOf(attachment.problem ?? rejection);
    const conditions = [accepted, conditionFrom(node.lowered.problems, RESOLVED)];
    const partial = partiallyInvalid(node.lowered);
    if (accepted.status === 'True' && partial !== undefined) conditions.push(partial);
    return { parentRef: attachment.parentRef, conditions };
  });
}

/** Kinds that are not served yet: where they stand, without a word on their backends. */
export function desiredParents(node: RouteNode): readonly DesiredParent[] {
  return node.attachments.map((attachment) => ({
    parentRef: attachment.parentRef,
    conditions: [acceptedOf(attachment.problem)],
  }));
}

function acceptedOf(problem: Problem | undefined): DesiredCondition {
  return conditionFrom(problem === undefined ? [] : [problem], ACCEPTED);
}

const ACCEPTED: DesiredCondition = {
  type: CONDITION.accepted,
  status: 'True',
  reason: ROUTE_REASON.accepted,
  message: 'The route is accepted.',
};

const RESOLVED: DesiredCondition = {
  type: CONDITION.resolvedRefs,
  status: 'True',
  reason: ROUTE_REASON.resolvedRefs,
  message: 'All references are resolved.',
};

/** The API wants the message to begin so, and the condition only while some rules are valid. */
function partiallyInvalid(lowered: LoweredRoute): DesiredCondition | undefined {
  if (lowered.invalidRules.length === 0) return undefined;
  const rules = lowered.invalidRules.map(
    (rule) => `spec.rules[${rule.index}] (${rule.unaccepted?.message ?? 'unusable'})`,
  );
  return {
    type: CONDITION.partiallyInvalid,
    status: 'True',
    reason: lowered.invalidRules[0]?.unaccepted?.reason ?? ROUTE_REASON.unsupportedValue,
    message: `Dropped Rule(s), answered 500 instead: ${rules.join('; ')}`,
  };
}

/** Conditions that the route carries now for this parent, written by this controller. */
export function previousConditions(
  status: HTTPRoute['status'],
  controllerName: string,
  parentRef: ParentRef,
): readonly Condition[] | undefined {
  return status?.parents.find(
    (entry) => entry.controllerName === controllerName && sameParent(entry.parentRef, parentRef),
  )?.conditions;
}

function sameParent(one: ParentRef, other: ParentRef): boolean {
  return (
    one.name === other.name &&
    one.namespace === other.namespace &&
    one.kind === other.kind &&
    one.group === other.group &&
    one.sectionName === other.sectionName &&
    one.port === other.port
  );
}

export interface RouteStatusContext {
  readonly status: HTTPRoute['status'];
  readonly generation: number;
  readonly controllerName: string;
  readonly now: number;
}

export function renderRouteStatus(
  parents: readonly DesiredParent[],
  context: RouteStatusContext,
): RouteStatus {
  const { controllerName, generation, now } = context;
  return {
    parents: parents.map(({ parentRef, conditions }) => {
      const previous = previousConditions(context.status, controllerName, parentRef);
      const rendered = renderConditions(conditions, { previous, generation, now });
      return { parentRef, controllerName, conditions: rendered };
    }),
  };
}

export function isRouteSettled(
  parents: readonly DesiredParent[],
  context: Omit<RouteStatusContext, 'now'>,
): boolean {
  return parents.every(({ parentRef, conditions }) =>
    isSettled(conditions, previousConditions(context.status, context.controllerName, parentRef)),
  );
}

export function httpRouteFindings(node: HttpRouteNode): readonly Finding[] {
  const { ref, lowered } = node;
  return [
    ...attachmentFindings(node),
    ...lowered.problems.map((problem) => problemFinding(ref, problem)),
    ...lowered.notices.map((notice) => ({ subject: ref, ...notice })),
  ];
}

export function attachmentFindings(node: RouteNode): readonly Finding[] {
  return node.attachments.flatMap((attachment) => {
    if (attachment.problem !== undefined) {
      return [problemFinding(node.ref, attachment.problem, { parentRef: attachment.index })];
    }
    return attachment.listeners.some((listener) => listener.serving)
      ? []
      : [notServing(node, attachment)];
  });
}

/** The API counts the route as attached even so; its author should still learn of it. */
function notServing(node: RouteNode, attachment: Attachment): Finding {
  const { parent } = attachment;
  const names = attachment.listeners.map((listener) => listener.name).join(', ');
  return {
    subject: node.ref,
    field: `spec.parentRefs[${attachment.index}]`,
    severity: 'warning',
    reason: NOTICE_REASON.listenerNotServing,
    message: `The route is attached, but no listener it is attached to can be served: ${names} of ${parent.kind} ${parent.namespace}/${parent.name}; see their conditions.`,
    spec: SPEC.parentRefs,
  };
}
