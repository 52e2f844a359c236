/** RequestMirror: which share of requests is copied, and where to. */
import type { FilterConfig } from '@sluice/model';
import type { Backend } from '../backends.ts';

export interface MirrorPlan {
  readonly backend: Backend;
  /** Probability, 0 to 1. */
  readonly share: number;
}

export function compileMirrors(
  filters: readonly FilterConfig[],
  backendOf: (id: string) => Backend,
): readonly MirrorPlan[] {
  return filters
    .filter((filter) => filter.kind === 'mirror')
    .map(({ backend, numerator, denominator }) => ({
      backend: backendOf(backend),
      share: denominator > 0 ? numerator / denominator : 0,
    }));
}
