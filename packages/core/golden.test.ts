/**
 * Every golden case below `golden/`: what comes out is what `expect.yaml` says, and, to the letter,
 * what `out.yaml` holds. `npm run golden:update` writes `out.yaml` anew, for review as a diff.
 *
 * Each value that a case expects is also changed: the case must then fail.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import {
  compareStep,
  type Expectation,
  type GoldenCase,
  mutateExpectation,
  readGoldenCases,
  renderGoldenOutput,
  runGoldenCase,
  type StepResult,
} from '@sluice/testkit';

const isUpdate = process.env['GOLDEN_UPDATE'] === '1';
const cases = readGoldenCases(join(import.meta.dirname, 'golden'));

for (const feature of new Set(cases.map((goldenCase) => goldenCase.feature))) {
  suite(feature, () => {
    for (const goldenCase of cases.filter((candidate) => candidate.feature === feature)) {
      test(goldenCase.name, () => checkCase(goldenCase));
    }
  });
}

function checkCase({ path, feature, expectations, ...rest }: GoldenCase): void {
  const results = runGoldenCase({ path, feature, expectations, ...rest });
  const output = renderGoldenOutput(results, feature);
  const file = join(path, 'out.yaml');
  if (isUpdate) writeFileSync(file, output);
  const mismatches = results.flatMap((result, index) =>
    compareStep(expectations[index] ?? {}, result).map((text) => `${result.about}: ${text}`),
  );
  assert.deepEqual(mismatches, []);
  const idle = results.flatMap((result, index) => findIdle(expectations[index] ?? {}, result));
  assert.deepEqual(idle, [], 'values that a case expects, but that could be anything');
  assert.ok(existsSync(file), `${file} is missing: npm run golden:update`);
  const expected = readFileSync(file, 'utf8');
  if (output !== expected) assert.fail(describeChange(expected, output));
}

/** The first line that differs; the whole change is read best as a diff. */
function describeChange(expected: string, output: string): string {
  const before = expected.split('\n');
  const after = output.split('\n');
  const line = after.findIndex((text, index) => text !== before[index]);
  return [
    `out.yaml:${line + 1} is not what comes out now`,
    `- ${before[line] ?? ''}`,
    `+ ${after[line] ?? ''}`,
    'npm run golden:update writes it anew: read the diff',
  ].join('\n');
}

function findIdle(expectation: Expectation, result: StepResult): string[] {
  return mutateExpectation(expectation)
    .filter((mutation) => holds(mutation.expectation, result))
    .map(({ path }) => path);
}

/** Expectations that can't be read do not hold. */
function holds(expectation: Expectation, result: StepResult): boolean {
  try {
    return compareStep(expectation, result).length === 0;
  } catch {
    return false;
  }
}
