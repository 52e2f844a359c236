/**
 * One watch request: a stream of JSON lines. It ends exactly once and says how: the server closed
 * it, it broke, or its version is gone. A line that is not JSON, or that is cut off, breaks it.
 *
 * Nothing coming is normal for a while. Then the server is asked something else: if it does not
 * answer that either, the watch is broken. Whatever the server answers, the watch does not outlive
 * the time after which the server was asked to end it.
 */
import type { Clock } from '@sluice/sansio';
import { ApiError } from './api-error.ts';
import { startDeadline } from './deadline.ts';
import { collectionPath, type KubeObject, type Resource } from './object.ts';
import { type Answer, parseJson, readRetryAfter, readText, type Transport } from './transport.ts';

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Absent: begins with what there is, as if it had just been added. */
  readonly resourceVersion?: string;
  /** After it the server ends the watch. */
  readonly timeoutSeconds?: number;
  /** How much longer than `timeoutSeconds` a watch may last. */
  readonly marginMs?: number;
  /** After such a silence the server has to show that it is there. */
  readonly idleMs?: number;
}

export type WatchEvent =
  | { readonly kind: 'added' | 'modified' | 'deleted'; readonly object: KubeObject }
  | { readonly kind: 'bookmark'; readonly resourceVersion: string };

export type WatchEnd =
  | { readonly kind: 'ended' }
  | { readonly kind: 'stopped' }
  /** The version is too old: list again. */
  | { readonly kind: 'expired'; readonly error: Error }
  /** A line could not be read, so a change may be lost: list again. */
  | { readonly kind: 'damaged'; readonly error: Error }
  | { readonly kind: 'failed'; readonly error: Error };

export interface Watch {
  readonly end: Promise<WatchEnd>;
  stop(): void;
}

interface WatchRequest {
  readonly resource: Resource;
  readonly options: WatchOptions;
  readonly onEvent: (event: WatchEvent) => void;
}

/** Whether the server answers at all. */
export type Probe = () => Promise<boolean>;

export interface WatchPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly probe: Probe;
  /** For the head of the answer. */
  readonly timeoutMs: number;
}

/** Watches that have become silent together share one question. Refusals are answers too. */
export function createProbe(
  transport: Transport,
  { clock, timeoutMs }: Pick<WatchPorts, 'clock' | 'timeoutMs'>,
): Probe {
  const ask = async (): Promise<boolean> => {
    const { signal, clear } = startDeadline(clock, timeoutMs, new Error('no answer'));
    try {
      const call = { method: 'GET', path: '/version', repeatable: true, signal };
      await readText(await transport.open(call), maxProseBytes);
      return true;
    } catch {
      return false;
    } finally {
      clear();
    }
  };
  let pending: Promise<boolean> | undefined;
  return () => {
    pending ??= ask().finally(() => {
      pending = undefined;
    });
    return pending;
  };
}

export function startWatch(ports: WatchPorts, request: WatchRequest): Watch {
  const abort = new AbortController();
  const limits = new WatchLimits(ports, request, abort);
  const run = async (): Promise<WatchEnd> => {
    const { signal } = abort;
    try {
      const path = watchPath(request);
      const call = { method: 'GET', path, repeatable: true, signal };
      const answer = await ports.transport.open(call);
      limits.watchSilence();
      return await readEvents(answer, request, limits);
    } catch (error) {
      if (signal.aborted && signal.reason === stopped) return { kind: 'stopped' };
      return toEnd(signal.aborted ? signal.reason : error, request);
    } finally {
      limits.clear();
      abort.abort(stopped);
    }
  };
  return { end: run(), stop: () => abort.abort(stopped) };
}

const stopped = new Error('the watch was stopped');
const defaultTimeoutSeconds = 300;
const defaultMarginMs = 10_000;
const defaultIdleMs = 30_000;

/** Breaks a watch that has no head in time, is silent while the server is too, or does not end. */
class WatchLimits {
  readonly #ports: WatchPorts;
  readonly #idleMs: number;
  readonly #break: (why: string) => void;
  readonly #clearLifetime: () => void;
  #clearWait: () => void;
  #heardAt = 0;
  #isOver = false;

  constructor(ports: WatchPorts, request: WatchRequest, abort: AbortController) {
    const { timeoutSeconds = defaultTimeoutSeconds, marginMs = defaultMarginMs } = request.options;
    this.#ports = ports;
    this.#idleMs = request.options.idleMs ?? defaultIdleMs;
    this.#break = (why) => abort.abort(new Error(`${show(request)}: ${why}`));
    this.#clearLifetime = this.#after(timeoutSeconds * 1000 + marginMs, () =>
      this.#break('the server does not end it'),
    );
    this.#clearWait = this.#after(ports.timeoutMs, () =>
      this.#break(`no answer within ${ports.timeoutMs} ms`),
    );
  }

  watchSilence(): void {
    this.#clearWait();
    this.heard();
    this.#waitUntil(this.#heardAt + this.#idleMs);
  }

  /** Cheap, as it is called for each chunk: timers are left as they are. */
  heard(): void {
    this.#heardAt = this.#ports.clock.now();
  }

  clear(): void {
    this.#isOver = true;
    this.#clearLifetime();
    this.#clearWait();
  }

  #after(durationMs: number, callback: () => void): () => void {
    const { clock } = this.#ports;
    return clock.setTimer(clock.now() + durationMs, callback);
  }

  #waitUntil(at: number): void {
    this.#clearWait = this.#ports.clock.setTimer(at, () => void this.#judgeSilence());
  }

  async #judgeSilence(): Promise<void> {
    const { clock, probe } = this.#ports;
    const due = this.#heardAt + this.#idleMs;
    if (clock.now() < due) {
      this.#waitUntil(due);
      return;
    }
    const askedAt = clock.now();
    const isThere = await probe();
    if (this.#isOver) return;
    if (isThere || this.#heardAt > askedAt) this.#waitUntil(clock.now() + this.#idleMs);
    else this.#break('it is silent, and the server does not answer');
  }
}

/** What makes a stream untrustworthy, as opposed to merely over. */
class DamagedLineError extends Error {}

/** A line is held in pieces until its end is there, so that long lines cost linear time. */
const maxLineBytes = 16 * 1024 * 1024;
/** Of what is not a stream of events. */
const maxProseBytes = 1024 * 1024;

async function readEvents(
  answer: Answer,
  request: WatchRequest,
  limits: WatchLimits,
): Promise<WatchEnd> {
  const code = answer.statusCode ?? 0;
  if (code !== 200) {
    const status = parseJson(await readText(answer, maxProseBytes));
    throw new ApiError(show(request), status, { code, retryAfterMs: readRetryAfter(answer) });
  }
  let pieces: Buffer[] = [];
  let pieceBytes = 0;
  for await (const chunk of answer) {
    limits.heard();
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      pieces.push(chunk.subarray(start, end));
      takeLine(Buffer.concat(pieces).toString('utf8'), request);
      pieces = [];
      pieceBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      pieces.push(chunk.subarray(start));
      pieceBytes += chunk.length - start;
      if (pieceBytes > maxLineBytes) throw new DamagedLineError(`${show(request)}: endless line`);
    }
  }
  if (pieceBytes > 0) throw new DamagedLineError(`${show(request)}: the last line is cut off`);
  return { kind: 'ended' };
}

function takeLine(line: string, request: WatchRequest): void {
  if (line === '') return;
  const { type, object } = parseLine(line, request);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED': {
      const kind = type === 'ADDED' ? 'added' : type === 'MODIFIED' ? 'modified' : 'deleted';
      request.onEvent({ kind, object });
      return;
    }
    case 'BOOKMARK': {
      const { resourceVersion } = object.metadata;
      if (resourceVersion !== undefined) request.onEvent({ kind: 'bookmark', resourceVersion });
      return;
    }
    case 'ERROR':
      throw new ApiError(show(request), object, { code: 500 });
    default:
      throw new DamagedLineError(`${show(request)}: unknown event ${String(type)}`);
  }
}

function parseLine(line: string, request: WatchRequest) {
  let value: { readonly type?: unknown; readonly object?: KubeObject };
  try {
    value = JSON.parse(line) as typeof value;
  } catch (error) {
    throw new DamagedLineError(`${show(request)}: a line is not JSON`, { cause: error });
  }
  const { type, object } = value;
  if (object === undefined || (type !== 'ERROR' && object.metadata === undefined)) {
    throw new DamagedLineError(`${show(request)}: an event without an object`);
  }
  return { type, object };
}

function toEnd(thrown: unknown, request: WatchRequest): WatchEnd {
  const error = thrown instanceof Error ? thrown : new Error(`${show(request)}: broke`);
  if (error instanceof ApiError && error.code === 410) return { kind: 'expired', error };
  return { kind: error instanceof DamagedLineError ? 'damaged' : 'failed', error };
}

function watchPath({ resource, options }: WatchRequest): string {
  const { namespace, labelSelector, fieldSelector, resourceVersion } = options;
  const { timeoutSeconds = defaultTimeoutSeconds } = options;
  const query = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(timeoutSeconds),
  });
  if (resourceVersion !== undefined) query.set('resourceVersion', resourceVersion);
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
  return `${collectionPath(resource, namespace)}?${query.toString()}`;
}

function show({ resource, options }: WatchRequest): string {
  const { namespace } = options;
  return `watch ${resource.plural}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
