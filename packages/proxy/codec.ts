/**
 * The two sides of an exchange as the exchange sees them. HTTP/1.1 implements them over a
 * connection; another version of HTTP implements them over a stream of one.
 *
 * Messages pass as offset tables over bytes (`RequestHead`, `ResponseHead`) and body ranges; a
 * codec reads its framing and writes its own, so no framing ever crosses the proxy.
 */
import type { FieldSection, HeaderEdits, RequestHead, ResponseHead } from '@sluice/wire';
import type { Failure } from './failure.ts';
import type { RequestText } from './http1/request-text.ts';
import type { LocalReply } from './reply.ts';
import type { Timeout } from './timeouts.ts';
import type { Connection, ConnectionHandler } from './transport/connection.ts';
import type { UpstreamTls } from './upstream-tls.ts';

/** Where the bytes of a message body go. */
export interface BodySink {
  /** The bytes are valid only during the call. */
  write(bytes: Uint8Array, start: number, end: number): void;
  /** The body is complete. */
  finish(trailers: FieldSection): void;
  /** Ends a batch of calls: all of it leaves now, or this turn after `finish`. False: pause. */
  flush(): boolean;
}

export interface Downstream {
  readonly connection: Connection;
  /** Valid until the exchange ends. */
  readonly head: RequestHead;
  /** The head as the strings that routing asks for. */
  readonly text: RequestText;
  /** The client as the access log has it: made by `renderClient`. */
  readonly loggedClient: Uint8Array;
  /** The request's body arrived whole. */
  readonly requestComplete: boolean;
  /** Bytes of the request's body so far. */
  readonly requestBytes: number;
  /** Bytes of the response's body so far. */
  readonly responseBytes: number;
  readonly protocol: string;
  /** What the endpoint is told about the client. */
  forwardedEdits(): HeaderEdits[];
  /** Streams the request's body, from what is already here on; replaces the sink before. */
  readBody(sink: BodySink): void;
  pauseBody(): void;
  resumeBody(): void;
  /** Writes an interim response (1xx but 101). */
  sendInterim(head: ResponseHead): void;
  /** Writes the head of the final response; the sink takes its body. */
  sendHead(head: ResponseHead, edits: readonly HeaderEdits[]): BodySink;
  /** Writes a whole response. */
  reply(reply: LocalReply): void;
  /** The response can't be completed: the client must notice. */
  abort(): void;
  /** Hands over the connection after a 101; returns what the client sent after its request. */
  detach(): Uint8Array;
  /** The exchange is over: the connection goes on to the next request, or closes. */
  exchangeEnded(): void;
}

/** What an upstream codec needs to write the head of a request. */
export interface OutgoingRequest {
  readonly requestHead: RequestHead;
  /** Path and query instead of the received ones; empty: unchanged. */
  readonly target: string;
  /** Host instead of the received one; empty: unchanged. */
  readonly host: string;
  readonly forwardsUpgrade: boolean;
  readonly edits: readonly HeaderEdits[];
}

/** Who hears of what happens to a request at an endpoint. */
export interface UpstreamUser {
  /** The final head is in `Upstream.head`; what is done with it is done in this turn. */
  responseArrived(): void;
  interimArrived(head: ResponseHead): void;
  responseCompleted(): void;
  upstreamFailed(failure: Failure): void;
  /** The endpoint takes more of the request's body. */
  requestWritable(): void;
}

/** Runtime state of an address and port; shared by all that dial it alike, kept over reloads. */
export interface Endpoint {
  /** `address:port`, IPv6 in brackets. */
  readonly key: string;
  readonly address: string;
  readonly port: number;
  /** Absent: plaintext. */
  readonly tls: UpstreamTls | undefined;
  /** Kept connections; the one used last is taken first. */
  readonly idle: Upstream[];
  /** Requests in flight. */
  active: number;
  /** No longer in any config: its connections are closed as they become idle. */
  retired: boolean;
}

export interface Upstream extends ConnectionHandler {
  readonly connection: Connection;
  readonly endpoint: Endpoint;
  /** Set by the pool while the upstream is idle. */
  idleTimeout: Timeout | undefined;
  /** Responses it has given so far: 0 for a fresh connection. */
  readonly responses: number;
  /** Valid from `responseArrived` until the body is read. */
  readonly head: ResponseHead;
  /** Writes the head of a request; the sink takes its body. Events go to `user` until release. */
  send(user: UpstreamUser, request: OutgoingRequest): BodySink;
  /** Writes a whole request that was encoded before. */
  sendEncoded(user: UpstreamUser, method: number, bytes: Uint8Array): void;
  /** Streams the response's body, from what is already here on. */
  readBody(sink: BodySink): void;
  pauseBody(): void;
  resumeBody(): void;
  /** The exchange lets go: back to the pool when everything was complete, else closed. */
  release(): void;
  /** Hands over the connection after a 101; returns what the endpoint sent after its head. */
  detach(): Uint8Array;
}
