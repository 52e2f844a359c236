/**
 * One scratch buffer per worker in which messages are put together: head and first body bytes
 * leave in one write, and so do all small parts of one turn.
 *
 * What ends a message has no hurry: it waits for the end of the turn of the event loop and leaves
 * with what ends other messages, one connection after the other. The peer that the first of these
 * writes wakes is still awake when the next one comes, and the code on either side of the system
 * call stays in the caches; that is worth an eighth of a small request. Nothing overtakes: whatever
 * leaves at once takes along what waits.
 *
 * It belongs to one connection at a time; `claim` by another one lets the bytes of the first wait.
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

/** Above this, what is there leaves before more is put in. */
const fullBytes = 64 * 1024;
/** Beyond what waits, room for the longest head after editing, and then some. */
const capacity = fullBytes + 256 * 1024;
/** Longer ranges are written from where they are: a system call is cheaper than the copy. */
const copyMax = 16 * 1024;
/** More do not wait: the first of them would wait too long. */
const waitingMax = 64;

export class Outbox {
  readonly output = new Output(Buffer.allocUnsafeSlow(capacity));
  /** What was put in at another count has left. */
  departures = 0;
  #owner: Connection | undefined;
  #writable = true;
  /** Where the bytes of the owner begin. */
  #start = 0;
  /** Connections whose bytes wait, and where those end in the buffer: they lie side by side. */
  readonly #waiting = new Array<Connection | undefined>(waitingMax).fill(undefined);
  readonly #ends = new Int32Array(waitingMax);
  #waitingCount = 0;
  #awaitsTurnEnd = false;

  /** Everything written from now on goes to `connection`. */
  claim(connection: Connection): Output {
    if (this.#owner !== connection) {
      this.#seal();
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

  /**
   * Sends everything now. False: some byte since the claim could not be passed on yet. Without a
   * claim there was none: that another connection is slow is nothing to wait for.
   */
  flush(): boolean {
    this.#send();
    const writable = this.#owner === undefined || this.#writable;
    this.#owner = undefined;
    return writable;
  }

  /** For the end of a message, after which nobody has to be slowed down: it leaves this turn. */
  flushLater(): void {
    this.#seal();
    this.#owner = undefined;
  }

  #send(): void {
    this.#seal();
    this.#sendWaiting();
  }

  /** The bytes of the owner go to those that wait. */
  #seal(): void {
    const end = this.output.at;
    if (this.#owner === undefined || end === this.#start) return;
    const last = this.#waitingCount - 1;
    if (last >= 0 && this.#waiting[last] === this.#owner) {
      this.#ends[last] = end;
    } else {
      this.#waiting[last + 1] = this.#owner;
      this.#ends[last + 1] = end;
      this.#waitingCount += 1;
    }
    this.#start = end;
    if (this.#waitingCount === waitingMax || end > fullBytes) {
      this.#sendWaiting();
    } else if (!this.#awaitsTurnEnd) {
      this.#awaitsTurnEnd = true;
      setImmediate(this.#turnEnded);
    }
  }

  readonly #turnEnded = (): void => {
    this.#awaitsTurnEnd = false;
    this.#send();
  };

  #sendWaiting(): void {
    if (this.#waitingCount === 0) return;
    let start = 0;
    for (let index = 0; index < this.#waitingCount; index += 1) {
      const connection = this.#waiting[index];
      const end = this.#ends[index] ?? start;
      this.#waiting[index] = undefined;
      const writable = connection?.write(this.output.bytes, start, end) ?? true;
      if (connection === this.#owner) this.#writable = writable && this.#writable;
      start = end;
    }
    this.#waitingCount = 0;
    this.#start = 0;
    this.output.at = 0;
    this.departures += 1;
  }
}
