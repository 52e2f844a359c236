/** Each golden case with requests, over real sockets: the proxy does what `expect.yaml` says. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { readGoldenCases } from './golden-case.ts';
import { type Origins, runGoldenTraffic } from './golden-traffic.ts';
import { isBeyondProxy } from './live-request.ts';

const origins: Origins = new Map();
const cases = readGoldenCases(join(import.meta.dirname, '../core/golden')).filter(
  ({ expectations }) =>
    expectations.some(({ requests = [] }) => requests.length > 0 && !requests.every(isBeyondProxy)),
);

suite('goldens over sockets', () => {
  after(async () => {
    for (const origin of origins.values()) await origin[Symbol.asyncDispose]();
  });
  for (const goldenCase of cases) {
    test(goldenCase.name, async () => {
      const { requests, mismatches } = await runGoldenTraffic(goldenCase, origins);
      assert.deepEqual(mismatches, []);
      assert.ok(requests > 0);
    });
  }
});
