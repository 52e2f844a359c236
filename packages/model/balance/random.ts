/** Random choice by weight; exclusions leave the proportions of the others as they are. */
import type { BalancedEndpoint, Balancer, ExcludedEndpoints } from './balancer.ts';
import { buildWeightedChoice } from './weighted-choice.ts';

export function buildRandom(endpoints: readonly BalancedEndpoint[]): Balancer {
  const weights = endpoints.map((endpoint) => endpoint.weight);
  const choose = buildWeightedChoice(weights);
  return {
    pick({ random }, excluded) {
      const index = choose(random);
      if (index === -1 || !excluded?.has(index)) return index;
      return pickRemaining(weights, random, excluded);
    },
  };
}

/**
 * A weighted choice among the endpoints that are not excluded, in O(n): for the rare try after
 * the first. Uses `random` afresh, since its first meaning was spent on an excluded endpoint.
 */
export function pickRemaining(
  weights: readonly number[],
  random: number,
  excluded: ExcludedEndpoints,
): number {
  let total = 0;
  for (const [index, weight] of weights.entries()) if (!excluded.has(index)) total += weight;
  let point = spread(random) * total;
  let last = -1;
  for (const [index, weight] of weights.entries()) {
    if (weight <= 0 || excluded.has(index)) continue;
    last = index;
    if (point < weight) return index;
    point -= weight;
  }
  return last;
}

/** Another number in [0, 1), which does not depend on the leading digits of `random`. */
export function spread(random: number): number {
  return (random * 65_521) % 1;
}
