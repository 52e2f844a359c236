/** What machines read is exactly the documented shape; medians are medians. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Burst, medianBurst } from './burst.ts';
import { readOptions } from './options.ts';
import type { PeerName } from './peer.ts';
import { renderJson, renderTable } from './report.ts';
import type { Row } from './run.ts';
import { quickScenarios, type Scenario } from './scenario.ts';

const [small] = readOptions(['--only', 'h1-small']).scenarios as [Scenario];

test('JSON names scenario and peers; an absent peer has no key', () => {
  const rows = [row('ours', 12.345), row('nginx', 18)];
  const figures = { requestsPerSecond: 50001, p50Micros: 100, p99Micros: 300, rssMiB: 65.4 };
  assert.deepEqual(JSON.parse(renderJson([{ scenario: small, rows }])), {
    scenarios: [
      {
        scenario: 'h1-small',
        ours: { cpuMicros: 12.35, ...figures },
        nginx: { cpuMicros: 18, ...figures },
      },
    ],
  });
});

test('the table relates each row to nginx and to the limit, where they ran', () => {
  const all = renderTable({
    scenario: small,
    rows: [row('ours', 12), row('nginx', 16), row('limit', 10)],
  });
  assert.match(all, /^sluice +12\.0 +0\.75 +1\.20 /m);
  const alone = renderTable({ scenario: small, rows: [row('ours', 12)] });
  assert.match(alone, /^sluice +12\.0 +– +– /m);
});

test('each figure is the median of its own; failures add up', () => {
  const bursts = [burst(3, 10), burst(1, 30), burst(2, 20), burst(9, 40)];
  const { cpuMicros, p99Micros, errors } = medianBurst(bursts);
  assert.deepEqual({ cpuMicros, p99Micros, errors }, { cpuMicros: 2.5, p99Micros: 25, errors: 4 });
});

test('every quick scenario exists; unknown names and silly numbers are refused', () => {
  assert.equal(readOptions(['--quick']).scenarios.length, quickScenarios.length);
  assert.throws(() => readOptions(['--only', 'h1-smal']), /unknown scenario h1-smal/);
  assert.throws(() => readOptions(['--bursts', '0']), /--bursts/);
  assert.throws(() => readOptions(['--fast']));
});

function row(peer: PeerName, cpuMicros: number): Row {
  return { peer, ...burst(cpuMicros, 300), rssMiB: 65.432 };
}

function burst(cpuMicros: number, p99Micros: number): Burst {
  const rest = { coreShare: 0.9, requestsPerSecond: 50_000.7, p50Micros: 100.2, errors: 1 };
  return { cpuMicros, p99Micros, ...rest };
}
