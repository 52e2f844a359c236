/**
 * An HTTP/1.1 connection to an endpoint: one request at a time, kept between requests by the pool.
 *
 * Heads and bodies are read in place from the shared buffer: what the exchange does with a head it
 * does in the microtasks of the turn in which the head arrived. Only partial heads are copied.
 */

import {
  BodyReader,
  type FieldSection,
  FRAMING_CHUNKED,
  parseResponseHead,
  RequestHeadPlan,
  ResponseHead,
  type WireLimits,
  writeRequestHead,
} from '@sluice/wire';
import type { BodySink, Endpoint, OutgoingRequest, Upstream, UpstreamUser } from '../codec.ts';
import type { Pool } from '../pool.ts';
import { Timeout, type TimeoutWheel } from '../timeouts.ts';
import type { Connection } from '../transport/connection.ts';
import { pumpBody } from './body-pump.ts';
import type { Outbox } from './outbox.ts';
import { ReceivedBytes } from './received-bytes.ts';

/** In the pool, waiting for a head, head handed over, streaming the body, all read, given up. */
type State = 'idle' | 'sent' | 'head' | 'body' | 'complete' | 'closed';

const settled = Promise.resolve();
/** Used up within a call: one serves the worker. */
const plan = new RequestHeadPlan();

export interface UpstreamHost {
  readonly pool: Pool;
  readonly outbox: Outbox;
  readonly wheel: TimeoutWheel;
  readonly wireLimits: WireLimits;
  /** Silence of an endpoint that ends an exchange; milliseconds. */
  readonly silenceMs: number;
}

export class Http1Upstream implements Upstream, BodySink {
  readonly connection: Connection;
  readonly endpoint: Endpoint;
  readonly head: ResponseHead;
  idleTimeout: Timeout | undefined;
  responses = 0;
  readonly #host: UpstreamHost;
  readonly #reader: BodyReader;
  readonly #silence: Timeout;
  #state: State = 'idle';
  #user: UpstreamUser | undefined;
  #sink: BodySink | undefined;
  #chunked = false;
  #requestFinished = false;
  /** `Outbox.departures` when the head was put there. */
  #sentAfter = -1;
  readonly #received = new ReceivedBytes();
  #ended = false;

  constructor(connection: Connection, endpoint: Endpoint, host: UpstreamHost) {
    this.connection = connection;
    this.endpoint = endpoint;
    this.#host = host;
    this.head = new ResponseHead(host.wireLimits);
    this.#reader = new BodyReader(host.wireLimits);
    this.#silence = new Timeout(() => this.#user?.upstreamFailed('upstream-timeout'));
    connection.handler = this;
  }

  // The exchange.

  send(user: UpstreamUser, request: OutgoingRequest): BodySink {
    const head = request.requestHead;
    this.#begin(user, head.method);
    this.#chunked = head.framing === FRAMING_CHUNKED;
    plan.target = request.target;
    plan.host = request.host;
    plan.forwardsUpgrade = request.forwardsUpgrade;
    plan.edits = request.edits;
    if (writeRequestHead(this.#host.outbox.claim(this.connection), head, plan) <= 0) {
      throw new RangeError('the request head of a route can not be written');
    }
    this.#sentAfter = this.#host.outbox.departures;
    return this;
  }

  sendEncoded(user: UpstreamUser, method: number, bytes: Uint8Array): void {
    this.#begin(user, method);
    this.#requestFinished = true;
    this.#sentAfter = -1;
    // Not beside the outbox, where the end of the request before may still wait.
    this.#host.outbox.claim(this.connection);
    this.#host.outbox.append(bytes, 0, bytes.length);
    this.#host.outbox.flush();
  }

  readBody(sink: BodySink): void {
    this.#sink = sink;
    this.#state = 'body';
    this.#reader.begin(this.head.framing, this.head.contentLength);
    this.connection.resume();
    this.#pump();
    if (this.#state === 'body' && this.#ended) this.#finishAtEnd();
  }

  pauseBody(): void {
    this.connection.pause();
    this.#host.wheel.disarm(this.#silence);
  }

  resumeBody(): void {
    if (this.#state !== 'body') return;
    this.#host.wheel.arm(this.#silence, this.#host.silenceMs);
    this.connection.resume();
  }

  release(): void {
    if (this.#user === undefined) return;
    this.#user = undefined;
    this.#sink = undefined;
    this.endpoint.active -= 1;
    this.#host.wheel.disarm(this.#silence);
    const reusable =
      this.#state === 'complete' &&
      this.#requestFinished &&
      this.head.keepAlive &&
      !this.#ended &&
      this.#received.isEmpty;
    if (!reusable) {
      this.#state = 'closed';
      this.connection.destroy();
      return;
    }
    this.#state = 'idle';
    this.connection.resume();
    this.#host.pool.release(this);
  }

  detach(): Uint8Array {
    this.#state = 'closed';
    this.#host.wheel.disarm(this.#silence);
    return this.#received.take();
  }

  // The sink of the request's body.

  write(bytes: Uint8Array, start: number, end: number): void {
    this.#host.outbox.claim(this.connection);
    if (this.#chunked) this.#host.outbox.appendChunk(bytes, start, end);
    else this.#host.outbox.append(bytes, start, end);
  }

  finish(trailers: FieldSection): void {
    this.#requestFinished = true;
    if (!this.#chunked) return;
    this.#host.outbox.claim(this.connection);
    this.#host.outbox.appendLastChunk(trailers);
  }

  flush(): boolean {
    if (!this.#requestFinished) return this.#host.outbox.flush();
    this.#host.outbox.flushLater();
    return true;
  }

  // The connection.

  onBytes(bytes: Uint8Array, start: number, end: number): void {
    switch (this.#state) {
      case 'sent':
        if (this.#sentAfter === this.#host.outbox.departures) {
          // The request still waits to leave: this answers something else, as when idle.
          this.#user?.upstreamFailed('upstream-reset');
          return;
        }
        this.#received.add(bytes, start, end);
        this.#readHead();
        return;
      case 'body':
        this.#received.add(bytes, start, end);
        this.#host.wheel.arm(this.#silence, this.#host.silenceMs);
        this.#pump();
        return;
      case 'head':
        // The exchange has not begun to read the body: it is held back by the client's side.
        this.#received.add(bytes, start, end);
        this.#received.keep();
        this.connection.pause();
        return;
      case 'idle':
      case 'complete':
        // Nobody asked for this: whoever is next must not get it.
        this.#ended = true;
        this.#host.pool.remove(this);
        this.connection.destroy();
        return;
      case 'closed':
    }
  }

  onWritable(): void {
    this.#user?.requestWritable();
  }

  onEnd(): void {
    this.#ended = true;
    switch (this.#state) {
      case 'idle':
        this.#host.pool.remove(this);
        this.connection.destroy();
        return;
      case 'sent':
        this.#user?.upstreamFailed('upstream-reset');
        return;
      case 'body':
        if (this.#received.isEmpty) this.#finishAtEnd();
        return;
      case 'head':
      case 'complete':
      case 'closed':
    }
  }

  onClose(): void {
    const state = this.#state;
    this.#state = 'closed';
    this.#host.wheel.release(this.#silence);
    if (this.idleTimeout !== undefined) this.#host.wheel.release(this.idleTimeout);
    if (state === 'idle') this.#host.pool.remove(this);
    if (state === 'sent' || state === 'head' || state === 'body') {
      this.#user?.upstreamFailed('upstream-reset');
    }
  }

  #begin(user: UpstreamUser, method: number): void {
    this.#user = user;
    this.#state = 'sent';
    this.#sink = undefined;
    this.#requestFinished = false;
    this.#received.clear();
    this.endpoint.active += 1;
    this.head.expect(method);
    this.#host.wheel.arm(this.#silence, this.#host.silenceMs);
  }

  /** Reads heads until the final one; interim responses are passed on at once. */
  #readHead(): void {
    while (!this.#received.isEmpty) {
      const { bytes, start, end } = this.#received;
      const result = parseResponseHead(this.head, bytes, start, end);
      if (result === 0) {
        this.#received.keep();
        return;
      }
      if (result < 0) {
        this.#user?.upstreamFailed('upstream-invalid');
        return;
      }
      this.#received.start = result;
      const { statusCode } = this.head;
      if (statusCode >= 200 || statusCode === 101) {
        this.#state = 'head';
        this.responses += 1;
        this.#user?.responseArrived();
        // What does not fit the microtasks of this turn, because of a pause, must be kept.
        // (`queueMicrotask` would create an async resource for each response.)
        void settled.then(this.#keepUnread);
        return;
      }
      this.#user?.interimArrived(this.head);
      this.head.expect(this.head.requestMethod);
    }
    this.#received.clear();
  }

  /** Runs after the exchange went on with the head. */
  readonly #keepUnread = (): void => {
    if (this.#state === 'body' || this.#state === 'head') this.#received.keep();
  };

  #pump(): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    if (this.#reader.isDone) {
      sink.finish(this.#reader.trailers);
    } else {
      const next = pumpBody(this.#reader, this.#received, sink);
      if (next < 0) {
        this.#user?.upstreamFailed('upstream-invalid');
        return;
      }
      this.#received.start = next;
    }
    if (this.#reader.isDone) return this.#complete(sink);
    if (!sink.flush()) this.pauseBody();
  }

  #finishAtEnd(): void {
    const sink = this.#sink;
    if (sink === undefined || !this.#reader.isDoneAtClose()) {
      this.#user?.upstreamFailed('upstream-reset');
      return;
    }
    sink.finish(this.#reader.trailers);
    this.#complete(sink);
  }

  #complete(sink: BodySink): void {
    this.#state = 'complete';
    sink.flush();
    this.#user?.responseCompleted();
  }
}
