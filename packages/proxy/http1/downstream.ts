/**
 * A client's HTTP/1.1 connection: requests in, one exchange at a time, responses out.
 *
 * Pipelined requests are answered in order: what follows a request waits, and the socket with it,
 * until the exchange ended and the client took what it was sent. The head is copied once, into
 * memory of this connection, so that it stays valid over waits; bodies are passed on from the
 * shared read buffer.
 */

import {
  BodyReader,
  FieldSection,
  FRAMING_NONE,
  type HeaderEdits,
  headError,
  parseRequestHead,
  RequestHead,
  type ResponseHead,
} from '@sluice/wire';
import { renderClient } from '../access-log.ts';
import type { BodySink } from '../codec.ts';
import type { Exchange } from '../exchange-state.ts';
import { failureReply, type LocalReply, textReply } from '../reply.ts';
import { Timeout } from '../timeouts.ts';
import type { Connection, ConnectionHandler } from '../transport/connection.ts';
import { discardingSink, pumpBody } from './body-pump.ts';
import type { ClosableDownstream, DownstreamHost } from './downstream-host.ts';
import { buildForwardedEdits, type ForwardedEdits, ForwardedHost } from './forwarded.ts';
import { ReceivedBytes } from './received-bytes.ts';
import { RequestText } from './request-text.ts';
import { ResponseWriter } from './response-writer.ts';

/** Between requests, reading a head, in an exchange, discarding what a closing client sends. */
type State = 'idle' | 'head' | 'exchange' | 'lingering' | 'closed';

const smallHeadBytes = 1024;
/** Also what a slow client has for the rest of its last response. */
const lingerMs = 30_000;
const empty = Buffer.alloc(0);
const noTrailers = new FieldSection(0);

export class Http1Downstream implements ClosableDownstream, ConnectionHandler {
  readonly connection: Connection;
  readonly head: RequestHead;
  readonly text: RequestText;
  requestComplete = true;
  /** Bytes of the request's body read so far, with their framing. */
  requestBytes = 0;
  readonly #host: DownstreamHost;
  readonly #timeout: Timeout;
  /** Made with the first body: most connections never bring one. */
  #reader: BodyReader | undefined;
  readonly #writer: ResponseWriter;
  #state: State = 'idle';
  #exchange: Exchange | undefined;
  /** The head being read, then the head of the exchange. */
  #headBytes = empty;
  #headLength = 0;
  readonly #received = new ReceivedBytes();
  #sink: BodySink | undefined;
  #ended = false;
  #forwarded: ForwardedEdits | undefined;
  #forwardedHost: ForwardedHost | undefined;
  #loggedClient: Uint8Array | undefined;
  #reading = false;

  constructor(connection: Connection, host: DownstreamHost) {
    this.connection = connection;
    this.#host = host;
    this.head = new RequestHead(host.wireLimits);
    this.text = new RequestText(this.head, host.authorities);
    this.#writer = new ResponseWriter(connection, host.outbox);
    this.#timeout = new Timeout(() => this.#expired());
    connection.handler = this;
    host.wheel.arm(this.#timeout, host.limits.requestHeadMs);
  }

  get loggedClient(): Uint8Array {
    this.#loggedClient ??= renderClient(this.connection.remoteAddress);
    return this.#loggedClient;
  }

  get responseBytes(): number {
    return this.#writer.bodyBytes;
  }

  get protocol(): string {
    return this.head.minorVersion === 1 ? 'HTTP/1.1' : 'HTTP/1.0';
  }

  // The connection.

  onBytes(bytes: Uint8Array, start: number, end: number): void {
    if (this.#state === 'lingering') return;
    this.#received.add(bytes, start, end);
    this.#readAndKeep();
  }

  onWritable(): void {
    this.#exchange?.responseWritable();
    if (this.#state === 'idle') this.#goOn();
  }

  onEnd(): void {
    this.#ended = true;
    if (this.#state !== 'exchange') this.#end();
    // A client that closed looks the same as one that only ended its side; like most servers, we
    // take it that nobody waits for a response that has not begun.
    if (this.#state === 'exchange' && !this.#writer.begun) this.#exchange?.clientGone();
  }

  onClose(): void {
    this.#closed();
    this.#exchange?.clientGone();
  }

  // The exchange.

  forwardedEdits(): HeaderEdits[] {
    this.#forwarded ??= buildForwardedEdits({
      clientAddress: this.connection.remoteAddress,
      scheme: this.connection.tls === undefined ? 'http' : 'https',
      trusted: this.#host.isTrusted(this.connection.remoteAddress),
    });
    const { edits, withHost } = this.#forwarded;
    const { bytes, hostStart, hostEnd } = this.head;
    if (!withHost || hostStart === hostEnd) return [edits];
    this.#forwardedHost ??= new ForwardedHost();
    this.#forwardedHost.write(bytes, hostStart, hostEnd);
    return [edits, this.#forwardedHost];
  }

  readBody(sink: BodySink): void {
    this.#sink = sink;
    if (this.requestComplete) {
      sink.finish(this.#reader?.trailers ?? noTrailers);
      sink.flush();
      return;
    }
    if (this.head.expectContinue && this.#received.isEmpty) {
      // Once, whatever the number of tries.
      this.head.expectContinue = false;
      this.#writer.writeContinue();
    }
    this.#host.wheel.arm(this.#timeout, this.#host.limits.bodyIdleMs);
    this.connection.resume();
    this.#readBody();
  }

  pauseBody(): void {
    this.connection.pause();
    this.#host.wheel.disarm(this.#timeout);
  }

  resumeBody(): void {
    if (this.requestComplete || this.#state !== 'exchange') return;
    this.#host.wheel.arm(this.#timeout, this.#host.limits.bodyIdleMs);
    this.connection.resume();
  }

  sendInterim(head: ResponseHead): void {
    if (this.head.minorVersion === 1) this.#writer.writeInterim(head);
  }

  sendHead(response: ResponseHead, edits: readonly HeaderEdits[]): BodySink {
    const mayKeepAlive = this.#mayKeepAlive();
    return this.#writer.writeHead({ request: this.head, response, edits, mayKeepAlive });
  }

  reply(reply: LocalReply): void {
    if (this.#state === 'closed') return;
    this.#discardBody();
    this.#writer.writeReply(this.head, reply, this.#mayKeepAlive());
  }

  abort(): void {
    this.connection.destroy();
  }

  detach(): Uint8Array {
    this.#state = 'closed';
    this.#host.wheel.disarm(this.#timeout);
    return this.#received.take();
  }

  /** The response was written, or the connection is gone. */
  exchangeEnded(): void {
    this.#exchange = undefined;
    this.#sink = undefined;
    if (this.#state === 'closed') this.#closed();
    if (this.#state !== 'exchange') return;
    if (!this.#writer.keepsAlive || this.#ended) return this.#linger();
    this.#state = 'idle';
    this.#host.wheel.arm(this.#timeout, this.#host.limits.idleMs);
    if (!this.#reading) this.#goOn();
  }

  /** For a drain: no further request after the current one. */
  closeWhenIdle(): void {
    if (this.#state === 'idle') this.#end();
  }

  #goOn(): void {
    this.#readAndKeep();
    if (!this.#isBusy() && this.#received.isEmpty) this.connection.resume();
  }

  /** What this turn did not consume has to outlive the shared buffer; more must not come. */
  #readAndKeep(): void {
    this.#read();
    this.#received.keep();
    if (!this.#received.isEmpty) this.connection.pause();
  }

  /** Consumes what is held as far as it goes; a loop, since an exchange may end within it. */
  #read(): void {
    this.#reading = true;
    while (!this.#received.isEmpty) {
      if (this.#state === 'idle' || this.#state === 'head') {
        // Else responses would pile up for a client that asks on and on, and reads none.
        if (this.#state === 'idle' && !this.connection.isWritable) break;
        this.#readHead();
      } else if (this.#state === 'exchange' && !this.requestComplete && this.#sink !== undefined) {
        this.#readBody();
        if (this.requestComplete) continue;
        break;
      } else {
        break;
      }
    }
    this.#reading = false;
  }

  #isBusy(): boolean {
    return this.#state === 'exchange';
  }

  #readHead(): void {
    const before = this.#headLength;
    const taken = this.#takeHeadBytes();
    const result = parseRequestHead(this.head, this.#headBytes, 0, this.#headLength);
    if (result === 0) {
      if (this.#state === 'idle')
        this.#host.wheel.arm(this.#timeout, this.#host.limits.requestHeadMs);
      this.#state = 'head';
      this.#received.start += taken;
      return;
    }
    this.#headLength = 0;
    if (result < 0) return this.#refuse(result);
    this.#received.start += result - before;
    this.#begin();
  }

  /** Copies as much as a head may have; the rest of a body is not copied with it. */
  #takeHeadBytes(): number {
    const room = this.#host.wireLimits.headBytesMax - this.#headLength;
    const taken = Math.min(this.#received.end - this.#received.start, room);
    const needed = this.#headLength + taken;
    if (this.#headBytes.length < needed) {
      const grown = Buffer.allocUnsafe(Math.max(needed, smallHeadBytes));
      this.#headBytes.copy(grown, 0, 0, this.#headLength);
      this.#headBytes = grown;
    }
    copyBytes(this.#received.bytes, this.#headBytes, {
      at: this.#headLength,
      start: this.#received.start,
      end: this.#received.start + taken,
    });
    this.#headLength = needed;
    return taken;
  }

  #begin(): void {
    this.#state = 'exchange';
    this.text.reset();
    this.#sink = undefined;
    this.#writer.reset();
    this.requestBytes = 0;
    this.requestComplete = true;
    if (this.head.framing !== FRAMING_NONE) {
      this.#reader ??= new BodyReader(this.#host.wireLimits);
      this.#reader.begin(this.head.framing, this.head.contentLength);
      this.requestComplete = this.#reader.isDone;
    }
    this.#host.wheel.disarm(this.#timeout);
    this.#exchange = this.#host.createExchange(this);
    this.#host.run(this.#exchange);
  }

  #readBody(): void {
    const sink = this.#sink;
    const reader = this.#reader;
    if (sink === undefined || reader === undefined) return;
    const received = this.#received;
    const next = pumpBody(reader, received, sink);
    if (next < 0) {
      received.clear();
      this.#exchange?.requestFailed('invalid-request');
      return;
    }
    this.requestBytes += next - received.start;
    received.start = next;
    if (reader.isDone) {
      this.requestComplete = true;
      this.#host.wheel.disarm(this.#timeout);
    }
    if (!sink.flush() && !this.requestComplete) this.pauseBody();
  }

  /** A body that nobody wants: skipped when it is here, else the connection has to close. */
  #discardBody(): void {
    if (this.requestComplete) return;
    this.#sink = discardingSink;
    this.#readBody();
  }

  #mayKeepAlive(): boolean {
    return this.head.keepAlive && this.requestComplete && !this.#ended && !this.#host.isDraining();
  }

  #refuse(code: number): void {
    const { statusCode, reason } = headError(code);
    this.#host.refused(statusCode, reason);
    this.#writer.writeReply(this.head, textReply(statusCode, reason, 'invalid-request'), false);
    this.#linger();
  }

  /**
   * Half-closes, and reads on for a while: closing with unread bytes would reset the connection,
   * and the client might lose the response.
   */
  #linger(): void {
    this.#received.clear();
    this.#headBytes = empty;
    this.#end();
    this.#state = 'lingering';
    this.#host.wheel.arm(this.#timeout, lingerMs);
    this.connection.resume();
  }

  /** The last response may still wait for the end of the turn. */
  #end(): void {
    this.#host.outbox.flush();
    this.connection.end();
  }

  /** Also after a tunnel, whose connection was no longer ours to watch. */
  #closed(): void {
    this.#state = 'closed';
    this.#host.wheel.release(this.#timeout);
    this.#host.closed(this);
  }

  #expired(): void {
    switch (this.#state) {
      case 'head':
        this.#writer.writeReply(this.head, failureReply('slow-request'), false);
        this.#host.refused(408, 'slow-request');
        this.#linger();
        return;
      case 'exchange':
        this.#exchange?.requestFailed('slow-request');
        return;
      case 'idle':
      case 'lingering':
        this.connection.destroy();
        return;
      case 'closed':
    }
  }
}

function copyBytes(
  from: Uint8Array,
  to: Buffer,
  range: { at: number; start: number; end: number },
): void {
  if (Buffer.isBuffer(from)) from.copy(to, range.at, range.start, range.end);
  else to.set(from.subarray(range.start, range.end), range.at);
}
