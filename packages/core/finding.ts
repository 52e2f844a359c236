/**
 * Finding: the only way to say that something is wrong, or worth knowing.
 *
 * Status conditions, `check`, `explain`, events and the dashboard are views of one list of
 * findings; nothing is silent and nothing is said in two places.
 */
import type { ObjectRef } from '@sluice/sansio';
import { compareText } from './objects.ts';

export interface Finding {
  /** The object that must change for the finding to go away. */
  readonly subject: ObjectRef;
  /** Path as in the YAML: `spec.rules[2].backendRefs[0]`. */
  readonly field?: string;
  /** The status condition this finding explains, when it has one. */
  readonly condition?: FindingCondition;
  readonly severity: 'error' | 'warning' | 'info';
  /** CamelCase; the condition's reason where there is one. */
  readonly reason: string;
  /** What is wrong and what to do, one or two sentences, names the objects involved. */
  readonly message: string;
  /** Spec mark: a section of the Gateway API or a GEP; pairs code with goldens. */
  readonly spec: string;
}

export interface FindingCondition {
  /** The object whose status carries it: a route's parent entry, a listener, the object itself. */
  readonly type: string;
  readonly status: 'True' | 'False';
  /** Section name of the listener concerned. */
  readonly listener?: string;
  /** Index into the route's `spec.parentRefs`; absent: every parent that is ours. */
  readonly parentRef?: number;
}

/** A total order that does not depend on how findings came about. */
export function compareFindings(one: Finding, other: Finding): number {
  return (
    compareText(one.subject.kind, other.subject.kind) ||
    compareText(one.subject.namespace ?? '', other.subject.namespace ?? '') ||
    compareText(one.subject.name, other.subject.name) ||
    compareText(one.field ?? '', other.field ?? '') ||
    compareText(one.reason, other.reason) ||
    compareText(one.message, other.message) ||
    (one.condition?.parentRef ?? -1) - (other.condition?.parentRef ?? -1) ||
    compareText(one.condition?.type ?? '', other.condition?.type ?? '')
  );
}
