/**
 * What lowering one route finds out besides the config: problems, notices, backends it leads to.
 *
 * One report per route, filled while its rules are lowered and read-only after.
 */
import type { BackendTarget } from '../graph/backend.ts';
import type { Problem } from '../graph/problem.ts';
import type { World } from '../graph/world.ts';
import { SPEC, type SpecMark } from '../marks.ts';
import { CONDITION, ROUTE_REASON } from '../reasons.ts';

export interface Notice {
  readonly field: string;
  readonly severity: 'warning' | 'info';
  readonly reason: string;
  readonly message: string;
  readonly spec: SpecMark;
}

export interface RouteReport {
  readonly world: World;
  readonly namespace: string;
  readonly problems: Problem[];
  readonly notices: Notice[];
  readonly targets: Set<BackendTarget>;
}

/** A value that we can't honour: the rule that holds it answers 500. */
export function unsupported(
  report: RouteReport,
  field: string,
  message: string,
  spec: SpecMark = SPEC.filters,
): void {
  const reason = ROUTE_REASON.unsupportedValue;
  report.problems.push({ condition: CONDITION.accepted, reason, message, field, spec });
}

/** A reference that leads nowhere. */
export function unresolved(
  report: RouteReport,
  field: string,
  refusal: { readonly reason: string; readonly message: string; readonly spec: SpecMark },
): void {
  report.problems.push({ condition: CONDITION.resolvedRefs, field, ...refusal });
}
