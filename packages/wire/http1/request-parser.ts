/**
 * Parses the head of an HTTP/1.x request in one pass, strictly.
 *
 * What is ambiguous is an error, never a guess (RFC 9112 section 11.2). Source: RFC 9112, RFC 9110.
 */
import { parseAuthority } from '../authority.ts';
import { FIELD } from '../field-names.ts';
import { CR, equalsIgnoringCase, LF, octetsOf } from '../octets.ts';
import {
  OPTION_CLOSE,
  OPTION_KEEP_ALIVE,
  OPTION_TE,
  OPTION_UPGRADE,
  readConnectionOptions,
} from './connection-options.ts';
import { type FieldSection, parseFieldLines } from './field-section.ts';
import {
  declaredFraming,
  declaredLength,
  declaresFraming,
  FRAMING_LENGTH,
  FRAMING_NONE,
} from './framing.ts';
import {
  HEAD_TOO_LARGE,
  INVALID_HOST,
  INVALID_METHOD,
  MISSING_HOST,
  REPEATED_HOST,
  TARGET_TOO_LONG,
} from './head-error.ts';
import { PHASE_FIELDS, PHASE_IDLE, PHASE_LINE } from './head-progress.ts';
import {
  type RequestHead,
  UPGRADE_NONE,
  UPGRADE_OTHER,
  UPGRADE_WEBSOCKET,
} from './request-head.ts';
import { parseRequestLine } from './request-line.ts';
import { readTarget } from './request-target.ts';

const WEBSOCKET = octetsOf('websocket');
const H2C = octetsOf('h2c');
const CONTINUE = octetsOf('100-continue');
const TRAILERS = octetsOf('trailers');
const UPGRADE_BIT = 1 << FIELD.upgrade;
const HOST_BIT = 1 << FIELD.host;
const COMMA = 0x2c;

/**
 * Parses a head in `bytes[start, end)`. Returns the offset after it; 0: it is not complete; below
 * 0: a code of head-error.ts, after which the connection has to be closed.
 *
 * When it is not complete, call again with the same octets followed by more, at the same or
 * another place: only new octets are looked at. An error is reported at the end of its line at
 * the latest. No octet of `bytes` is changed.
 */
export function parseRequestHead(
  head: RequestHead,
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
  } else {
    if (bytes !== head.bytes || start !== progress.origin) moveHead(head, bytes, start);
    if (!progress.hasNewLine(bytes, end, head.limits.headBytesMax)) return 0;
  }
  const stop = Math.min(end, start + head.limits.headBytesMax);
  let at = fields.resumeAt;
  if (progress.phase === PHASE_LINE) {
    at = parseFirstLine(head, at, stop);
    if (at > 0) progress.phase = PHASE_FIELDS;
  }
  if (at > 0) at = parseFieldLines(fields, at, stop);
  if (at > 0) {
    head.end = at;
    at = judgeHead(head);
  } else if (at === 0) {
    if (stop - start < head.limits.headBytesMax) return progress.pause(end);
    at = progress.phase === PHASE_LINE ? TARGET_TOO_LONG : HEAD_TOO_LARGE;
  }
  progress.phase = PHASE_IDLE;
  return at;
}

/** One empty line before a request line is ignored (RFC 9112 section 2.2). */
function parseFirstLine(head: RequestHead, from: number, end: number): number {
  const bytes = head.bytes;
  let at = from;
  if (at < end && bytes[at] === CR) {
    if (at + 1 >= end) return 0;
    if (bytes[at + 1] !== LF) return INVALID_METHOD;
    at += 2;
  }
  head.start = at;
  at = parseRequestLine(head, at, end);
  head.fields.linesStart = at;
  return at;
}

/** Reads what the fields say, once all of them are there. */
function judgeHead(head: RequestHead): number {
  const section = head.fields;
  const options = readConnectionOptions(section);
  if (options < 0) return options;
  head.keepAlive =
    head.minorVersion === 1
      ? (options & OPTION_CLOSE) === 0
      : (options & (OPTION_CLOSE | OPTION_KEEP_ALIVE)) === OPTION_KEEP_ALIVE;
  const error = readHost(head) || readTarget(head) || readFraming(head);
  if (error < 0) return error;
  readNegotiation(head, options);
  return head.end;
}

function readHost(head: RequestHead): number {
  const section = head.fields;
  const index = section.find(FIELD.host);
  if (index < 0) {
    head.hostStart = head.hostNameEnd = head.hostEnd = head.start;
    return head.minorVersion === 0 ? 0 : MISSING_HOST;
  }
  if ((section.repeated & HOST_BIT) !== 0) return REPEATED_HOST;
  head.hostStart = section.valueStart(index);
  head.hostEnd = section.valueEnd(index);
  head.hostNameEnd = parseAuthority(section.bytes, head.hostStart, head.hostEnd);
  return head.hostNameEnd < 0 ? INVALID_HOST : 0;
}

function readFraming(head: RequestHead): number {
  head.framing = FRAMING_NONE;
  head.contentLength = 0;
  if (!declaresFraming(head.fields)) return 0;
  const framing = declaredFraming(head.fields, head.minorVersion);
  if (framing < 0) return framing;
  head.framing = framing;
  if (framing !== FRAMING_LENGTH) return 0;
  const length = declaredLength(head.fields);
  if (length < 0) return length;
  head.contentLength = length;
  return 0;
}

/** Upgrade, Expect and TE mean something between HTTP/1.1 peers only. */
function readNegotiation(head: RequestHead, options: number): void {
  const isCurrent = head.minorVersion === 1;
  head.upgrade =
    isCurrent && (options & OPTION_UPGRADE) !== 0 ? readUpgrade(head.fields) : UPGRADE_NONE;
  head.expectContinue = isCurrent && hasValue(head.fields, FIELD.expect, CONTINUE);
  head.acceptsTrailers = (options & OPTION_TE) !== 0 && hasValue(head.fields, FIELD.te, TRAILERS);
}

function readUpgrade(section: FieldSection): number {
  const index = section.find(FIELD.upgrade);
  if (index < 0 || (section.repeated & UPGRADE_BIT) !== 0) return UPGRADE_NONE;
  if (hasValue(section, FIELD.upgrade, WEBSOCKET)) return UPGRADE_WEBSOCKET;
  if (hasValue(section, FIELD.upgrade, H2C)) return UPGRADE_NONE;
  const start = section.valueStart(index);
  const end = section.valueEnd(index);
  for (let at = start; at < end; at += 1) if (section.bytes[at] === COMMA) return UPGRADE_NONE;
  return start < end ? UPGRADE_OTHER : UPGRADE_NONE;
}

function hasValue(section: FieldSection, id: number, value: Uint8Array): boolean {
  const index = section.find(id);
  if (index < 0) return false;
  const start = section.valueStart(index);
  return equalsIgnoringCase(section.bytes, start, section.valueEnd(index), value);
}

/** The octets of a partial head were copied elsewhere: every offset follows. */
function moveHead(head: RequestHead, bytes: Uint8Array, start: number): void {
  const distance = start - head.progress.origin;
  head.progress.move(distance);
  head.fields.rebase(bytes, distance);
  head.bytes = bytes;
  head.start += distance;
  head.methodEnd += distance;
  head.targetStart += distance;
  head.pathEnd += distance;
  head.targetEnd += distance;
}
