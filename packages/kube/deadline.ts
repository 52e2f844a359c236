/** Waits that end: limits on requests, and pauses that a signal cuts short. */
import type { Clock } from '@sluice/sansio';

export interface Deadline {
  /** Aborts with `error` when the time is over. */
  readonly signal: AbortSignal;
  readonly clear: () => void;
}

export function startDeadline(clock: Clock, durationMs: number, error: Error): Deadline {
  const abort = new AbortController();
  const clear = clock.setTimer(clock.now() + durationMs, () => abort.abort(error));
  return { signal: abort.signal, clear };
}

/** Ends early, without an error, on an abort. */
export function pause(clock: Clock, durationMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.setTimer(clock.now() + durationMs, end);
    signal?.addEventListener('abort', end);
  });
}
