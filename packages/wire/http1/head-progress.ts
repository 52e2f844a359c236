/**
 * Where the parse of a partial head stands, so that a head that arrives octet by octet costs no
 * more than linear time: until a new line break is there, new octets are only searched for one.
 */
import { LF } from '../octets.ts';

/** Nothing is under way: the next call begins a head. */
export const PHASE_IDLE = 0;
/** The first line is not complete. */
export const PHASE_LINE = 1;
export const PHASE_FIELDS = 2;

export class HeadProgress {
  phase = PHASE_IDLE;
  /** Offset at which the head was handed in. */
  origin = 0;
  /** Octets before this offset hold no line break that was not parsed. */
  scannedTo = 0;

  begin(origin: number): void {
    this.phase = PHASE_LINE;
    this.origin = origin;
    this.scannedTo = origin;
  }

  pause(end: number): 0 {
    this.scannedTo = end;
    return 0;
  }

  move(distance: number): void {
    this.origin += distance;
    this.scannedTo += distance;
  }

  /** Is parsing on worth it: is there a new line break, or is the limit reached? */
  hasNewLine(bytes: Uint8Array, end: number, headBytesMax: number): boolean {
    if (end - this.origin >= headBytesMax) return true;
    for (let at = this.scannedTo; at < end; at += 1) if (bytes[at] === LF) return true;
    this.scannedTo = end;
    return false;
  }
}
