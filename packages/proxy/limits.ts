/**
 * A limit on everything, on by default.
 */

export interface Limits {
  /** Request line and fields together; more is answered 431. */
  readonly requestHeadBytes: number;
  /** Fields of a request; more is answered 431. */
  readonly requestFields: number;
  /** Status line and fields of an origin's response; more is answered 502. */
  readonly responseHeadBytes: number;
  /** From the first byte of a request (or the accepted connection) to the end of its head: 408. */
  readonly requestHeadMs: number;
  /** A TLS handshake that takes longer is cut. */
  readonly handshakeMs: number;
  /** A client connection without a request is closed. */
  readonly idleMs: number;
  /** No byte of a message body from or to either side for so long ends the exchange. */
  readonly bodyIdleMs: number;
  /** An endpoint that sends nothing for so long, while a response is due, has failed: 504. */
  readonly upstreamSilenceMs: number;
  /** Tunnel (WebSocket) without a byte in either direction. */
  readonly tunnelIdleMs: number;
  /** Connections per socket; more are closed at once. */
  readonly connectionsPerBind: number;
  /** Establishing a connection to an endpoint. */
  readonly connectMs: number;
  /** An idle connection to an endpoint is closed. Keep it below the backends' own limit. */
  readonly upstreamIdleMs: number;
  /** Idle connections kept per endpoint; the rest are closed after their response. */
  readonly upstreamIdleConnections: number;
  /** Part of a request body that is kept for a retry or a mirror; larger ones are sent once. */
  readonly replayBytes: number;
  /** Mirrored requests in flight; more are not mirrored. */
  readonly mirrors: number;
}

export const defaultLimits: Limits = {
  requestHeadBytes: 16 * 1024,
  requestFields: 100,
  responseHeadBytes: 32 * 1024,
  requestHeadMs: 10_000,
  handshakeMs: 10_000,
  idleMs: 60_000,
  bodyIdleMs: 60_000,
  upstreamSilenceMs: 300_000,
  tunnelIdleMs: 3_600_000,
  connectionsPerBind: 10_000,
  connectMs: 5_000,
  upstreamIdleMs: 30_000,
  upstreamIdleConnections: 64,
  replayBytes: 64 * 1024,
  mirrors: 128,
};
