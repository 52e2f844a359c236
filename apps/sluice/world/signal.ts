/**
 * Being told to end. The first signal is a request, which may take its time; a later one ends the
 * process at once, by way of its `exit` event.
 *
 * One request may come as several signals: a terminal sends it to a whole process group, and npm
 * and other parents in it pass theirs on. What follows the first closely is the same request.
 */

type StopSignal = 'SIGINT' | 'SIGTERM';

const SAME_REQUEST_MS = 500;

/** Resolves at the first SIGINT or SIGTERM. */
export function untilSignal(): Promise<StopSignal> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const receive = (signal: StopSignal): void => {
      const now = performance.now();
      firstAt ??= now;
      if (firstAt === now) resolve(signal);
      else if (now - firstAt > SAME_REQUEST_MS) process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.on('SIGINT', receive);
    process.on('SIGTERM', receive);
  });
}
