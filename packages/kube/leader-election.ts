/**
 * Which of several replicas acts: whoever holds the Lease. It is renewed well before it ends; who
 * can't renew it steps down before another may take it; who stops gives it back.
 *
 * Each candidate judges a Lease by how long it has seen it unchanged, never by the times written in
 * it: clocks of different machines need not agree. A holder counts from before it asked to renew, a
 * candidate from after it saw: a slow server makes both more careful.
 *
 * https://kubernetes.io/docs/concepts/architecture/leases/
 */
import type { Clock } from '@sluice/sansio';
import { ApiError } from './api-error.ts';
import type { Client } from './client.ts';
import { pause } from './deadline.ts';
import { type LeaseName, readLease, writeLease } from './lease.ts';
import { steadyClock } from './steady-clock.ts';

export interface LeaderElection {
  /** True never for two candidates at once. */
  readonly isLeader: () => boolean;
  /** Gives the Lease back; `onChange` is not called for it. */
  stop(): Promise<void>;
}

export interface LeaderElectionOptions extends LeaseName {
  readonly client: Client;
  /** Of this replica; unique. */
  readonly identity: string;
  readonly onChange: (leads: boolean) => void;
  readonly onProblem: (error: unknown) => void;
  readonly limits?: LeaseLimits;
  readonly clock?: Clock;
}

interface LeaseLimits {
  /** A Lease that was not renewed for so long may be taken. */
  readonly durationMs: number;
  /** Whoever could not renew it for so long steps down. Shorter than the duration. */
  readonly renewWithinMs: number;
  readonly retryMs: number;
}

const defaultLimits: LeaseLimits = { durationMs: 15_000, renewWithinMs: 10_000, retryMs: 2_000 };

export function runLeaderElection(options: LeaderElectionOptions): LeaderElection {
  const candidate = new Candidate(options);
  const running = candidate.run();
  return {
    isLeader: () => candidate.isLeader(),
    async stop() {
      candidate.stopping.abort();
      await running;
    },
  };
}

class Candidate {
  readonly stopping = new AbortController();
  readonly #options: LeaderElectionOptions;
  readonly #limits: LeaseLimits;
  readonly #clock: Clock;
  #leads = false;
  #renewedAt = Number.NEGATIVE_INFINITY;
  /** The Lease as it was last seen to change. */
  #seen = { version: '', at: 0 };
  #cancelEnd = (): void => undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#limits = options.limits ?? defaultLimits;
    this.#clock = options.clock ?? steadyClock;
  }

  isLeader(): boolean {
    return this.#leads && this.#clock.now() < this.#endsAt();
  }

  async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.#attempt();
      } catch (error) {
        // A conflict says that somebody else was faster, which the next look shows.
        if (!(error instanceof ApiError && error.code === 409)) this.#options.onProblem(error);
      }
      await pause(this.#clock, this.#limits.retryMs, signal);
    }
    this.#cancelEnd();
    const mustRelease = this.isLeader();
    this.#leads = false;
    if (mustRelease) await this.#release().catch(this.#options.onProblem);
  }

  /** One look at the Lease, and one write where it is ours to write. */
  async #attempt(): Promise<void> {
    const { client, identity } = this.#options;
    const startedAt = this.#clock.now();
    const lease = await readLease(client, this.#options);
    const seenAt = this.#clock.now();
    if (lease.version !== this.#seen.version) this.#seen = { version: lease.version, at: seenAt };
    const isFree = lease.holder === '' || seenAt - this.#seen.at >= this.#limits.durationMs;
    if (lease.holder !== identity && !isFree) {
      this.#settle(false);
      return;
    }
    const { durationMs } = this.#limits;
    await writeLease(client, lease, { holder: identity, at: this.#clock.now(), durationMs });
    this.#renewedAt = startedAt;
    this.#settle(this.#clock.now() < this.#endsAt());
  }

  #endsAt(): number {
    return this.#renewedAt + this.#limits.renewWithinMs;
  }

  #settle(leads: boolean): void {
    this.#cancelEnd();
    if (leads) this.#cancelEnd = this.#clock.setTimer(this.#endsAt(), () => this.#settle(false));
    if (this.#leads === leads) return;
    this.#leads = leads;
    this.#options.onChange(leads);
  }

  async #release(): Promise<void> {
    const { client, identity } = this.#options;
    const lease = await readLease(client, this.#options);
    if (lease.holder !== identity) return;
    const { durationMs } = this.#limits;
    await writeLease(client, lease, { holder: '', at: this.#clock.now(), durationMs });
  }
}
