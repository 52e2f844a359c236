/**
 * One scratch buffer per worker in which messages are put together: head and first body bytes
 * leave in one write, and so do all small parts of one turn.
 *
 * It belongs to one connection at a time; a `claim` by another one sends what is in it first.
 */
import {
  CHUNK_FRAME_BYTES_MAX,
  type FieldSection,
  Output,
  writeChunkEnd,
  writeChunkStart,
  writeLastChunk,
} from '@sluice/wire';
import type { Connection } from '../transport/connection.ts';

/** Room for the longest head after editing, and then some. */
const capacity = 256 * 1024;
/** Above this, what is there leaves before more is put in. */
const fullBytes = 64 * 1024;
/** Longer ranges are written from where they are: a system call is cheaper than the copy. */
const copyMax = 16 * 1024;

export class Outbox {
  readonly output = new Output(Buffer.allocUnsafeSlow(capacity));
  #owner: Connection | undefined;
  #writable = true;

  /** Everything written from now on goes to `connection`. */
  claim(connection: Connection): Output {
    if (this.#owner !== connection) {
      this.#send();
      this.#owner = connection;
      this.#writable = true;
    }
    return this.output;
  }

  /** Body bytes, without framing. */
  append(bytes: Uint8Array, start: number, end: number): void {
    const size = end - start;
    if (size > copyMax) {
      this.#send();
      if (this.#owner === undefined) return;
      this.#writable = this.#owner.write(bytes, start, end) && this.#writable;
      return;
    }
    if (this.output.at > fullBytes) this.#send();
    this.output.range(bytes, start, end);
  }

  appendChunk(bytes: Uint8Array, start: number, end: number): void {
    if (end === start) return;
    if (!this.output.hasRoom(copyMax + CHUNK_FRAME_BYTES_MAX)) this.#send();
    writeChunkStart(this.output, end - start);
    this.append(bytes, start, end);
    writeChunkEnd(this.output);
  }

  appendLastChunk(trailers: FieldSection): void {
    if (this.output.at > fullBytes) this.#send();
    writeLastChunk(this.output, trailers);
  }

  /** False: some byte since the claim could not be passed on yet. */
  flush(): boolean {
    this.#send();
    this.#owner = undefined;
    return this.#writable;
  }

  #send(): void {
    const { output } = this;
    const length = output.at;
    if (length === 0) return;
    output.at = 0;
    if (this.#owner === undefined) return;
    this.#writable = this.#owner.write(output.bytes, 0, length) && this.#writable;
  }
}
