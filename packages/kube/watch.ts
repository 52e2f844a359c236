/**
 * One watch request: a stream of JSON lines. It ends exactly once and says how: the server closed
 * it, it broke, or its version is gone. A line that is not JSON, or that is cut off, breaks it.
 */
import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';
import { collectionPath, type KubeObject, type Resource } from './object.ts';
import { readRetryAfter, type Transport } from './transport.ts';

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion: string;
  /** After it the server ends the watch; a stream that is silent for longer is broken. */
  readonly timeoutSeconds?: number;
  /** How much longer than `timeoutSeconds` silence may last. */
  readonly silenceMarginMs?: number;
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

export function startWatch(transport: Transport, request: WatchRequest): Watch {
  const abort = new AbortController();
  const run = async (): Promise<WatchEnd> => {
    const { timeoutSeconds = 300, silenceMarginMs = 10_000 } = request.options;
    const silence = setTimeout(
      () => abort.abort(new Error(`${show(request)}: silent for too long`)),
      timeoutSeconds * 1000 + silenceMarginMs,
    );
    try {
      const path = watchPath(request, timeoutSeconds);
      const response = await transport.open({ method: 'GET', path, signal: abort.signal });
      return await readEvents(response, request, silence);
    } catch (error) {
      if (abort.signal.aborted && abort.signal.reason === stopped) return { kind: 'stopped' };
      return toEnd(abort.signal.aborted ? abort.signal.reason : error, request);
    } finally {
      clearTimeout(silence);
      abort.abort(stopped);
    }
  };
  return { end: run(), stop: () => abort.abort(stopped) };
}

const stopped = new Error('the watch was stopped');

/** What makes a stream untrustworthy, as opposed to merely over. */
class DamagedLineError extends Error {}

/** A line is held in pieces until its end is there, so that long lines cost linear time. */
const maxLineBytes = 16 * 1024 * 1024;

async function readEvents(
  response: IncomingMessage,
  request: WatchRequest,
  silence: NodeJS.Timeout,
): Promise<WatchEnd> {
  const code = response.statusCode ?? 0;
  if (code !== 200)
    throw new ApiError(show(request), undefined, { code, retryAfterMs: readRetryAfter(response) });
  let pieces: Buffer[] = [];
  let pieceBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    silence.refresh();
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

function watchPath({ resource, options }: WatchRequest, timeoutSeconds: number): string {
  const { namespace, labelSelector, fieldSelector, resourceVersion } = options;
  const query = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(timeoutSeconds),
    resourceVersion,
  });
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
  return `${collectionPath(resource, namespace)}?${query.toString()}`;
}

function show({ resource, options }: WatchRequest): string {
  const { namespace } = options;
  return `watch ${resource.plural}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
