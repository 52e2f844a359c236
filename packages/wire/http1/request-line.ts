/**
 * Request line: method, target in its four forms, version (RFC 9112 section 3).
 *
 * Only the octets of the target are judged here; its path is normalised when the head is complete.
 */
import { METHOD, methodId } from '../methods.ts';
import { CR, LF, SP, TOKEN } from '../octets.ts';
import {
  BARE_LINE_BREAK,
  CONNECT_UNSUPPORTED,
  INVALID_METHOD,
  INVALID_TARGET,
  INVALID_VERSION,
  UNKNOWN_METHOD,
  UNSUPPORTED_VERSION,
} from './head-error.ts';
import type { RequestHead } from './request-head.ts';

const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;
const ONE = 0x31;

/** Octets of a target: 0 never, else bits of what they ask for. */
const TARGET_TEXT: Uint8Array = new Uint8Array(256).fill(1, 0x21, 0x7f);
/** `%` and `\`: the path has to be rewritten or refused. */
export const TARGET_ESCAPES = 2;
/** `.`: the path may hold a dot segment. */
export const TARGET_DOTS = 4;
TARGET_TEXT['#'.charCodeAt(0)] = 0;
TARGET_TEXT['%'.charCodeAt(0)] = TARGET_ESCAPES;
TARGET_TEXT['\\'.charCodeAt(0)] = TARGET_ESCAPES;
TARGET_TEXT['.'.charCodeAt(0)] = TARGET_DOTS;

/** Length of ` HTTP/1.1` and CRLF after the target. */
const VERSION_LENGTH = 11;

/**
 * Parses the line at `from`. Returns the offset after its CRLF; 0: more octets are needed; below
 * 0: a code of head-error.ts.
 */
export function parseRequestLine(head: RequestHead, from: number, end: number): number {
  const bytes = head.bytes;
  let at = from;
  while (at < end && TOKEN[bytes[at] as number] === 1) at += 1;
  if (at >= end) return 0;
  if (at === from) return INVALID_METHOD;
  if (bytes[at] !== SP) return methodError(bytes[at] as number);
  head.methodEnd = at;
  head.method = methodId(bytes, from, at);
  if (head.method === 0) return UNKNOWN_METHOD;
  if (head.method === METHOD.CONNECT) return CONNECT_UNSUPPORTED;
  at += 1;
  head.targetStart = at;
  at = scanTarget(head, at, end);
  if (at <= 0) return at;
  return parseVersion(head, at, end);
}

/** Scans to the SP after the target, noting where its path ends and whether it is plain. */
function scanTarget(head: RequestHead, from: number, end: number): number {
  const bytes = head.bytes;
  const isPath = bytes[from] === SLASH;
  let at = from;
  let flags = 0;
  let octet = 0;
  for (; at < end; at += 1) {
    octet = bytes[at] as number;
    const text = TARGET_TEXT[octet] as number;
    if (text === 0 || (octet === QUESTION_MARK && isPath)) break;
    flags |= text;
  }
  head.pathEnd = at;
  if (octet === QUESTION_MARK && isPath) {
    while (at < end && TARGET_TEXT[bytes[at] as number] !== 0) at += 1;
  }
  if (at >= end) return 0;
  octet = bytes[at] as number;
  if (octet !== SP) return octet === LF || octet === CR ? INVALID_VERSION : INVALID_TARGET;
  if (at === from) return INVALID_TARGET;
  head.targetEnd = at;
  head.targetFlags = flags;
  return at;
}

/** Parses ` HTTP/1.x` CRLF at `at`. */
function parseVersion(head: RequestHead, at: number, end: number): number {
  const bytes = head.bytes;
  const stop = Math.min(end, at + VERSION_LENGTH);
  const known = versionPrefix(bytes, at + 1, Math.min(stop, at + 8));
  if (known < 0) return known;
  if (stop < at + VERSION_LENGTH) return 0;
  const minor = (bytes[at + 8] as number) - 0x30;
  if (minor < 0 || minor > 9) return INVALID_VERSION;
  if (bytes[at + 9] !== CR || bytes[at + 10] !== LF) return lineEndError(bytes, at + 9);
  if (minor > 1) return UNSUPPORTED_VERSION;
  head.minorVersion = minor;
  return at + VERSION_LENGTH;
}

/** Compares with `HTTP/1.` as far as octets are there. */
function versionPrefix(bytes: Uint8Array, start: number, stop: number): number {
  for (let at = start; at < stop; at += 1) {
    const octet = bytes[at] as number;
    if (octet === VERSION_PREFIX[at - start]) continue;
    const isMajor = at - start === 5 && octet >= 0x30 && octet <= 0x39;
    return isMajor ? UNSUPPORTED_VERSION : INVALID_VERSION;
  }
  return 0;
}

const VERSION_PREFIX = [0x48, 0x54, 0x54, 0x50, 0x2f, ONE, 0x2e];

function lineEndError(bytes: Uint8Array, at: number): number {
  const octet = bytes[at];
  return octet === LF || octet === CR ? BARE_LINE_BREAK : INVALID_VERSION;
}

function methodError(octet: number): number {
  return octet === LF || octet === CR ? BARE_LINE_BREAK : INVALID_METHOD;
}
