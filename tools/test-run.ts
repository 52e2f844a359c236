/**
 * Finds the test files and runs them with the runner of Node; what `check` and `test` share.
 *
 * Guarantees: a set with no files is an error, since a check that passes on nothing is none.
 */
import { globSync } from 'node:fs';
import { runStep, type Step, type StepOutcome } from './step.ts';

/**
 * - `fast`: unit, golden and property tests; what `npm run check` has time for.
 * - `all`: those and `*.e2e.test.ts`, which start whole programs. `npm test`.
 * - `ci`: those and `*.ci.test.ts`, which take minutes, one after the other. `.ci/run`.
 */
export type TestSet = 'fast' | 'all' | 'ci';

/** Folders in which test files are looked for. */
export const testRoots: readonly string[] = [
  'packages',
  'apps',
  'tools',
  'bench',
  'conformance',
  'examples',
  'deploy',
];

/** Ends a file that hangs; a good one takes a fraction. */
const fileTimeoutMs = { fast: 240_000, all: 300_000, ci: 1_800_000 };
/** Side by side on two cores, but nothing may disturb what measures or puts under load. */
const filesAtOnce = { fast: 2, all: 2, ci: 1 };
const totalsPattern = /^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

export interface TestOutcome extends StepOutcome {
  readonly failures: string;
  /** The runner's own totals, one a line. */
  readonly totals: string;
}

export async function runTests(set: TestSet): Promise<TestOutcome> {
  const outcome = await runStep(testStep(set));
  const lines = outcome.output.split('\n');
  const totals = lines.filter((line) => totalsPattern.test(line));
  const failures = lines.filter((line) => !totalsPattern.test(line)).join('\n');
  return { ...outcome, failures, totals: totals.join('\n') };
}

export function findTestFiles(set: TestSet): string[] {
  const files = globSync(`{${testRoots.join(',')}}/**/*.test.ts`, {
    exclude: ['**/node_modules/**'],
  }).sort();
  const chosen = files.filter((file) => belongsTo(set, file));
  if (chosen.length === 0) throw new Error('no test files found: run this at the repository root');
  return chosen;
}

function belongsTo(set: TestSet, file: string): boolean {
  if (file.endsWith('.ci.test.ts')) return set === 'ci';
  if (file.endsWith('.e2e.test.ts')) return set !== 'fast';
  return true;
}

/** Prints each failure when it comes and the totals last. */
export function testStep(set: TestSet): Step {
  const options = [
    '--test',
    `--test-concurrency=${filesAtOnce[set]}`,
    `--test-timeout=${fileTimeoutMs[set]}`,
    '--test-reporter=./tools/test-reporter.ts',
    '--test-reporter-destination=stdout',
  ];
  return { name: 'tests', command: process.execPath, args: [...options, ...findTestFiles(set)] };
}
