/**
 * Bytes that a connection received and that nobody has consumed yet.
 *
 * Fresh ones lie in the shared read buffer and are valid in this turn only; `keep` copies them, and
 * what follows is joined to the copy.
 */
import { copyRange } from './byte-range.ts';

const empty = Buffer.alloc(0);

export class ReceivedBytes {
  bytes: Uint8Array = empty;
  start = 0;
  end = 0;
  #isKept = false;

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    if (this.start === this.end) {
      this.bytes = bytes;
      this.start = start;
      this.end = end;
      this.#isKept = false;
      return;
    }
    const kept = this.bytes.subarray(this.start, this.end);
    this.bytes = Buffer.concat([kept, bytes.subarray(start, end)]);
    this.start = 0;
    this.end = this.bytes.length;
    this.#isKept = true;
  }

  /** What is left will outlive this turn. */
  keep(): void {
    if (this.start === this.end) {
      this.clear();
      return;
    }
    if (this.#isKept) return;
    this.bytes = copyRange(this.bytes, this.start, this.end);
    this.end -= this.start;
    this.start = 0;
    this.#isKept = true;
  }

  clear(): void {
    this.bytes = empty;
    this.start = 0;
    this.end = 0;
  }

  /** A copy of what is left, which then is gone from here. */
  take(): Uint8Array {
    const rest = copyRange(this.bytes, this.start, this.end);
    this.clear();
    return rest;
  }
}
