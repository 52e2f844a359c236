/**
 * How the end of a body is found: Content-Length, Transfer-Encoding and their contradictions.
 *
 * Strict where RFC 9112 section 6 leaves a choice: both fields, a repeated or odd Content-Length,
 * and any transfer coding but exactly `chunked` are errors, since peers disagree on their meaning.
 */
import { FIELD } from '../field-names.ts';
import { CR, equalsIgnoringCase, octetsOf } from '../octets.ts';
import type { FieldSection } from './field-section.ts';
import {
  AMBIGUOUS_FRAMING,
  INVALID_CONTENT_LENGTH,
  REPEATED_CONTENT_LENGTH,
  TRANSFER_CODING_IN_HTTP10,
  UNSUPPORTED_TRANSFER_CODING,
} from './head-error.ts';

export const FRAMING_NONE = 0;
export const FRAMING_LENGTH = 1;
export const FRAMING_CHUNKED = 2;
/** Responses only: the body ends with the connection. */
export const FRAMING_UNTIL_CLOSE = 3;

const CHUNKED = octetsOf('chunked');
const CONTENT_LENGTH_BIT = 1 << FIELD['content-length'];
const TRANSFER_ENCODING_BIT = 1 << FIELD['transfer-encoding'];
/** Fifteen digits are below 2^53: every length is exact. */
const LENGTH_DIGITS_MAX = 15;

/** Does the section hold a field that says how long the body is? */
export function declaresFraming(section: FieldSection): boolean {
  return (section.seen & (CONTENT_LENGTH_BIT | TRANSFER_ENCODING_BIT)) !== 0;
}

/**
 * Framing that the fields declare: `FRAMING_NONE`, `FRAMING_LENGTH` (read it with
 * `declaredLength`), `FRAMING_CHUNKED`, or a code of head-error.ts.
 */
export function declaredFraming(section: FieldSection, minorVersion: number): number {
  const hasLength = (section.seen & CONTENT_LENGTH_BIT) !== 0;
  if ((section.seen & TRANSFER_ENCODING_BIT) !== 0) {
    if (hasLength) return AMBIGUOUS_FRAMING;
    if (minorVersion === 0) return TRANSFER_CODING_IN_HTTP10;
    if ((section.repeated & TRANSFER_ENCODING_BIT) !== 0) return UNSUPPORTED_TRANSFER_CODING;
    const index = section.find(FIELD['transfer-encoding']);
    const start = section.valueStart(index);
    const end = section.valueEnd(index);
    const isChunked = equalsIgnoringCase(section.bytes, start, end, CHUNKED);
    // Peers differ on whether whitespace after the coding is part of it.
    return isChunked && section.bytes[end] === CR ? FRAMING_CHUNKED : UNSUPPORTED_TRANSFER_CODING;
  }
  if (!hasLength) return FRAMING_NONE;
  return (section.repeated & CONTENT_LENGTH_BIT) !== 0 ? REPEATED_CONTENT_LENGTH : FRAMING_LENGTH;
}

/** Value of the one Content-Length; `INVALID_CONTENT_LENGTH` unless it is 1 to 15 digits. */
export function declaredLength(section: FieldSection): number {
  const index = section.find(FIELD['content-length']);
  const start = section.valueStart(index);
  const end = section.valueEnd(index);
  if (start === end || end - start > LENGTH_DIGITS_MAX) return INVALID_CONTENT_LENGTH;
  let length = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (section.bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return INVALID_CONTENT_LENGTH;
    length = length * 10 + digit;
  }
  return length;
}
