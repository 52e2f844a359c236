/**
 * One burst of load against one proxy, and the median over several.
 *
 * The load generator itself reads the proxy's CPU clock at both ends of its measured window, so
 * start-up, connecting and the harness do not count.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nativeProgram } from './program.ts';

export interface BurstCommand {
  readonly port: number;
  /** Whose CPU time is the proxy's. */
  readonly pids: readonly number[];
  readonly core: number;
  readonly connections: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  /** Options of the load generator, `name=value`. */
  readonly shape: readonly string[];
}

export interface Burst {
  /** CPU time of the proxy per request. */
  readonly cpuMicros: number;
  /** Share of one core, 0 to 1. */
  readonly coreShare: number;
  readonly requestsPerSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly errors: number;
}

/** What native/load.c prints. */
interface LoadReport {
  readonly requests: number;
  readonly errors: number;
  readonly seconds: number;
  readonly cpuNanos: number;
  readonly p50Nanos: number;
  readonly p99Nanos: number;
}

/** Throws when the load generator gives up (1,000 errors) or nothing was answered. */
export async function runBurst(burst: BurstCommand): Promise<Burst> {
  const load = [
    nativeProgram('load'),
    String(burst.port),
    `connections=${burst.connections}`,
    `warm=${burst.warmSeconds}`,
    `seconds=${burst.seconds}`,
    ...burst.pids.map((pid) => `pid=${pid}`),
    ...burst.shape,
  ];
  const args = ['-c', String(burst.core), ...load];
  const { stdout } = await promisify(execFile)('taskset', args);
  const report = JSON.parse(stdout) as LoadReport;
  if (report.requests === 0) throw new Error('no request was answered');
  return {
    cpuMicros: report.cpuNanos / 1000 / report.requests,
    coreShare: report.cpuNanos / 1e9 / report.seconds,
    requestsPerSecond: report.requests / report.seconds,
    p50Micros: report.p50Nanos / 1000,
    p99Micros: report.p99Nanos / 1000,
    errors: report.errors,
  };
}

/** The median of each figure by itself; errors are summed. */
export function medianBurst(bursts: readonly Burst[]): Burst {
  const of = (read: (burst: Burst) => number): number => median(bursts.map(read));
  return {
    cpuMicros: of((burst) => burst.cpuMicros),
    coreShare: of((burst) => burst.coreShare),
    requestsPerSecond: of((burst) => burst.requestsPerSecond),
    p50Micros: of((burst) => burst.p50Micros),
    p99Micros: of((burst) => burst.p99Micros),
    errors: bursts.reduce((sum, burst) => sum + burst.errors, 0),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
