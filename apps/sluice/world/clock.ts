/** The real time, for the controller's loop. */
import type { Clock } from '@sluice/sansio';

/** Longest delay of a Node.js timer; a timer may call early, the loop asks again. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(at, callback) {
    const delayMs = Math.min(Math.max(0, at - Date.now()), TIMER_MS_MAX);
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
