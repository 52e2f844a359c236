/**
 * Writes responses to an HTTP/1.x client: one framing, ours, fit for the client's version.
 */
import {
  CONNECTION_CLOSE,
  CONNECTION_DEFAULT,
  CONNECTION_KEEP_ALIVE,
  CONNECTION_UPGRADE,
  downstreamFraming,
  type FieldSection,
  FRAMING_CHUNKED,
  FRAMING_NONE,
  FRAMING_UNTIL_CLOSE,
  type HeaderEdits,
  METHOD,
  octetsOf,
  type RequestHead,
  type ResponseHead,
  ResponseHeadPlan,
  writeLocalResponse,
  writeResponseHead,
} from '@sluice/wire';
import type { BodySink } from '../codec.ts';
import type { LocalReply } from '../reply.ts';
import type { Connection } from '../transport/connection.ts';
import { httpDate } from './http-date.ts';
import type { Outbox } from './outbox.ts';

const noEdits: readonly HeaderEdits[] = [];
const continueLine = octetsOf('HTTP/1.1 100 Continue\r\n\r\n');
/** Head plans are used up within a call: one serves the worker. */
const plan = new ResponseHeadPlan();

export interface ResponseParts {
  readonly request: RequestHead;
  readonly response: ResponseHead;
  readonly edits: readonly HeaderEdits[];
  readonly mayKeepAlive: boolean;
}

/** One per client connection; is the sink of the response's body. */
export class ResponseWriter implements BodySink {
  /** What the client was told about the connection. */
  keepsAlive = true;
  /** Body bytes of the current response, without framing. */
  bodyBytes = 0;
  /** Something of the final response was written. */
  begun = false;
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  #framing = FRAMING_NONE;
  #finished = false;

  constructor(connection: Connection, outbox: Outbox) {
    this.#connection = connection;
    this.#outbox = outbox;
  }

  /** Forgets the response before. */
  reset(): void {
    this.keepsAlive = true;
    this.bodyBytes = 0;
    this.begun = false;
    this.#finished = false;
  }

  writeContinue(): void {
    this.#outbox.claim(this.#connection).range(continueLine, 0, continueLine.length);
    this.#outbox.flush();
  }

  writeInterim(response: ResponseHead): void {
    plan.framing = FRAMING_NONE;
    plan.connection = CONNECTION_DEFAULT;
    plan.edits = noEdits;
    writeResponseHead(this.#outbox.claim(this.#connection), response, plan);
    this.#outbox.flush();
  }

  /** The head stays in the outbox until the first `flush`. */
  writeHead({ request, response, edits, mayKeepAlive }: ResponseParts): BodySink {
    const isHttp10 = request.minorVersion === 0;
    this.begun = true;
    this.#framing = downstreamFraming(response, request.minorVersion);
    this.keepsAlive = mayKeepAlive && this.#framing !== FRAMING_UNTIL_CLOSE;
    plan.framing = this.#framing;
    plan.edits = edits;
    if (response.statusCode === 101) plan.connection = CONNECTION_UPGRADE;
    else if (!this.keepsAlive) plan.connection = CONNECTION_CLOSE;
    else plan.connection = isHttp10 ? CONNECTION_KEEP_ALIVE : CONNECTION_DEFAULT;
    writeResponseHead(this.#outbox.claim(this.#connection), response, plan);
    return this;
  }

  /** A whole response of our own. */
  writeReply(request: RequestHead, reply: LocalReply, mayKeepAlive: boolean): void {
    this.begun = true;
    this.keepsAlive = mayKeepAlive;
    this.bodyBytes = reply.body.length;
    writeLocalResponse(this.#outbox.claim(this.#connection), reply, {
      date: httpDate(),
      isHead: request.method === METHOD.HEAD,
      closes: !mayKeepAlive,
      isHttp10: request.minorVersion === 0,
    });
    this.#outbox.flushLater();
  }

  write(bytes: Uint8Array, start: number, end: number): void {
    this.bodyBytes += end - start;
    this.#outbox.claim(this.#connection);
    if (this.#framing === FRAMING_CHUNKED) this.#outbox.appendChunk(bytes, start, end);
    else this.#outbox.append(bytes, start, end);
  }

  finish(trailers: FieldSection): void {
    this.#finished = true;
    if (this.#framing !== FRAMING_CHUNKED) return;
    this.#outbox.claim(this.#connection);
    this.#outbox.appendLastChunk(trailers);
  }

  flush(): boolean {
    if (!this.#finished) return this.#outbox.flush();
    this.#outbox.flushLater();
    return true;
  }
}
