/** Figures for consistent hashing: shares, moves on a change, independence of order. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BalancedEndpoint } from './balancer.ts';
import { mixHash } from './hash.ts';
import { buildMaglev } from './maglev.ts';

const KEYS = 50_000;

function endpointsOf(count: number, weightOf = (_index: number) => 1): BalancedEndpoint[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `10.1.${index >> 8}.${index & 255}:8080`,
    weight: weightOf(index),
  }));
}

/** The endpoint's key for each of many request keys. */
function assign(endpoints: readonly BalancedEndpoint[]): string[] {
  const balancer = buildMaglev(endpoints);
  return Array.from({ length: KEYS }, (_, index) => {
    const picked = balancer.pick({ random: 0, hash: mixHash(index) });
    return endpoints[picked]!.key;
  });
}

/** Share of request keys that moved although their old endpoint kept its place and weight. */
function extraMoves(before: readonly string[], after: readonly string[], changed: string): number {
  let moved = 0;
  for (const [index, key] of before.entries()) {
    if (key !== after[index] && key !== changed && after[index] !== changed) moved++;
  }
  return moved / KEYS;
}

test('removing or adding one endpoint moves at most 1 % of other keys', () => {
  for (const count of [2, 4, 5, 8, 9, 20, 60, 200]) {
    const all = endpointsOf(count);
    const before = assign(all);
    for (const removed of [0, count >> 1, count - 1]) {
      const after = assign(all.filter((_, index) => index !== removed));
      const extra = extraMoves(before, after, all[removed]!.key);
      assert.ok(extra <= 0.01, `${count} endpoints without ${removed}: ${extra}`);
    }
  }
});

test('a key of an endpoint that is gone moves; the endpoint itself gets none', () => {
  const all = endpointsOf(10);
  const after = assign(all.slice(1));
  assert.ok(!after.includes(all[0]!.key));
});

test('changing one weight moves at most 1 % of keys between the other endpoints', () => {
  const before = assign(endpointsOf(10, () => 10));
  for (const weight of [5, 9]) {
    const changed = endpointsOf(10, (index) => (index === 3 ? weight : 10));
    const extra = extraMoves(before, assign(changed), changed[3]!.key);
    assert.ok(extra <= 0.01, `weight 10 to ${weight}: ${extra}`);
  }
});

test('the order of the list does not matter', () => {
  const all = endpointsOf(30, (index) => 1 + (index % 4));
  assert.deepEqual(assign(all.toReversed()), assign(all));
  const rotated = [...all.slice(11), ...all.slice(0, 11)];
  assert.deepEqual(assign(rotated), assign(all));
});

test('excluding an endpoint moves its keys only', () => {
  const all = endpointsOf(10);
  const balancer = buildMaglev(all);
  for (let index = 0; index < 5000; index++) {
    const input = { random: 0, hash: mixHash(index) };
    const picked = balancer.pick(input);
    const again = balancer.pick(input, new Set([4]));
    if (picked !== 4) assert.equal(again, picked);
    else assert.notEqual(again, 4);
  }
});

test('an endpoint too light for a slot still serves when the others are excluded', () => {
  const balancer = buildMaglev(endpointsOf(2, (index) => (index === 0 ? 1_000_000 : 1)));
  assert.equal(balancer.pick({ random: 0, hash: 7 }, new Set([0])), 1);
  assert.equal(balancer.pick({ random: 0, hash: 7 }, new Set([0, 1])), -1);
});
