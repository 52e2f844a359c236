/**
 * Puts a run under `reports/`, beside this folder, the way the Gateway API's own repository wants
 * it: the suite's report unmodified, its name made of channel, version and mode; beside it the
 * results.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatResults } from './results.ts';
import type { SuiteReport } from './suite-report.ts';
import type { TestOutcome } from './test-log.ts';

const reportsDirectory = resolve(import.meta.dirname, '../reports');

export interface Publication {
  readonly report: SuiteReport;
  readonly reportPath: string;
  readonly outcomes: readonly TestOutcome[];
  /** As `v0.1.0`. */
  readonly version: string;
}

/** Returns the path of the published report. */
export function publish({ report, reportPath, outcomes, version }: Publication): string {
  const directory = join(reportsDirectory, minorOf(report.gatewayAPIVersion), 'sluice');
  mkdirSync(directory, { recursive: true });
  const name = join(directory, `${report.gatewayAPIChannel}-${version.slice(1)}-default`);
  copyFileSync(reportPath, `${name}-report.yaml`);
  writeFileSync(`${name}-results.jsonl`, formatResults(outcomes));
  return `${name}-report.yaml`;
}

/** `v1.7.0` is of the folder `v1.7`. */
function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
