/**
 * Octets on their way out: a buffer of the caller's and how far it is filled.
 *
 * Writers check the room once (`hasRoom`) and then write without checks. The caller hands out a
 * buffer and takes it back; it may exchange `bytes` at any time between two writes.
 */
import { CR, LF, octetsOf } from './octets.ts';

/** Below this size a loop beats the set-up of a native copy. */
const LOOP_COPY_MAX = 96;
const HEX_DIGITS = octetsOf('0123456789abcdef');

export class Output {
  bytes: Uint8Array;
  /** Offset of the next octet. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  hasRoom(size: number): boolean {
    return this.bytes.length - this.at >= size;
  }

  /** Copies `source[start, end)`. */
  range(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const bytes = this.bytes;
    if (length > LOOP_COPY_MAX) {
      bytes.set(length === source.length ? source : source.subarray(start, end), this.at);
      this.at += length;
      return;
    }
    let at = this.at;
    for (let from = start; from < end; from += 1) {
      bytes[at] = source[from] as number;
      at += 1;
    }
    this.at = at;
  }

  /** One octet per character; the caller knows that every character is below 256. */
  text(text: string): void {
    const bytes = this.bytes;
    const at = this.at;
    const length = text.length;
    for (let index = 0; index < length; index += 1) bytes[at + index] = text.charCodeAt(index);
    this.at = at + length;
  }

  lineBreak(): void {
    this.bytes[this.at] = CR;
    this.bytes[this.at + 1] = LF;
    this.at += 2;
  }

  /** A whole number from 0, in decimal digits. */
  decimal(value: number): void {
    let digits = 1;
    for (let bound = 10; value >= bound; bound *= 10) digits += 1;
    let rest = value;
    for (let at = this.at + digits - 1; at >= this.at; at -= 1) {
      const quotient = Math.floor(rest / 10);
      this.bytes[at] = 0x30 + (rest - quotient * 10);
      rest = quotient;
    }
    this.at += digits;
  }

  /** A whole number from 0, in hexadecimal digits. */
  hexadecimal(value: number): void {
    let digits = 1;
    for (let bound = 16; value >= bound; bound *= 16) digits += 1;
    let rest = value;
    for (let at = this.at + digits - 1; at >= this.at; at -= 1) {
      this.bytes[at] = HEX_DIGITS[rest % 16] as number;
      rest = Math.floor(rest / 16);
    }
    this.at += digits;
  }
}
