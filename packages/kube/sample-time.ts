/**
 * A clock that a test turns by hand. Unlike that of sansio it waits for the event loop, not for a
 * number of promises: what a timer sets off here is deep, and there are many timers.
 */
import type { Clock } from '@sluice/sansio';

export interface TurnedClock extends Clock {
  /** Moves time on, letting what is due happen in its order, with all that follows from it. */
  advance(durationMs: number): Promise<void>;
  readonly pendingTimers: number;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export function createTurnedClock(startAt: number): TurnedClock {
  const timers = new Set<Timer>();
  let now = startAt;

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

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
