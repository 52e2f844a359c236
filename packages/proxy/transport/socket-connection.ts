/**
 * Connection over a `net.Socket` or `tls.TLSSocket`.
 *
 * Plain sockets are read with `onread` into one buffer shared by all connections of the worker, and
 * written with a synchronous `write(2)` on the descriptor: the kernel's socket buffer takes nearly
 * every message whole, so neither Writable's queue nor a request object is needed, and the bytes
 * may be reused at once. What the kernel does not take is copied and left to the stream.
 */
import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { TlsFacts } from './connection.ts';
import { type Connection, type ConnectionHandler, ignoringHandler } from './connection.ts';

/** Above this many unsent bytes `write` asks its caller to wait. */
const highWaterBytes = 64 * 1024;
/** There is none, or it must not be written to: the stream writes. */
export const noDescriptor = -1;

export class SocketConnection implements Connection {
  handler: ConnectionHandler = ignoringHandler;
  readonly remoteAddress: string;
  readonly tls: TlsFacts | undefined;
  readonly #socket: Socket;
  #descriptor: number;
  #awaitsDrain = false;
  #closed = false;
  #paused = false;
  #error: Error | undefined;

  constructor(socket: Socket, options: { descriptor: number; tls: TlsFacts | undefined }) {
    this.#socket = socket;
    this.#descriptor = options.descriptor;
    this.tls = options.tls;
    this.remoteAddress = withoutMapping(socket.remoteAddress ?? '');
    socket.on('drain', () => this.#drained());
    socket.on('end', () => this.#closed || this.handler.onEnd());
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => this.#wasClosed());
  }

  get isWritable(): boolean {
    return !this.#awaitsDrain;
  }

  /** Called by whoever reads the socket. */
  received(buffer: Uint8Array, start: number, end: number): void {
    if (!this.#closed) this.handler.onBytes(buffer, start, end);
  }

  write(buffer: Uint8Array, start: number, end: number): boolean {
    const socket = this.#socket;
    if (this.#closed || socket.destroyed || socket.writableEnded) return true;
    let sent = 0;
    if (socket.writableLength === 0) {
      if (this.tls !== undefined) {
        // An idle TLS stream hands the bytes to OpenSSL, which encrypts or copies them at once.
        socket.write(buffer.subarray(start, end));
        return this.#isBelowHighWater();
      }
      if (this.#descriptor !== noDescriptor) sent = this.#writeNow(buffer, start, end);
      if (sent === end - start || socket.destroyed) return true;
    }
    socket.write(Buffer.from(buffer.subarray(start + sent, end)));
    return this.#isBelowHighWater();
  }

  pause(): void {
    if (this.#closed || this.#paused) return;
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (this.#closed || !this.#paused) return;
    this.#paused = false;
    this.#socket.resume();
  }

  end(): void {
    // A second call would make the stream build an error that nobody wants, with its stack.
    if (!this.#closed && !this.#socket.writableEnded) this.#socket.end();
  }

  destroy(error?: Error): void {
    if (this.#closed) return;
    this.#error ??= error;
    this.#socket.destroy();
  }

  #isBelowHighWater(): boolean {
    if (this.#socket.writableLength < highWaterBytes) return true;
    this.#awaitsDrain = true;
    return false;
  }

  #writeNow(buffer: Uint8Array, start: number, end: number): number {
    try {
      return writeSync(this.#descriptor, buffer, start, end - start);
    } catch (error) {
      if (isAgain(error)) return 0;
      this.#error = error instanceof Error ? error : new Error(String(error));
      this.#socket.destroy();
      return 0;
    }
  }

  #drained(): void {
    if (this.#closed || !this.#awaitsDrain) return;
    this.#awaitsDrain = false;
    this.handler.onWritable();
  }

  #wasClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#descriptor = noDescriptor;
    const handler = this.handler;
    this.handler = ignoringHandler;
    handler.onClose(this.#error);
  }
}

function isAgain(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}

/** IPv4 clients of a dual-stack socket are IPv4 clients. */
function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
