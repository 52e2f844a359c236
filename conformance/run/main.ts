/**
 * `npm run conformance`: the official Gateway API conformance suite against Sluice in a cluster
 * that is started for it, or in one that is there. Shows each test as it ends, then a table.
 *
 * The exit code is the suite's; 2 when it could not start.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBinaries } from '../build/binaries.ts';
import { untilAccepted } from './gateway-class.ts';
import { type Options, readOptions, usage } from './options.ts';
import { claimedProfiles } from './profiles.ts';
import { publish } from './publication.ts';
import { formatResults } from './results.ts';
import { runSuite, type SuiteEnd } from './suite-process.ts';
import { readSuiteReport } from './suite-report.ts';
import { renderOutcome, renderSummary } from './summary.ts';
import { openTestCluster, type TestCluster } from './test-cluster.ts';

const root = resolve(import.meta.dirname, '../..');
const notStarted = 2;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = notStarted;
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === 'help') {
    console.log(usage);
    return 0;
  }
  const { target } = options;
  if (target.kind === 'named' && !existsSync(target.kubeconfig)) {
    throw new Error(`--kubeconfig ${target.kubeconfig}: there is no such file`);
  }
  const programs = await ensureBinaries(['conformance.test', 'kubectl'], { report: console.log });
  const directory = join(root, '.cache/conformance');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const { gatewayClass } = options;
  const cluster = await openTestCluster({ ...options, program: programs.kubectl });
  try {
    const features = await untilAccepted(cluster.kubectl, gatewayClass);
    console.log(`GatewayClass ${gatewayClass} is accepted with ${features.length} features`);
    const { profiles = claimedProfiles(features) } = options;
    return await runAndReport(
      { ...options, profiles },
      {
        cluster,
        directory,
        program: programs['conformance.test'],
      },
    );
  } finally {
    await cluster.close(directory);
  }
}

interface Run {
  readonly cluster: TestCluster;
  /** For log, results and report. */
  readonly directory: string;
  /** The suite. */
  readonly program: string;
}

async function runAndReport(
  options: Options & { readonly profiles: readonly string[] },
  { cluster, directory, program }: Run,
): Promise<number> {
  const reportPath = join(directory, 'report.yaml');
  const version = ourVersion();
  const startedAt = performance.now();
  const end = await runSuite({
    ...options,
    ...cluster,
    program,
    version,
    reportPath,
    logPath: join(directory, 'log.txt'),
    onOutcome: (outcome) => {
      const line = renderOutcome(outcome);
      if (line !== undefined) console.log(line);
    },
  });
  const { outcomes } = end;
  writeFileSync(join(directory, 'results.jsonl'), formatResults(outcomes));
  const report = existsSync(reportPath)
    ? readSuiteReport(readFileSync(reportPath, 'utf8'))
    : undefined;
  const seconds = (performance.now() - startedAt) / 1000;
  explainEnd(end);
  console.log(renderSummary({ outcomes, report, seconds }));
  console.log(`log, results and report: ${directory}`);
  if (options.publish && report !== undefined) {
    console.log(`published ${publish({ report, reportPath, outcomes, version })}`);
  }
  return end.exitCode;
}

/** A suite that fails without a failed test says why outside of all tests. */
function explainEnd({ exitCode, outcomes, outside }: SuiteEnd): void {
  if (exitCode === 0 || outcomes.some(({ result }) => result === 'failed')) return;
  console.error(`the suite ended with exit code ${exitCode}:\n${outside.join('\n')}`);
}

function ourVersion(): string {
  const path = join(root, 'apps/sluice/package.json');
  return `v${(JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version}`;
}
