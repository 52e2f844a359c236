/** Asks a gateway for one host again and again until it is served. */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readAnswer } from '../../conformance/trials/request.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const pauseMs = 1;
const answerMsMax = 5_000;

export interface Sighting {
  /** From the call to the first answer with 200. */
  readonly tookMs: number;
  /** Answers that were neither 404 nor 200, and requests without an answer, as words. */
  readonly wrong: readonly string[];
}

/** Rejects when the host is not served in time. */
export async function untilServed(
  address: string,
  host: string,
  withinMs = 30_000,
): Promise<Sighting> {
  const startedAt = performance.now();
  const wrong: string[] = [];
  for (;;) {
    const answer = await statusOf(address, host).catch((error: unknown) => String(error));
    const tookMs = performance.now() - startedAt;
    if (answer === 200) return { tookMs, wrong };
    if (answer !== 404) wrong.push(String(answer));
    if (tookMs > withinMs) throw new Error(`${host} is not served after ${withinMs} ms`);
    await delay(pauseMs);
  }
}

/** Rejects when there is no whole answer. */
async function statusOf(address: string, host: string): Promise<number> {
  const options = { host: address, path: '/', agent, headers: { host }, timeout: answerMsMax };
  return (await readAnswer(request(options))).status;
}
