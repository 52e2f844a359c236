/** A short run of fuzzing through the proxy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProxy } from './proxy-run.ts';

test('the origin sees exactly the requests that were routed', async () => {
  const run = await runProxy({ seed: 1, count: 500, faultsMax: 3 });
  assert.deepEqual(run.faults, []);
  assert.ok(run.requests > 100, `only ${run.requests} requests were routed`);
  assert.equal(run.received, run.requests);
});
