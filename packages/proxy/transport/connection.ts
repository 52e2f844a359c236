/**
 * A byte stream with backpressure: all that the codecs know of sockets.
 *
 * Guarantees of every implementation (one contract suite runs against each):
 * - `write` is done with the caller's bytes when it returns; they may be reused at once.
 * - After `onClose` no callback comes any more, and every method is a no-op.
 * - `onClose` is called exactly once, also after `destroy`, never from within `write`.
 * - While paused, `onBytes` is not called.
 *
 * The buffer of `onBytes` is shared by all connections of the worker: its bytes are valid until the
 * callback returned and the microtasks that it queued have run. What must live longer is copied.
 */

export interface ConnectionHandler {
  onBytes(buffer: Uint8Array, start: number, end: number): void;
  /** All bytes that a `write` had to keep are out, after a `write` that returned false. */
  onWritable(): void;
  /** The peer will send no more; writing still works (half-close). */
  onEnd(): void;
  onClose(error: Error | undefined): void;
}

export interface Connection {
  /** Replaced when the connection changes hands: pool, codec, tunnel. */
  handler: ConnectionHandler;
  readonly remoteAddress: string;
  /** Present on TLS connections. */
  readonly tls: TlsFacts | undefined;
  /** False: the last `write` was false, and `onWritable` is still to come. */
  readonly isWritable: boolean;
  /** False: the peer is slower than we are; wait for `onWritable`. */
  write(buffer: Uint8Array, start: number, end: number): boolean;
  pause(): void;
  resume(): void;
  /** Half-close after everything written so far. */
  end(): void;
  /** Close at once; unsent bytes are lost. */
  destroy(error?: Error): void;
}

export interface TlsFacts {
  /** Server name the client asked for (SNI), lower case; empty when it sent none. */
  readonly serverName: string;
  /** Negotiated application protocol; undefined when none was. */
  readonly alpn: string | undefined;
  /** The client's certificate was asked for and is valid. */
  readonly clientVerified: boolean;
}

/** For a connection whose owner has let go of it. */
export const ignoringHandler: ConnectionHandler = {
  onBytes() {},
  onWritable() {},
  onEnd() {},
  onClose() {},
};
