/**
 * Attempts at bringing something up to date, one at a time: at once when woken, again after a
 * growing delay while they fail. What wakes it during an attempt brings one more after it.
 */
export interface Attempts {
  wake(): void;
  /** Resolves when the attempt under way, if there is one, has ended. */
  stop(): Promise<void>;
}

const RETRY_MS_MIN = 250;
const RETRY_MS_MAX = 5_000;

/** `attempt` tells whether it succeeded, and must not reject. */
export function runAttempts(attempt: () => Promise<boolean>): Attempts {
  let running: Promise<void> | undefined;
  let isAwake = false;
  let isStopped = false;
  let retryMs = RETRY_MS_MIN;
  let timer: NodeJS.Timeout | undefined;
  const run = async (): Promise<void> => {
    while (isAwake && !isStopped) {
      isAwake = false;
      if (await attempt()) retryMs = RETRY_MS_MIN;
      else if (!isAwake && !isStopped) retryLater();
    }
    running = undefined;
  };
  const start = (): void => {
    clearTimeout(timer);
    isAwake = true;
    running ??= run();
  };
  const retryLater = (): void => {
    clearTimeout(timer);
    timer = setTimeout(start, retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
  };
  return {
    wake() {
      if (!isStopped) start();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
