/** Runs what has a command of its own: the steps of `check` that are no tests, and the suites. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { whyNoCluster } from '../conformance/cluster/sample-requirements.ts';
import { staticSteps } from './static-steps.ts';
import { runStep } from './step.ts';

interface Suite {
  readonly name: string;
  /** A script of the root package.json and its arguments. */
  readonly script: readonly string[];
  readonly timeoutMs: number;
  /** Programs of the system without which it cannot run. */
  readonly needs: readonly string[];
  /** Whether it starts a cluster, which says itself what that needs. */
  readonly inCluster?: boolean;
}

const minuteMs = 60_000;

const suites: readonly Suite[] = [
  {
    name: 'mutated messages are read as a strict reader reads them, or refused',
    script: ['fuzz', '--count', '300000'],
    timeoutMs: 5 * minuteMs,
    needs: [],
  },
  {
    name: '200 edits under traffic that never retries fail no request',
    script: ['reload'],
    timeoutMs: 10 * minuteMs,
    needs: ['openssl'],
  },
  {
    name: 'check and an API server say the same of 5,000 objects, right and wrong ones',
    script: ['check:server'],
    // Where the programs are not built yet that comes first.
    timeoutMs: 25 * minuteMs,
    needs: ['go'],
  },
  {
    name: 'the benchmark measures ours and the peers that are there',
    script: ['bench', '--quick', '--only', 'h1-small', '--json'],
    timeoutMs: 5 * minuteMs,
    needs: ['gcc', 'openssl'],
  },
  {
    name: 'the official suite passes in a cluster of its own',
    script: ['conformance'],
    timeoutMs: 20 * minuteMs,
    needs: [],
    inCluster: true,
  },
];

for (const step of staticSteps('.')) {
  test(`check: ${step.name}`, async () => {
    const { ok, output } = await runStep(step);
    assert.ok(ok, output);
  });
}

for (const { name, script, timeoutMs, needs, inCluster = false } of suites) {
  const missing = needs.filter((program) => !isInstalled(program));
  if (missing.length > 0) {
    console.error(`left out for want of ${missing.join(', ')}: ${name}`);
    continue;
  }
  if (inCluster && whyNoCluster() !== undefined) continue;
  test(name, async () => {
    const [command = '', ...options] = script;
    const args = ['run', '--silent', command, '--', ...options];
    const { ok, output } = await runStep({ name, command: 'npm', args, timeoutMs });
    assert.ok(ok, output.slice(-16_384));
  });
}

function isInstalled(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}
