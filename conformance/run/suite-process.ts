/**
 * The official suite as a process: its flags, its output line by line, its end.
 *
 * Guarantees: the suite's own time limits stay as they are, and no test is left out; what runs is
 * decided by the profiles and by the features that the GatewayClass lists.
 */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { networkCommand } from '../cluster/network-command.ts';
import { createTestLog, type TestOutcome } from './test-log.ts';

export interface SuiteRun {
  /** The test binary. */
  readonly program: string;
  readonly kubeconfig: string;
  readonly networkNamespace: string | undefined;
  readonly gatewayClass: string;
  readonly profiles: readonly string[];
  /** One official test; all when undefined. */
  readonly test: string | undefined;
  /** Whether what the tests share stays when they have ended. */
  readonly isThrownAway: boolean;
  /** As `v0.1.0`. */
  readonly version: string;
  /** Where the suite writes its report, and where everything it prints goes. */
  readonly reportPath: string;
  readonly logPath: string;
  readonly onOutcome: (outcome: TestOutcome) => void;
}

export interface SuiteEnd {
  /** Of the suite; 1 when a signal ended it. */
  readonly exitCode: number;
  readonly outcomes: readonly TestOutcome[];
  /** What it said outside of its tests, at most the last lines. */
  readonly outside: readonly string[];
}

/** An address that a Gateway can ask for, and one of a range that is nobody's (RFC 5737). */
const usableAddress = '10.97.255.1';
const unusableAddress = '198.51.100.0';
/** Far above what all tests take; the suite's default is none at all. */
const timeLimit = '60m';

/** Ends the suite when this process is asked to end, and resolves when it has ended. */
export async function runSuite(run: SuiteRun): Promise<SuiteEnd> {
  const [program, args] = networkCommand(run.networkNamespace, run.program, suiteFlags(run));
  const child = spawn(program, args, {
    env: { ...process.env, KUBECONFIG: run.kubeconfig },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (): unknown => child.kill('SIGTERM');
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const file = createWriteStream(run.logPath);
  child.stderr.pipe(file, { end: false });
  child.stdout.pipe(file, { end: false });
  const log = createTestLog();
  const outcomes: TestOutcome[] = [];
  const note = (outcome: TestOutcome): void => {
    outcomes.push(outcome);
    run.onOutcome(outcome);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const outcome = log.read(line);
    if (outcome !== undefined) note(outcome);
  });
  createInterface({ input: child.stderr }).on('line', (line) => log.read(line));
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    for (const outcome of log.close()) note(outcome);
    return { exitCode, outcomes, outside: log.outside() };
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    file.end();
    await finished(file);
  }
}

function suiteFlags(run: SuiteRun): string[] {
  return [
    '-test.v=test2json',
    // Side by side on a machine that runs the whole cluster, tests only wait for each other.
    '-test.parallel=1',
    `-test.timeout=${timeLimit}`,
    `--gateway-class=${run.gatewayClass}`,
    `--conformance-profiles=${run.profiles.join(',')}`,
    ...(run.test === undefined ? [] : [`--run-test=${run.test}`]),
    ...(run.isThrownAway ? ['--cleanup-base-resources=false'] : []),
    `--usable-address=${usableAddress}`,
    `--unusable-address=${unusableAddress}`,
    '--organization=sluice',
    '--project=sluice',
    '--url=https://sluice.dev',
    '--contact=https://sluice.dev/contact',
    `--version=${run.version}`,
    `--report-output=${run.reportPath}`,
  ];
}
