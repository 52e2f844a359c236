/**
 * What tests share: the golden runner and its comparisons. Used by tests only.
 */

export { type Mutation, mutateExpectation } from './expectation-mutation.ts';
export { type Expectation, type GoldenCase, readGoldenCases } from './golden-case.ts';
export { renderGoldenOutput } from './golden-output.ts';
export { compareStep, runGoldenCase, type StepResult } from './golden-run.ts';
export { type Manifest, readManifests } from './manifests.ts';
export { findMismatches } from './mismatch.ts';
