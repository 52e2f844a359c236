/** Figures against goals, as data and as text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figure, isMet, quantileOf, renderScenario, spread } from './figures.ts';

const values = Array.from({ length: 200 }, (_, index) => 200 - index);

const quantiles: readonly (readonly [
  values: readonly number[],
  share: number,
  expected: number,
])[] = [
  [values, 0.5, 100],
  [values, 0.99, 198],
  [values, 1, 200],
  [[7], 0.5, 7],
  [[], 0.99, 0],
];

for (const [of, share, expected] of quantiles) {
  test(`of ${of.length} values, ${share} do not exceed ${expected}`, () => {
    assert.equal(quantileOf(of, share), expected);
  });
}

test('a scenario is met when each goal is and nothing went wrong', () => {
  const scenario = { scenario: 'one', title: 'of a kind', problems: [] };
  const figures = spread('live', [1, 2, 3], { p50: 2, p99: 3 });
  assert.equal(isMet({ ...scenario, figures }), true);
  assert.equal(isMet({ ...scenario, figures, problems: ['503'] }), false);
  assert.equal(isMet({ ...scenario, figures: [figure('failed', 1, '', 0)] }), false);
});

test('a figure stands beside its goal', () => {
  const text = renderScenario({
    scenario: 'one',
    title: 'of a kind',
    figures: [figure('late', 12.345, 'ms', 10), figure('count', 3, '')],
    problems: ['503'],
  });
  assert.match(text, /^one: of a kind\n {2}late +12\.3 ms {3}goal ≤ 10: MISSED\n/);
  assert.match(text, /\n {2}count +3 \n {2}problem: 503\n$/);
});
