/**
 * The state of one structural check, and how it reports.
 */
import { formatFieldPath, type PathSegment } from './field-path.ts';
import type { ObjectProblem } from './problem.ts';

export interface StructuralCheck {
  readonly path: PathSegment[];
  readonly problems: ObjectProblem[];
  /** The objects and lists around the value, outermost first. */
  readonly around: object[];
  /**
   * Objects and lists with an error in or below them that makes CEL rules pointless or costly:
   * wrong type, missing field, too long, not in the enum. An API server skips the rules too.
   */
  readonly blocked: Set<object>;
  /** Whether messages may repeat values. */
  readonly revealValues: boolean;
}

export function report(
  check: StructuralCheck,
  blocking: boolean,
  problem: Pick<ObjectProblem, 'rule' | 'message' | 'hint'>,
): void {
  if (blocking) for (const each of check.around) check.blocked.add(each);
  check.problems.push({ severity: 'error', field: formatFieldPath(check.path), ...problem });
}

/** The value in short, for a message. */
export function show(value: unknown, { revealValues }: StructuralCheck): string {
  if (!revealValues) return 'the value';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
