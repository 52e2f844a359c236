/**
 * Steady load from a client that never retries: half of it on kept connections, half on a new one
 * for each request, unless said otherwise. Whatever is not a whole answer with 200 counts as
 * failed, a reset too.
 */
import { Agent, request } from 'node:http';
import { readAnswer } from './request.ts';

export interface Load {
  /** Sends no more; resolves when all that was sent is answered or has failed. */
  stop(): Promise<LoadResult>;
}

export interface LoadResult {
  readonly sent: number;
  readonly failed: number;
  /** When, in seconds from the start, and why; the first few. */
  readonly failures: readonly string[];
  readonly seconds: number;
  /** Of each request that did not fail. */
  readonly tookMs: readonly number[];
}

export interface LoadOptions {
  readonly address: string;
  readonly host: string;
  readonly path: string;
  /** Requests; default: 500. */
  readonly perSecond?: number;
  /** No request gets a connection of its own. */
  readonly allKept?: boolean;
}

const tickMs = 10;
/** Generous: on a busy machine all are slow, and those that are lost never come. */
const timeoutMs = 30_000;
const failuresMax = 10;

export function startLoad(options: LoadOptions): Load {
  const { address, host, path, perSecond = 500, allKept = false } = options;
  const kept = new Agent({ keepAlive: true, maxSockets: 32 });
  const startedAt = performance.now();
  const open = new Set<Promise<void>>();
  const tookMs: number[] = [];
  const failures: string[] = [];
  let sent = 0;
  let failed = 0;
  const send = async (): Promise<void> => {
    sent += 1;
    const agent = allKept || sent % 2 === 0 ? kept : false;
    const sentAt = performance.now();
    try {
      const { status } = await readAnswer(
        request({ host: address, path, headers: { host }, agent, timeout: timeoutMs }),
      );
      if (status !== 200) throw new Error(`status ${status}`);
      tookMs.push(performance.now() - sentAt);
    } catch (error) {
      failed += 1;
      const seconds = ((sentAt - startedAt) / 1000).toFixed(2);
      if (failures.length < failuresMax) failures.push(`at ${seconds} s: ${String(error)}`);
    }
  };
  const timer = setInterval(() => {
    // What is due by now, so that late ticks send more.
    const due = Math.floor(((performance.now() - startedAt) / 1000) * perSecond);
    while (sent < due) {
      const sending = send();
      open.add(sending);
      void sending.then(() => open.delete(sending));
    }
  }, tickMs);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      kept.destroy();
      const seconds = (performance.now() - startedAt) / 1000;
      return { sent, failed, failures, seconds, tookMs };
    },
  };
}

export function describeLoad({ sent, failed, seconds, tookMs }: LoadResult): string {
  const rate = Math.round(sent / seconds);
  const sorted = tookMs.toSorted((one, other) => one - other);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
  const times = [0.5, 0.99, 1].map((part) => at(part).toFixed(1)).join('/');
  const counts = `${sent} requests in ${seconds.toFixed(0)} s (${rate}/s), ${failed} failed`;
  return `${counts}; p50/p99/max ${times} ms`;
}
