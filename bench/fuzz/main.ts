/**
 * `npm run fuzz -- [--target reader|proxy] [--seed N] [--count N]`: mutated HTTP/1 messages.
 *
 * `reader` compares our reader with llhttp in strict mode, in memory; `proxy` sends them through a
 * proxy to an origin that accepts only what has one reading. Prints figures and every fault with
 * the seed that makes its input alone. Exit code 1: a fault.
 */
import { parseArgs } from 'node:util';
import { assertStrict } from './llhttp-reader.ts';
import { type Fault, runReader } from './reader-run.ts';
import { STRICTER } from './stricter.ts';

const FAULTS_MAX = 20;

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'reader' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000000' },
  },
});
const options = {
  seed: Number(values.seed),
  count: Number(values.count),
  faultsMax: FAULTS_MAX,
};

switch (values.target) {
  case 'reader':
    fuzzReader();
    break;
  case 'proxy':
    await fuzzProxy();
    break;
  default:
    console.error(`no such target: ${values.target} (reader, proxy)`);
    process.exitCode = 2;
}

function fuzzReader(): void {
  assertStrict();
  const startedAt = performance.now();
  const run = runReader(options);
  report(run.faults);
  console.log(
    `${run.inputs} inputs, ${run.octets} octets in ${secondsSince(startedAt)}: ` +
      `${run.accepted} messages read alike, slowest ${run.slowestMs.toFixed(1)} ms, ` +
      `${run.faults.length} faults`,
  );
  for (const [reason, why] of STRICTER) {
    console.log(`  stricter ${run.stricter.get(reason) ?? 0}: ${reason}. ${why}`);
  }
}

/** Loaded only here: the reader needs none of it. */
async function fuzzProxy(): Promise<void> {
  const { runProxy } = await import('./proxy-run.ts');
  const startedAt = performance.now();
  const run = await runProxy(options);
  report(run.faults);
  console.log(
    `${run.inputs} connections in ${secondsSince(startedAt)}: ${run.requests} requests to be ` +
      `routed, ${run.received} received by the origin, ${run.faults.length} faults`,
  );
}

function report(faults: readonly Fault[]): void {
  for (const { seed, kind, message, text } of faults) {
    console.log(`✖ --seed ${seed} --count 1 (${kind}): ${message}\n  ${JSON.stringify(text)}`);
  }
  if (faults.length > 0) process.exitCode = 1;
}

function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
