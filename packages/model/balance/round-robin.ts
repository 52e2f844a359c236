/**
 * Takes turns, smoothly: an endpoint of weight 5 among others is spread over the round, not
 * picked five times in a row. Per round, each endpoint gets its weight exactly.
 */
import type { BalancedEndpoint, Balancer, ExcludedEndpoints } from './balancer.ts';

/**
 * `start` in [0, 1) is where in the round to begin: workers that start at random places don't
 * all send their first requests to the same endpoint.
 */
export function buildRoundRobin(endpoints: readonly BalancedEndpoint[], start: number): Balancer {
  const weights = endpoints.map((endpoint) => endpoint.weight);
  const isEven = weights.every((weight) => weight > 0 && weight === weights[0]);
  const turns = isEven ? buildEvenTurns(weights.length) : buildWeightedTurns(weights);
  for (let skip = Math.floor(start * weights.length); skip > 0; skip--) turns(undefined);
  return { pick: (_input, excluded) => turns(excluded) };
}

type Turns = (excluded: ExcludedEndpoints | undefined) => number;

function buildEvenTurns(count: number): Turns {
  let next = 0;
  return (excluded) => {
    for (let step = 0; step < count; step++) {
      const index = next;
      next = index + 1 === count ? 0 : index + 1;
      if (!excluded?.has(index)) return index;
    }
    return -1;
  };
}

/**
 * Everyone earns its weight at each turn and the richest is picked and pays what all earned
 * (smooth weighted round robin). O(n), for lists of tens of endpoints.
 */
function buildWeightedTurns(weights: readonly number[]): Turns {
  const credit = new Float64Array(weights.length);
  return (excluded) => {
    let richest = -1;
    let earned = 0;
    for (const [index, weight] of weights.entries()) {
      if (weight <= 0 || excluded?.has(index)) continue;
      earned += weight;
      credit[index] = (credit[index] ?? 0) + weight;
      if (richest === -1 || (credit[index] ?? 0) > (credit[richest] ?? 0)) richest = index;
    }
    if (richest !== -1) credit[richest] = (credit[richest] ?? 0) - earned;
    return richest;
  };
}
