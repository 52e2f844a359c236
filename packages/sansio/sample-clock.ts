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

/** `settle` resolves when all that follows from what just happened has happened. */
export function createManualClock(
  startAt = 0,
  settle: () => Promise<void> = settleReactions,
): ManualClock {
  const timers = new Set<Timer>();
  let now = startAt;

  /** Of those due at one time the one that was set first. */
  const takeDue = (until: number): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer;
    }
    if (next !== undefined) timers.delete(next);
    return next;
  };

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
      await settle();
      for (let timer = takeDue(until); timer !== undefined; timer = takeDue(until)) {
        now = Math.max(now, timer.at);
        timer.callback();
        await settle();
      }
      now = until;
    },
  };
}

async function settleReactions(): Promise<void> {
  for (let count = 0; count < reactionsMax; count += 1) await Promise.resolve();
}
