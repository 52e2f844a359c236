/**
 * The results of a run as JSON lines, one a test that ran, by name: small enough to commit, and
 * what docs/spec.md shows. Tests of features that are not claimed did not run and are left out.
 */
import type { TestOutcome, TestResult } from './test-log.ts';

export interface ResultLine {
  readonly name: string;
  readonly result: TestResult;
  /** With one decimal. */
  readonly seconds: number;
}

export function formatResults(outcomes: readonly TestOutcome[]): string {
  const lines = outcomes
    .filter(({ result }) => result !== 'skipped')
    .map(({ name, result, seconds }) => ({ name, result, seconds: Math.round(seconds * 10) / 10 }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Throws when a line is no result. */
export function parseResults(text: string): readonly ResultLine[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { name, result, seconds } = JSON.parse(line) as Partial<ResultLine>;
      if (name === undefined || result === undefined || seconds === undefined) {
        throw new Error(`not a result of a conformance run: ${line}`);
      }
      return { name, result, seconds };
    });
}
