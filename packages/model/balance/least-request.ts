/**
 * Of two endpoints chosen at random by weight, the one with fewer requests in flight for its
 * weight (power of two choices): close to the least loaded, without a herd on it.
 */
import type { BalancedEndpoint, Balancer } from './balancer.ts';
import { buildRandom, spread } from './random.ts';

/** `activeRequests[index]`: in flight to the endpoint; kept up to date by the caller. */
export function buildLeastRequest(
  endpoints: readonly BalancedEndpoint[],
  activeRequests: ArrayLike<number>,
): Balancer {
  const random = buildRandom(endpoints);
  const load = (index: number): number =>
    ((activeRequests[index] ?? 0) + 1) / (endpoints[index]?.weight ?? 1);
  return {
    pick(input, excluded) {
      const one = random.pick(input, excluded);
      if (one === -1) return -1;
      const rest = { has: (index: number) => index === one || excluded?.has(index) === true };
      const other = random.pick({ random: spread(input.random), hash: input.hash }, rest);
      return other !== -1 && load(other) < load(one) ? other : one;
    },
  };
}
