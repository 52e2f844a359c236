/**
 * The fake API server without sockets, for tests in which time is turned by hand: the transport of
 * a client hands it its requests, and gets bodies in pieces as they are written.
 */
import type { Clock } from '@sluice/sansio';
import { type ApiFaults, faultsOf } from './api-faults.ts';
import { FakeApi } from './fake-api.ts';
import type { BodySink } from './fake-watch.ts';

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly signal: AbortSignal;
}

interface Answer extends AsyncIterable<Buffer> {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly headersDistinct: Readonly<Record<string, string[]>>;
}

export interface InProcessApi extends ApiFaults {
  readonly transport: { open(call: Call): Promise<Answer>; close(): void };
}

export function createInProcessApi(clock: Clock): InProcessApi {
  const api = new FakeApi(clock);
  return {
    ...faultsOf(api),
    transport: {
      async open({ method, path, body = '', contentType, signal }) {
        const request = { method, url: path, body, contentType };
        const answer = await Promise.race([api.answer(request), whenAborted(signal)]);
        return new PipedAnswer(answer, signal);
      },
      close: () => undefined,
    },
  };
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Error('the request was aborted', { cause: signal.reason }));
    signal.addEventListener('abort', stop, { once: true });
  });
}

type End = { readonly kind: 'end' } | { readonly kind: 'broken'; readonly error: unknown };

/** Holds what nobody has read yet. */
class PipedAnswer implements Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly headersDistinct = {};
  readonly #pieces: Buffer[] = [];
  #end: End | undefined;
  #wake = (): void => undefined;

  constructor(answer: Awaited<ReturnType<FakeApi['answer']>>, signal: AbortSignal) {
    this.statusCode = answer.code;
    this.headers = answer.headers;
    const sink: BodySink = {
      write: (octets) => {
        this.#pieces.push(Buffer.from(octets));
        this.#wake();
      },
      end: () => this.#finish({ kind: 'end' }),
      reset: () => this.#finish({ kind: 'broken', error: new Error('read ECONNRESET') }),
    };
    const leave = answer.send(sink);
    if (signal.aborted) leave();
    signal.addEventListener('abort', () => {
      leave();
      this.#finish({ kind: 'broken', error: signal.reason });
    });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) yield piece;
      else if (this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (this.#end.kind === 'end') return;
      else throw this.#end.error;
    }
  }

  #finish(end: End): void {
    this.#end ??= end;
    this.#wake();
  }
}
