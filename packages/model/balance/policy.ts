/** The balance policies by name. */
import type { BalancedEndpoint, Balancer } from './balancer.ts';
import { buildLeastRequest } from './least-request.ts';
import { buildMaglev } from './maglev.ts';
import { buildRandom } from './random.ts';
import { buildRoundRobin } from './round-robin.ts';

export type BalancePolicy =
  | { readonly kind: 'random' }
  /** `start` in [0, 1): where in the round to begin. */
  | { readonly kind: 'round-robin'; readonly start: number }
  /** Requests in flight by endpoint index, kept up to date by the caller. */
  | { readonly kind: 'least-request'; readonly activeRequests: ArrayLike<number> }
  /** Maglev: `PickInput.hash` decides. */
  | { readonly kind: 'consistent-hash' };

/** Takes milliseconds for a long list under `consistent-hash`: build before it is needed. */
export function buildBalancer(
  policy: BalancePolicy,
  endpoints: readonly BalancedEndpoint[],
): Balancer {
  switch (policy.kind) {
    case 'random':
      return buildRandom(endpoints);
    case 'round-robin':
      return buildRoundRobin(endpoints, policy.start);
    case 'least-request':
      return buildLeastRequest(endpoints, policy.activeRequests);
    case 'consistent-hash':
      return buildMaglev(endpoints);
    default:
      return assertNever(policy);
  }
}

function assertNever(policy: never): never {
  throw new Error(`unexpected policy ${JSON.stringify(policy)}`);
}
