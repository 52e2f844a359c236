/** Requests at a fixed rate from a client that never retries. */
import { statusOf } from './probe.ts';

export interface SteadyLoad {
  /** Sends no more; resolves when all that was sent is answered or has failed. */
  stop(): Promise<LoadFigures>;
}

export interface LoadFigures {
  readonly requests: number;
  readonly failed: number;
  readonly latenciesMs: readonly number[];
  /** The first failures, as words. */
  readonly failures: readonly string[];
}

const tickMs = 10;
const failuresShown = 5;

export function startSteadyLoad(address: string, host: string, perSecond: number): SteadyLoad {
  const open = new Set<Promise<void>>();
  const latenciesMs: number[] = [];
  const failures: string[] = [];
  let requests = 0;
  const send = async (): Promise<void> => {
    const sentAt = performance.now();
    const answer = await statusOf(address, host).catch((error: unknown) => String(error));
    if (answer === 200) latenciesMs.push(performance.now() - sentAt);
    else failures.push(String(answer));
  };
  const startedAt = performance.now();
  const timer = setInterval(() => {
    // By the clock, so that a late tick sends what the ones before it did not.
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1000);
    for (; requests < due; requests += 1) {
      const sent = send();
      open.add(sent);
      void sent.then(() => open.delete(sent));
    }
  }, tickMs);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      const shown = failures.slice(0, failuresShown);
      return { requests, failed: failures.length, latenciesMs, failures: shown };
    },
  };
}
