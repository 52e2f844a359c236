/**
 * Time that only goes forward: setting the machine's clock neither lengthens a wait nor a lease.
 * `now()` is near the time of day as it was when the process began.
 */
import type { Clock } from '@sluice/sansio';

/** Longest delay of a Node.js timer. A timer may call early. */
const timerMsMax = 2 ** 31 - 1;

const now = () => performance.timeOrigin + performance.now();

export const steadyClock: Clock = {
  now,
  setTimer(at, callback) {
    const delayMs = Math.min(Math.max(0, Math.ceil(at - now())), timerMsMax);
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
