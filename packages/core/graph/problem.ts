/**
 * Problem: a condition that is not as it should be, before it is known whose status says so.
 *
 * Graph code collects problems; `problemFinding` turns each into the finding that explains it, and
 * status code takes conditions from the same list. So a condition and its finding can't differ.
 */
import type { ObjectRef } from '@sluice/sansio';
import type { Finding } from '../finding.ts';
import type { SpecMark } from '../marks.ts';

export interface Problem {
  /** Condition type that becomes `False`. */
  readonly condition: string;
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
  readonly spec: SpecMark;
}

/** `where` places the condition: a listener or a parentRef of the subject. */
export function problemFinding(
  subject: ObjectRef,
  problem: Problem,
  where: { readonly listener?: string; readonly parentRef?: number } = {},
): Finding {
  return {
    subject,
    ...(problem.field === undefined ? {} : { field: problem.field }),
    condition: { type: problem.condition, status: 'False', ...where },
    severity: 'error',
    reason: problem.reason,
    message: problem.message,
    spec: problem.spec,
  };
}

/** The condition's message: every problem of that condition, the first one giving the reason. */
export function joinMessages(problems: readonly Problem[]): string {
  const messages = [...new Set(problems.map((problem) => problem.message))];
  const shown = messages.slice(0, MESSAGES_MAX);
  const rest = messages.length - shown.length;
  return rest === 0 ? shown.join(' ') : `${shown.join(' ')} And ${rest} more.`;
}

/** Keeps a condition readable and far from the API's limit of 32,768 characters. */
const MESSAGES_MAX = 8;
