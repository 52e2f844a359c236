/**
 * `npm test`: all tests, those over whole programs included; with `--ci` the suites that take
 * minutes too. Failures as they come, the runner's totals last, exit code 1 when any failed.
 */
import { spawnSync } from 'node:child_process';
import { environment } from './step.ts';
import { findTestFiles, type TestSet, testStep } from './test-run.ts';

const set: TestSet = process.argv.includes('--ci') ? 'ci' : 'all';
console.log(`running ${findTestFiles(set).length} test files`);
const { command, args } = testStep(set);
const { status } = spawnSync(command, args, { stdio: 'inherit', env: environment() });
process.exitCode = status ?? 1;
