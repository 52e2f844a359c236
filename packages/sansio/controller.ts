/**
 * runController: the one visible loop. It sleeps until something of the closed set `Wake` comes,
 * gathers what comes with it, and takes one turn: snapshot → reconcile → execute.
 *
 * Turns never overlap; what happens during a turn is in the next one. A failed effect brings the
 * next turn after a back-off of its own. A throw of `snapshot` or `reconcile` is a crashed turn:
 * reported, retried with back-off, and the loop lives on.
 *
 * Invariant: the loop decides nothing about the world. It sets no timer and reads no clock but
 * the ones it is given.
 */
import type { Clock } from './clock.ts';
import type { Effect } from './effect.ts';
import { type ExecutorLimits, execute } from './executor.ts';
import type { EffectHandlers } from './handlers.ts';
import type { EffectOutcome } from './outcome.ts';
import { type Wake, wakeKey } from './wake.ts';
import { createWorkQueue, type WorkQueue, type WorkQueueLimits } from './work-queue.ts';

/** The least a reconciler returns; it may return more, which `onTurn` sees. */
export interface Reconciliation<Config = unknown> {
  readonly effects: readonly Effect<Config>[];
}

export interface ControllerPorts<Snapshot, Result extends Reconciliation<Config>, Config> {
  /** All the reconciler may know, `now` included. */
  readonly snapshot: (now: number) => Snapshot;
  readonly reconcile: (snapshot: Snapshot) => Result;
  readonly handlers: EffectHandlers<Config>;
  readonly isLeader: () => boolean;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Told of each turn when it is over: logs, metrics, a view. Must not throw. */
  readonly onTurn: (turn: Turn<Result, Config>) => void;
  readonly limits?: Partial<ControllerLimits>;
}

export interface ControllerLimits extends ExecutorLimits, WorkQueueLimits {
  /** How long the first wake waits for company. */
  readonly batchMs: number;
  /** The same when no turn was taken for `batchMs`: what comes alone may not need to wait. */
  readonly idleBatchMs: number;
  /** The same for whoever does not lead: it is to be warm, not quick. */
  readonly followerBatchMs: number;
  /** A `requeue-at` in the past or near future waits at least this long. */
  readonly requeueDelayMinMs: number;
}

export const defaultLimits: ControllerLimits = {
  batchMs: 5,
  idleBatchMs: 5,
  followerBatchMs: 5,
  requeueDelayMinMs: 1_000,
  concurrencyMax: 8,
  effectTimeoutMs: 10_000,
  backoffInitialMs: 200,
  backoffMaxMs: 30_000,
  takesPerSecond: 50,
  takeBurst: 10,
};

/** What one turn did and why. Times are milliseconds since the epoch. */
export type Turn<Result, Config = unknown> = {
  readonly wakes: readonly Wake[];
  readonly startedAt: number;
  readonly endedAt: number;
} & (
  | {
      readonly kind: 'completed';
      readonly result: Result;
      readonly outcomes: readonly EffectOutcome<Config>[];
    }
  | { readonly kind: 'crashed'; readonly error: unknown }
);

export interface Controller {
  /** Asks for a turn; returns at once. After `stop` it does nothing. */
  wake(wake: Wake): void;
  /** Lets the turn under way end, takes no further one, and resolves then. */
  stop(): Promise<void>;
}

export function runController<Snapshot, Result extends Reconciliation<Config>, Config>(
  ports: ControllerPorts<Snapshot, Result, Config>,
): Controller {
  const { clock, random, onTurn } = ports;
  const limits = { ...defaultLimits, ...ports.limits };
  const queue = createWorkQueue({ keyOf: wakeKey, random, limits });
  const sleeper = createSleeper(clock);
  let stopped = false;
  /** Until when turns count as following each other. */
  let busyUntil = Number.NEGATIVE_INFINITY;
  /** When the turn that gathers wakes begins. */
  let batchAt = Number.POSITIVE_INFINITY;

  const loop = async (): Promise<void> => {
    while (!stopped) {
      const wakes = queue.take(clock.now());
      if (wakes.length === 0) {
        await sleeper.sleepUntil(queue.nextAt());
        continue;
      }
      busyUntil = Number.POSITIVE_INFINITY;
      batchAt = Number.POSITIVE_INFINITY;
      const turn = await takeTurn(wakes, queue, ports, limits);
      busyUntil = turn.endedAt + limits.batchMs;
      settle(turn, queue, clock.now(), limits);
      onTurn(turn);
    }
  };
  const finished = loop();
  const delayMs = (wake: Wake, now: number): number => {
    if (!ports.isLeader() && wake.kind !== 'leadership') return limits.followerBatchMs;
    return now < busyUntil ? limits.batchMs : limits.idleBatchMs;
  };

  return {
    wake(wake) {
      const now = clock.now();
      batchAt = Math.min(batchAt, now + delayMs(wake, now));
      queue.enqueue(wake, batchAt);
      sleeper.rouse();
    },
    stop() {
      stopped = true;
      sleeper.rouse();
      return finished;
    },
  };
}

async function takeTurn<Snapshot, Result extends Reconciliation<Config>, Config>(
  wakes: readonly Wake[],
  queue: WorkQueue<Wake>,
  ports: ControllerPorts<Snapshot, Result, Config>,
  limits: ControllerLimits,
): Promise<Turn<Result, Config>> {
  const { snapshot, reconcile, clock } = ports;
  const startedAt = clock.now();
  try {
    const result = reconcile(snapshot(startedAt));
    const isBackingOff = (id: string): boolean => queue.isBackingOff(retryOf(id), startedAt);
    const outcomes = await execute(result.effects, { ...ports, limits, isBackingOff });
    return { kind: 'completed', wakes, startedAt, endedAt: clock.now(), result, outcomes };
  } catch (error) {
    return { kind: 'crashed', wakes, startedAt, endedAt: clock.now(), error };
  }
}

const crash: Wake = { kind: 'timer', name: 'crashed-turn' };

/** Turns what came of a turn into what wakes the next one. */
function settle<Result, Config>(
  turn: Turn<Result, Config>,
  queue: WorkQueue<Wake>,
  now: number,
  limits: ControllerLimits,
): void {
  if (turn.kind === 'crashed') {
    queue.retry(crash, now);
  } else {
    settleOutcomes(turn.outcomes, queue, now, limits);
    forgetVanished(turn, queue);
  }
  for (const wake of turn.wakes) queue.done(wake);
}

function settleOutcomes(
  outcomes: readonly EffectOutcome[],
  queue: WorkQueue<Wake>,
  now: number,
  limits: ControllerLimits,
): void {
  for (const outcome of outcomes) {
    const { effect } = outcome;
    if (outcome.kind === 'failed') {
      if (outcome.reason !== 'duplicate') queue.retry(retryOf(effect.id), now);
    } else if (outcome.kind === 'done' || outcome.kind === 'unchanged') {
      queue.forget(retryOf(effect.id));
    } else if (effect.kind === 'requeue-at') {
      const at = Math.max(effect.at, now + limits.requeueDelayMinMs);
      queue.enqueue({ kind: 'timer', name: effect.id }, at);
    }
  }
}

/** A failing effect that is no longer wanted leaves no trace behind. */
function forgetVanished<Result, Config>(
  turn: Extract<Turn<Result, Config>, { kind: 'completed' }>,
  queue: WorkQueue<Wake>,
): void {
  const wanted = new Set(turn.outcomes.map(({ effect }) => wakeKey(retryOf(effect.id))));
  for (const wake of turn.wakes) {
    if (wake.kind === 'timer' && !wanted.has(wakeKey(wake))) queue.forget(wake);
  }
}

function retryOf(effectId: string): Wake {
  return { kind: 'timer', name: `retry/${effectId}` };
}

interface Sleeper {
  /** Resolves at `at` (never, when absent) or when roused; one sleep at a time. */
  sleepUntil(at: number | undefined): Promise<void>;
  rouse(): void;
}

function createSleeper(clock: Clock): Sleeper {
  let rouse = (): void => {};
  return {
    sleepUntil(at) {
      return new Promise((resolve) => {
        const cancel = at === undefined ? undefined : clock.setTimer(at, resolve);
        rouse = () => {
          cancel?.();
          resolve();
        };
      });
    },
    rouse: () => rouse(),
  };
}
