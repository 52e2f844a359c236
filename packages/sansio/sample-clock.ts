/**
 * A clock that a test or a simulation turns by hand: nothing happens between two `advance` calls
 * but what was due, in the order it was due.
 */
import type { Clock } from './clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on by `durationMs`, letting due timers and what follows from them run. */
  advance(durationMs: number): Promise<void>;
  /** Timers that are set: none are left behind by what has ended. */
  readonly pendingTimers: number;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** How many promise reactions may follow from one timer; more is a runaway. */
const reactionsMax = 200;

export function createManualClock(startAt = 0): ManualClock {
  const timers = new Set<Timer>();
  let now = startAt;

  const nextDue = (until: number): Timer | undefined =>
    [...timers].filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0];

  return {
    now: () => now,
    get pendingTimers() {
      return timers.size;
    },
    setTimer(at, callback) {
      const timer = { at, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(durationMs) {
      const until = now + durationMs;
      await settleReactions();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
        await settleReactions();
      }
      now = until;
    },
  };
}

async function settleReactions(): Promise<void> {
  for (let count = 0; count < reactionsMax; count += 1) await Promise.resolve();
}
