/**
 * `npm run check`: everything that must hold before a commit, in under 60 s on two cores.
 *
 * Prints one line a step, the output of those that failed, and the test runner's totals last.
 * Exit code 1 when anything failed.
 */
import { staticSteps } from './static-steps.ts';
import { runSteps, type StepOutcome } from './step.ts';
import { runTests } from './test-run.ts';

/** What a failing step may print; the first problems are the ones to fix. */
const linesMax = 200;

process.exitCode = (await check()) ? 0 : 1;

async function check(): Promise<boolean> {
  const startedAt = performance.now();
  const outcomes = await runSteps(staticSteps('.'), 2, printOutcome);
  const tests = await runTests('fast');
  printOutcome(tests);
  if (!tests.ok) console.log(tests.failures.trim());
  const failed = [...outcomes, tests].filter((outcome) => !outcome.ok);
  for (const { name, output } of outcomes.filter((outcome) => !outcome.ok)) {
    console.log(`\n── ${name}\n${firstLines(output)}`);
  }
  const verdict =
    failed.length === 0 ? 'ok' : `failed: ${failed.map(({ name }) => name).join(', ')}`;
  console.log(`check ${verdict} (${seconds(performance.now() - startedAt)})\n${tests.totals}`);
  return failed.length === 0;
}

function printOutcome({ name, ok, durationMs }: StepOutcome): void {
  console.log(`${ok ? '✔' : '✖'} ${name} (${seconds(durationMs)})`);
}

function firstLines(text: string): string {
  const lines = text.trim().split('\n');
  const more = lines.length - linesMax;
  return [...lines.slice(0, linesMax), ...(more > 0 ? [`… ${more} more lines`] : [])].join('\n');
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
