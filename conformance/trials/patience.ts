/** Waiting for what becomes true after a while, and measuring how long that took. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Awaited<Value> {
  readonly value: Value;
  readonly tookMs: number;
}

export interface Patience {
  /** For the message when it takes too long. */
  readonly what: string;
  readonly withinMs: number;
  readonly pollMs?: number;
}

/** Asks until the answer is not undefined; what a question throws is an answer of that kind too. */
export async function until<Value>(
  { what, withinMs, pollMs = 50 }: Patience,
  ask: () => Promise<Value | undefined>,
): Promise<Awaited<Value>> {
  const startedAt = performance.now();
  let problem = 'not so';
  for (;;) {
    try {
      const value = await ask();
      if (value !== undefined) return { value, tookMs: Math.round(performance.now() - startedAt) };
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() - startedAt > withinMs) {
      throw new Error(`${what}: not within ${withinMs} ms; last: ${problem}`);
    }
    await delay(pollMs);
  }
}
