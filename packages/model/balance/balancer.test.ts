/** The contract of a balancer, run against every policy. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BalancedEndpoint } from './balancer.ts';
import { mixHash } from './hash.ts';
import { type BalancePolicy, buildBalancer } from './policy.ts';

interface Case {
  readonly policy: BalancePolicy;
  /** What a proxy keeps count of while requests run. */
  readonly onPick: (index: number) => void;
}

const policies: Record<string, () => Case> = {
  random: () => ({ policy: { kind: 'random' }, onPick: () => {} }),
  'round robin': () => ({ policy: { kind: 'round-robin', start: 0.4 }, onPick: () => {} }),
  'least request': () => {
    const activeRequests = new Uint32Array(64);
    const onPick = (index: number) => void activeRequests[index]!++;
    return { policy: { kind: 'least-request', activeRequests }, onPick };
  },
  'consistent hash': () => ({ policy: { kind: 'consistent-hash' }, onPick: () => {} }),
};

function endpointsOf(...weights: number[]): BalancedEndpoint[] {
  return weights.map((weight, index) => ({ key: `10.0.0.${index}:8080`, weight }));
}

/** Evenly spread inputs, so that shares are exact and not a matter of luck. */
function inputAt(index: number, count: number) {
  return { random: ((index * 0.618_033_988_749_895) % 1) * (1 - 1 / count), hash: mixHash(index) };
}

function countPicks(
  { policy, onPick }: Case,
  endpoints: readonly BalancedEndpoint[],
  excluded?: Set<number>,
): number[] {
  const balancer = buildBalancer(policy, endpoints);
  const counts = endpoints.map(() => 0);
  const count = 50_000;
  for (let index = 0; index < count; index++) {
    const picked = balancer.pick(inputAt(index, count), excluded);
    counts[picked]!++;
    onPick(picked);
  }
  return counts;
}

/** Largest difference from the ideal share, in parts of all picks. */
function deviation(counts: readonly number[], weights: readonly number[]): number {
  const picks = counts.reduce((sum, count) => sum + count, 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  assert.ok(picks > 0);
  return Math.max(...counts.map((count, i) => Math.abs(count / picks - weights[i]! / total)));
}

for (const [name, start] of Object.entries(policies)) {
  describe(name, () => {
    test('nothing to pick: -1', () => {
      for (const endpoints of [[], endpointsOf(0, 0)]) {
        assert.equal(buildBalancer(start().policy, endpoints).pick({ random: 0.5, hash: 1 }), -1);
      }
    });

    test('equal endpoints get equal shares within 1 %', () => {
      for (const size of [1, 2, 3, 7, 20]) {
        const weights = new Array<number>(size).fill(1);
        const off = deviation(countPicks(start(), endpointsOf(...weights)), weights);
        assert.ok(off <= 0.01, `${size} endpoints: ${off}`);
      }
    });

    test('weights are shares within 1 %; weight 0 gets nothing', () => {
      for (const weights of [
        [1, 3],
        [9, 1, 0],
        [50, 30, 20],
        [1, 1, 1, 97],
        [100, 1],
      ]) {
        const counts = countPicks(start(), endpointsOf(...weights));
        const off = deviation(counts, weights);
        assert.ok(off <= 0.01, `${weights.join()}: ${off}`);
        for (const [index, weight] of weights.entries()) {
          assert.equal(counts[index] === 0, weight === 0);
        }
      }
    });

    test('an excluded endpoint is not picked; the others share what it had', () => {
      const weights = [1, 1, 1, 1];
      const counts = countPicks(start(), endpointsOf(...weights), new Set([1, 3]));
      assert.equal(counts[1], 0);
      assert.equal(counts[3], 0);
      const off = deviation(counts, [1, 0, 1, 0]);
      assert.ok(off <= 0.02, counts.join());
    });

    test('retries that exclude what was tried reach every endpoint once, then -1', () => {
      const balancer = buildBalancer(start().policy, endpointsOf(5, 0, 1, 3));
      for (let request = 0; request < 200; request++) {
        const tried = new Set<number>();
        for (let attempt = 0; attempt < 3; attempt++) {
          const picked = balancer.pick(inputAt(request * 3 + attempt, 600), tried);
          assert.ok(picked !== -1 && picked !== 1 && !tried.has(picked));
          tried.add(picked);
        }
        assert.equal(balancer.pick(inputAt(request, 600), tried), -1);
      }
    });

    test('the extremes of the input are as good as what lies between', () => {
      const balancer = buildBalancer(start().policy, endpointsOf(1, 2, 3));
      for (const random of [0, 1 - 2 ** -53]) {
        for (const hash of [0, 0xffff_ffff]) {
          const picked = balancer.pick({ random, hash });
          assert.ok(picked >= 0 && picked < 3);
        }
      }
    });
  });
}

test('round robin: a round is smooth and exact, and starts where it is told', () => {
  const pickMany = (start: number, count: number, ...weights: number[]) => {
    const balancer = buildBalancer({ kind: 'round-robin', start }, endpointsOf(...weights));
    return Array.from({ length: count }, () => balancer.pick({ random: 0, hash: 0 })).join('');
  };
  assert.equal(pickMany(0, 7, 5, 1, 1), '0010200');
  assert.equal(pickMany(0, 6, 2, 2, 2), '012012');
  assert.equal(pickMany(0.5, 4, 1, 1, 1, 1), '2301');
});

test('least request: the less loaded of two, by load for weight', () => {
  const active = Uint32Array.of(9, 0);
  const balancer = buildBalancer(
    { kind: 'least-request', activeRequests: active },
    endpointsOf(1, 1),
  );
  const picks = () =>
    new Set(Array.from({ length: 50 }, (_, index) => balancer.pick(inputAt(index, 50))));
  assert.deepEqual(picks(), new Set([1]));
  active[1] = 30;
  assert.deepEqual(picks(), new Set([0]));
});

test('least request keeps endpoints of unequal speed evenly loaded', () => {
  const active = new Uint32Array(4);
  const balancer = buildBalancer(
    { kind: 'least-request', activeRequests: active },
    endpointsOf(1, 1, 1, 1),
  );
  for (let index = 0; index < 4000; index++) {
    active[balancer.pick(inputAt(index, 4000))]!++;
    // Endpoint 0 never finishes; the others finish one each round.
    for (const other of [1, 2, 3]) if (index % 3 === 0 && active[other]! > 0) active[other]!--;
  }
  assert.ok(active[0]! < 40, active.join());
});
