/** `npm test`: all tests, those over whole programs included; the runner's totals come last. */
import { findTestFiles, runTests } from './test-run.ts';

console.log(`running ${findTestFiles('all').length} test files`);
const { ok, failures, totals } = await runTests('all');
if (!ok) console.log(failures.trim());
console.log(totals);
process.exitCode = ok ? 0 : 1;
