/**
 * One container of a Pod through all its processes: starts one anew, later each time, when the
 * last has ended, and watches whether it is ready.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ContainerLog } from './container-log.ts';
import { type ContainerProcess, startContainer } from './container-process.ts';
import type { ContainerPlan } from './plan.ts';
import type { RestartPolicy } from './pod.ts';
import { probeContainer } from './probe.ts';
import type { Sandbox } from './sandbox.ts';
import { readSocketTables, socketsReady } from './sockets.ts';
import type { ContainerFacts, ContainerState } from './status.ts';

export interface ContainerOptions {
  readonly sandbox: Sandbox;
  /** Of the Pod. */
  readonly address: string;
  /** Once aborted no process is started any more. */
  readonly ending: AbortSignal;
  readonly onChange: (facts: ContainerFacts) => void;
}

const readinessPollMs = 100;
const defaultFailureThreshold = 3;
const defaultPeriodSeconds = 10;
const restartFirstMs = 500;
const restartMaxMs = 10_000;
/** What ran for so long is started again as quickly as if it had never failed. */
const soundAfterMs = 60_000;

/** How long to wait before the next start, after so many failures in a row. */
export function restartDelayMs(failures: number): number {
  return Math.min(restartFirstMs * 2 ** (failures - 1), restartMaxMs);
}

export class ContainerRunner {
  readonly log = new ContainerLog();
  readonly #plan: ContainerPlan;
  readonly #options: ContainerOptions;
  #process: ContainerProcess | undefined;
  #restarts = 0;

  constructor(plan: ContainerPlan, options: ContainerOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  /** Resolves when it has ended for good. */
  async run(policy: RestartPolicy): Promise<void> {
    const { ending } = this.#options;
    let failures = 0;
    while (!ending.aborted) {
      const startedAtMs = Date.now();
      const exitCode = await this.#runOnce(startedAtMs);
      if (ending.aborted) return;
      if (policy === 'Never' || (policy === 'OnFailure' && exitCode === 0)) {
        this.#tell({ kind: 'terminated', exitCode, finishedAt: new Date().toISOString() });
        return;
      }
      failures = Date.now() - startedAtMs > soundAfterMs ? 1 : failures + 1;
      this.#restarts += 1;
      const message = `ended with exit code ${exitCode}`;
      this.#tell({ kind: 'waiting', reason: 'CrashLoopBackOff', message });
      await sleep(restartDelayMs(failures), undefined, { signal: ending }).catch(() => undefined);
    }
  }

  /** Asks a program that drains to end, and resolves when it has; others need not be waited for. */
  async drain(): Promise<void> {
    if (!this.#plan.drains) return;
    this.#process?.terminate();
    await this.#process?.ended;
  }

  async #runOnce(startedAtMs: number): Promise<number> {
    const process = startContainer(this.#plan, this.#options.sandbox, this.log);
    this.#process = process;
    this.log.begin();
    const state = { kind: 'running', startedAt: new Date(startedAtMs).toISOString() } as const;
    this.#tell(state);
    const over = new AbortController();
    void this.#followReadiness(startedAtMs, over.signal, (ready) => this.#tell(state, ready));
    const exitCode = await process.ended;
    over.abort();
    this.log.end();
    this.#process = undefined;
    return exitCode;
  }

  /** Asked often until it is ready, and then as its probe says; without one it stays so. */
  async #followReadiness(
    startedAtMs: number,
    signal: AbortSignal,
    onTurn: (ready: boolean) => void,
  ): Promise<void> {
    const { probe } = this.#plan;
    const { failureThreshold = defaultFailureThreshold, periodSeconds = defaultPeriodSeconds } =
      probe ?? {};
    let ready = false;
    let failures = 0;
    while (!signal.aborted) {
      const open = await this.#isReady(startedAtMs);
      failures = open ? 0 : failures + 1;
      const next: boolean = open || (ready && failures < failureThreshold);
      if (signal.aborted) return;
      if (next !== ready) onTurn(next);
      ready = next;
      if (ready && probe === undefined) return;
      const pauseMs = ready ? periodSeconds * 1000 : readinessPollMs;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #isReady(startedAtMs: number): Promise<boolean> {
    const { probe, ports } = this.#plan;
    const { address, sandbox } = this.#options;
    if (probe !== undefined) return probeContainer(probe, { ports, address });
    return socketsReady(ports, await readSocketTables(sandbox.pid), Date.now() - startedAtMs);
  }

  #tell(state: ContainerState, ready = false): void {
    this.#options.onChange({ state, restarts: this.#restarts, ready });
  }
}
