/**
 * Conditions: from what is true to what is written.
 *
 * `lastTransitionTime` changes only with the status value; what is there already comes from the
 * object itself, so that a second turn over the same world writes the same bytes.
 */
import type { Problem } from '../graph/problem.ts';
import { joinMessages } from '../graph/problem.ts';
import type { Condition } from '../objects.ts';

/** A condition as it should be, before it is known since when. */
export interface DesiredCondition {
  readonly type: string;
  readonly status: Condition['status'];
  readonly reason: string;
  readonly message: string;
}

export interface ConditionContext {
  readonly previous: readonly Condition[] | undefined;
  readonly generation: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function renderConditions(
  desired: readonly DesiredCondition[],
  context: ConditionContext,
): readonly Condition[] {
  return desired.map((condition) => ({
    type: condition.type,
    status: condition.status,
    reason: condition.reason,
    message: condition.message.slice(0, MESSAGE_LENGTH_MAX),
    observedGeneration: context.generation,
    lastTransitionTime: findPrevious(condition, context.previous) ?? writeTime(context.now),
  }));
}

/** The API's limit. */
const MESSAGE_LENGTH_MAX = 32_768;

/** True when rendering does not depend on the time: every condition had its value before. */
export function isSettled(
  desired: readonly DesiredCondition[],
  previous: readonly Condition[] | undefined,
): boolean {
  return desired.every((condition) => findPrevious(condition, previous) !== undefined);
}

function findPrevious(
  condition: DesiredCondition,
  previous: readonly Condition[] | undefined,
): string | undefined {
  const known = previous?.find((candidate) => candidate.type === condition.type);
  return known?.status === condition.status ? known.lastTransitionTime : undefined;
}

/** RFC 3339 in seconds, as `metav1.Time` writes it. */
export function writeTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

/**
 * A condition from the problems of its type: `False` with the first one's reason and all of their
 * messages, or else `good`.
 */
export function conditionFrom(
  problems: readonly Problem[],
  good: DesiredCondition,
): DesiredCondition {
  const own = problems.filter((problem) => problem.condition === good.type);
  const [first] = own;
  if (first === undefined) return good;
  return { type: good.type, status: 'False', reason: first.reason, message: joinMessages(own) };
}
