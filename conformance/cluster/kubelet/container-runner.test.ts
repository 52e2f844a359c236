import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartDelayMs } from './container-runner.ts';

test('a container that keeps failing is started ever more slowly, up to a bound', () => {
  const delays = [1, 2, 3, 4, 5, 6, 100].map(restartDelayMs);
  assert.deepEqual(delays, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});
