/** RequestHeaderModifier and ResponseHeaderModifier: several in a row become one list of edits. */
import type { FilterConfig } from '@sluice/model';
import { compileHeaderEdits, type HeaderEdits } from '@sluice/wire';

export function compileRequestEdits(filters: readonly FilterConfig[]): HeaderEdits | undefined {
  const steps = filters.filter((filter) => filter.kind === 'request-headers');
  return steps.length === 0 ? undefined : compileHeaderEdits(steps);
}

export function compileResponseEdits(filters: readonly FilterConfig[]): HeaderEdits | undefined {
  const steps = filters.filter((filter) => filter.kind === 'response-headers');
  return steps.length === 0 ? undefined : compileHeaderEdits(steps);
}
