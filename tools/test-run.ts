/**
 * Finds the test files and runs them with the runner of Node; what `check` and `test` share.
 *
 * Guarantees: a set with no files is an error, since a check that passes on nothing is none.
 */
import { globSync } from 'node:fs';
import { runStep, type Step, type StepOutcome } from './step.ts';

/** `*.e2e.test.ts` starts whole programs and takes seconds: `npm test` runs it, `check` doesn't. */
export type TestSet = 'fast' | 'all';

/** Folders in which test files are looked for. */
export const testRoots: readonly string[] = ['packages', 'apps', 'tools', 'bench', 'examples'];

/** Ends a test that hangs; a good one takes a fraction. */
const testTimeoutMs = 120_000;
const totalsPattern = /^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

export interface TestOutcome extends StepOutcome {
  readonly failures: string;
  /** The runner's own totals, one a line. */
  readonly totals: string;
}

export async function runTests(set: TestSet): Promise<TestOutcome> {
  const outcome = await runStep(testStep(findTestFiles(set)));
  const lines = outcome.output.split('\n');
  const totals = lines.filter((line) => totalsPattern.test(line));
  const failures = lines.filter((line) => !totalsPattern.test(line)).join('\n');
  return { ...outcome, failures, totals: totals.join('\n') };
}

export function findTestFiles(set: TestSet): string[] {
  const files = globSync(`{${testRoots.join(',')}}/**/*.test.ts`, {
    exclude: ['**/node_modules/**'],
  }).sort();
  const chosen = set === 'all' ? files : files.filter((file) => !file.endsWith('.e2e.test.ts'));
  if (chosen.length === 0)
    throw new Error('no test files found: run this from the repository root');
  return chosen;
}

function testStep(files: readonly string[]): Step {
  const options = [
    '--test',
    '--test-concurrency=2',
    `--test-timeout=${testTimeoutMs}`,
    '--test-reporter=./tools/test-reporter.ts',
    '--test-reporter-destination=stdout',
  ];
  return { name: 'tests', command: process.execPath, args: [...options, ...files] };
}
