/** Random choice in exact proportion to weights, in O(log n). */

/** An index for a number that is uniform in [0, 1); -1 when no weight is positive. */
export type WeightedChoice = (random: number) => number;

export function buildWeightedChoice(weights: readonly number[]): WeightedChoice {
  const positive = weights.filter((weight) => weight > 0).length;
  if (positive === 0) return chooseNone;
  if (positive === 1) return chooseOnly(weights.findIndex((weight) => weight > 0));
  const ends = new Float64Array(weights.length);
  let total = 0;
  for (const [index, weight] of weights.entries()) {
    total += weight;
    ends[index] = total;
  }
  return (random) => firstBeyond(ends, random * total);
}

const chooseNone: WeightedChoice = () => -1;
const onlyChoices: WeightedChoice[] = [];

/** Most rules have one backend: they share one choice. */
function chooseOnly(index: number): WeightedChoice {
  onlyChoices[index] ??= () => index;
  return onlyChoices[index];
}

/** The first index whose end is greater than `point`: never one of weight 0. */
function firstBeyond(ends: Float64Array, point: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) > point) high = middle;
    else low = middle + 1;
  }
  return low;
}
