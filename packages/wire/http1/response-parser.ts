/**
 * Parses the head of an HTTP/1.x response from an upstream in one pass.
 *
 * Framing follows RFC 9112 section 6.3: by method and status first, then the fields. What is
 * ambiguous is an error (502 to the client), never a guess.
 */
import { METHOD } from '../methods.ts';
import { CR, FIELD_TEXT, LF, SP } from '../octets.ts';
import { OPTION_CLOSE, OPTION_KEEP_ALIVE, readConnectionOptions } from './connection-options.ts';
import { parseFieldLines } from './field-section.ts';
import {
  declaredFraming,
  declaredLength,
  declaresFraming,
  FRAMING_CHUNKED,
  FRAMING_LENGTH,
  FRAMING_NONE,
  FRAMING_UNTIL_CLOSE,
} from './framing.ts';
import {
  BARE_LINE_BREAK,
  BODY_IN_INTERIM,
  HEAD_TOO_LARGE,
  INVALID_STATUS_LINE,
} from './head-error.ts';
import { PHASE_FIELDS, PHASE_IDLE, PHASE_LINE } from './head-progress.ts';
import type { ResponseHead } from './response-head.ts';

const VERSION_PREFIX = [0x48, 0x54, 0x54, 0x50, 0x2f, 0x31, 0x2e];
/** Length of `HTTP/1.1 200`. */
const STATUS_LENGTH = 12;

/**
 * Parses a head in `bytes[start, end)`; results and resumption as for `parseRequestHead`.
 * Call `head.expect` once before the first response to a request.
 */
export function parseResponseHead(
  head: ResponseHead,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const progress = head.progress;
  const fields = head.fields;
  if (progress.phase === PHASE_IDLE) {
    progress.begin(start);
    fields.reset(bytes);
    fields.resumeAt = start;
    head.bytes = bytes;
    head.start = start;
  } else {
    if (bytes !== head.bytes || start !== progress.origin) moveHead(head, bytes, start);
    if (!progress.hasNewLine(bytes, end, head.limits.headBytesMax)) return 0;
  }
  const stop = Math.min(end, start + head.limits.headBytesMax);
  let at = fields.resumeAt;
  if (progress.phase === PHASE_LINE) {
    at = parseStatusLine(head, at, stop);
    fields.linesStart = at;
    if (at > 0) progress.phase = PHASE_FIELDS;
  }
  if (at > 0) at = parseFieldLines(fields, at, stop);
  if (at > 0) {
    head.end = at;
    at = judgeHead(head);
  } else if (at === 0) {
    if (stop - start < head.limits.headBytesMax) return progress.pause(end);
    at = HEAD_TOO_LARGE;
  }
  progress.phase = PHASE_IDLE;
  return at;
}

/** `HTTP/1.x SP 3DIGIT SP reason CRLF`; the SP of an empty reason may be missing, as often seen. */
function parseStatusLine(head: ResponseHead, from: number, end: number): number {
  const bytes = head.bytes;
  for (let index = 0; index < VERSION_PREFIX.length; index += 1) {
    if (from + index >= end) return 0;
    if (bytes[from + index] !== VERSION_PREFIX[index]) return INVALID_STATUS_LINE;
  }
  if (from + STATUS_LENGTH >= end) return 0;
  const minor = (bytes[from + 7] as number) - 0x30;
  if ((minor !== 0 && minor !== 1) || bytes[from + 8] !== SP) return INVALID_STATUS_LINE;
  head.minorVersion = minor;
  const statusCode = threeDigits(bytes, from + 9);
  if (statusCode < 100) return INVALID_STATUS_LINE;
  head.statusCode = statusCode;
  let at = from + STATUS_LENGTH;
  if (bytes[at] === SP) {
    while (at < end && FIELD_TEXT[bytes[at] as number] !== 0) at += 1;
  }
  if (at >= end) return 0;
  if (bytes[at] !== CR) return bytes[at] === LF ? BARE_LINE_BREAK : INVALID_STATUS_LINE;
  if (at + 1 >= end) return 0;
  return bytes[at + 1] === LF ? at + 2 : BARE_LINE_BREAK;
}

function threeDigits(bytes: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start; at < start + 3; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function judgeHead(head: ResponseHead): number {
  const options = readConnectionOptions(head.fields);
  if (options < 0) return options;
  head.keepAlive =
    head.minorVersion === 1
      ? (options & OPTION_CLOSE) === 0
      : (options & (OPTION_CLOSE | OPTION_KEEP_ALIVE)) === OPTION_KEEP_ALIVE;
  head.framing = FRAMING_UNTIL_CLOSE;
  head.contentLength = 0;
  head.declaredLength = -1;
  const error = declaresFraming(head.fields) ? readFraming(head) : 0;
  if (error < 0) return error;
  // Peers differ on which interim responses may bring a body: none may (RFC 9110 section 15.2).
  const hasBody = head.framing === FRAMING_CHUNKED || head.contentLength > 0;
  if (head.statusCode < 200 && hasBody) return BODY_IN_INTERIM;
  if (isBodiless(head.statusCode, head.requestMethod)) {
    head.framing = FRAMING_NONE;
    head.contentLength = 0;
  }
  if (head.framing === FRAMING_UNTIL_CLOSE) head.keepAlive = false;
  return head.end;
}

function readFraming(head: ResponseHead): number {
  const framing = declaredFraming(head.fields, head.minorVersion);
  if (framing < 0) return framing;
  head.framing = framing;
  if (framing !== FRAMING_LENGTH) return 0;
  const length = declaredLength(head.fields);
  if (length < 0) return length;
  head.contentLength = length;
  head.declaredLength = length;
  return 0;
}

/** Some responses have no body whatever their fields say (RFC 9112 section 6.3). */
function isBodiless(statusCode: number, requestMethod: number): boolean {
  if (statusCode < 200 || statusCode === 204 || statusCode === 304) return true;
  return requestMethod === METHOD.HEAD;
}

function moveHead(head: ResponseHead, bytes: Uint8Array, start: number): void {
  const distance = start - head.progress.origin;
  head.progress.move(distance);
  head.fields.rebase(bytes, distance);
  head.bytes = bytes;
  head.start += distance;
}
