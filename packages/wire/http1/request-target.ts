/**
 * Request target: which of its forms it has (RFC 9112 section 3.2), and its path in normal form.
 *
 * In absolute form the target's authority replaces Host (section 3.2.2). An absolute target with
 * an empty path means `/`, or `*` for OPTIONS (section 3.2.4).
 */
import { parseAuthority } from '../authority.ts';
import { METHOD } from '../methods.ts';
import { equalsIgnoringCase, octetsOf } from '../octets.ts';
import { hasDotSegment, normalizePath, PATH_ABOVE_ROOT, PATH_BAD_ESCAPE } from '../path.ts';
import {
  INVALID_HOST,
  INVALID_PERCENT_ENCODING,
  INVALID_TARGET,
  TARGET_ABOVE_ROOT,
} from './head-error.ts';
import {
  type RequestHead,
  TARGET_ABSOLUTE,
  TARGET_ASTERISK,
  TARGET_ORIGIN,
} from './request-head.ts';
import { TARGET_DOTS, TARGET_ESCAPES } from './request-line.ts';

const SLASH = 0x2f;
const ASTERISK = 0x2a;
const QUESTION_MARK = 0x3f;
const HTTP = octetsOf('http://');
const HTTPS = octetsOf('https://');
const ROOT = octetsOf('/');
const WHOLE_SERVER = octetsOf('*');

/** Sets form, path and query (and host, in absolute form). Returns 0 or a code of head-error.ts. */
export function readTarget(head: RequestHead): number {
  const first = head.bytes[head.targetStart];
  head.targetBytes = head.bytes;
  if (first === SLASH) {
    head.targetForm = TARGET_ORIGIN;
    return normalizeTarget(head);
  }
  if (first === ASTERISK) {
    head.targetForm = TARGET_ASTERISK;
    const isWhole = head.targetEnd === head.targetStart + 1 && head.method === METHOD.OPTIONS;
    return isWhole ? 0 : INVALID_TARGET;
  }
  return readAbsoluteTarget(head);
}

function readAbsoluteTarget(head: RequestHead): number {
  const { bytes, targetStart, targetEnd } = head;
  const scheme = schemeLength(bytes, targetStart, targetEnd);
  if (scheme === 0) return INVALID_TARGET;
  const authority = targetStart + scheme;
  let path = authority;
  while (path < targetEnd && bytes[path] !== SLASH && bytes[path] !== QUESTION_MARK) path += 1;
  const nameEnd = parseAuthority(bytes, authority, path);
  if (nameEnd < 0) return INVALID_HOST;
  head.targetForm = TARGET_ABSOLUTE;
  head.hostStart = authority;
  head.hostNameEnd = nameEnd;
  head.hostEnd = path;
  head.targetStart = path;
  head.pathEnd = path;
  if (bytes[path] === SLASH && path < targetEnd) {
    while (head.pathEnd < targetEnd && bytes[head.pathEnd] !== QUESTION_MARK) head.pathEnd += 1;
    return normalizeTarget(head);
  }
  return readEmptyPath(head);
}

function readEmptyPath(head: RequestHead): number {
  const isWhole = head.method === METHOD.OPTIONS && head.targetStart === head.targetEnd;
  if (isWhole) head.targetForm = TARGET_ASTERISK;
  replacePath(head, isWhole ? WHOLE_SERVER : ROOT, 1);
  return 0;
}

/** Leaves a normal path where it is; otherwise moves path and query to octets of the head's own. */
function normalizeTarget(head: RequestHead): number {
  const { bytes, targetStart, pathEnd, targetFlags } = head;
  if ((targetFlags & (TARGET_ESCAPES | TARGET_DOTS)) === 0) return 0;
  if ((targetFlags & TARGET_ESCAPES) === 0 && !hasDotSegment(bytes, targetStart, pathEnd)) return 0;
  const normal = new Uint8Array(pathEnd - targetStart);
  const length = normalizePath(bytes, targetStart, pathEnd, normal);
  if (length < 0) return pathError(length);
  replacePath(head, normal, length);
  return 0;
}

/** Puts `path[0, length)` before the query, in octets of the head's own. */
function replacePath(head: RequestHead, path: Uint8Array, length: number): void {
  const queryLength = head.targetEnd - head.pathEnd;
  const target = new Uint8Array(length + queryLength);
  target.set(path.subarray(0, length));
  target.set(head.bytes.subarray(head.pathEnd, head.targetEnd), length);
  head.targetBytes = target;
  head.targetStart = 0;
  head.pathEnd = length;
  head.targetEnd = length + queryLength;
}

function schemeLength(bytes: Uint8Array, start: number, end: number): number {
  for (const scheme of [HTTP, HTTPS]) {
    const stop = start + scheme.length;
    if (stop <= end && equalsIgnoringCase(bytes, start, stop, scheme)) return scheme.length;
  }
  return 0;
}

function pathError(code: number): number {
  if (code === PATH_BAD_ESCAPE) return INVALID_PERCENT_ENCODING;
  return code === PATH_ABOVE_ROOT ? TARGET_ABOVE_ROOT : INVALID_TARGET;
}
