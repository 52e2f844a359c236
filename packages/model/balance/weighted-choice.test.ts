/** Choice by weight: exact proportions, borders, nothing to choose. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { buildWeightedChoice } from './weighted-choice.ts';

test('the interval [0, 1) is cut in exact proportion', () => {
  const choose = buildWeightedChoice([1, 0, 3, 4]);
  const rows: [number, number][] = [
    [0, 0],
    [0.124_999, 0],
    [0.125, 2],
    [0.499_999, 2],
    [0.5, 3],
    [1 - 2 ** -53, 3],
  ];
  for (const [random, index] of rows) assert.equal(choose(random), index, `${random}`);
});

test('no positive weight: -1', () => {
  assert.equal(buildWeightedChoice([])(0.3), -1);
  assert.equal(buildWeightedChoice([0, 0])(0.3), -1);
});

test('equals a linear scan', () => {
  const weights = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 16 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(weights, random, (all, at) => {
      const total = all.reduce((sum, weight) => sum + weight, 0);
      let end = 0;
      const expected = all.findIndex((weight) => {
        end += weight;
        return end > at * total;
      });
      assert.equal(buildWeightedChoice(all)(at), total === 0 ? -1 : expected);
    }),
  );
});
