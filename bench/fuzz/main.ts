/**
 * `npm run fuzz -- [--target reader] [--seed N] [--count N]`: mutated HTTP/1 messages through our
 * reader, compared with llhttp in strict mode.
 *
 * Prints figures and every fault with the seed that makes its input alone. Exit code 1: a fault.
 */
import { parseArgs } from 'node:util';
import { assertStrict } from './llhttp-reader.ts';
import { runReader } from './reader-run.ts';
import { STRICTER } from './stricter.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'reader' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000000' },
  },
});

assertStrict();
const startedAt = performance.now();
const run = runReader({ seed: Number(values.seed), count: Number(values.count), faultsMax: 20 });
const seconds = (performance.now() - startedAt) / 1000;
for (const { seed, kind, message, text } of run.faults) {
  console.log(`✖ --seed ${seed} --count 1 (${kind}): ${message}\n  ${JSON.stringify(text)}`);
}
console.log(
  `${run.inputs} inputs, ${run.octets} octets in ${seconds.toFixed(1)} s; ` +
    `${run.accepted} messages read alike, slowest ${run.slowestMs.toFixed(1)} ms, ` +
    `${run.faults.length} faults`,
);
for (const [reason] of STRICTER) {
  console.log(`  stricter: ${reason} ${run.stricter.get(reason) ?? 0}`);
}
if (run.faults.length > 0) process.exitCode = 1;
