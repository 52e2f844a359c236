/**
 * Normalises the path of a request target, once, before anything matches it.
 *
 * RFC 3986 section 6.2.2: dot segments are resolved (also when written `%2e`), encoded unreserved
 * characters decoded, hexadecimal digits put in upper case. Everything else is opaque and stays:
 * `%2F`, `;` and `//`. A path that climbs above its root, holds `\`, `%00` or a broken escape is
 * refused: endpoints differ in what they make of these.
 */
import { HEX_VALUE, octetsOf, UNRESERVED } from './octets.ts';

export const PATH_INVALID = -1;
export const PATH_BAD_ESCAPE = -2;
export const PATH_ABOVE_ROOT = -3;

const SLASH = 0x2f;
const DOT = 0x2e;
const PERCENT = 0x25;
const BACKSLASH = 0x5c;
const HEX_DIGITS = octetsOf('0123456789ABCDEF');

/** May `bytes[start, end)`, a path without `%` and `\`, hold a dot segment? */
export function hasDotSegment(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at += 1) {
    if (bytes[at] !== DOT || bytes[at - 1] !== SLASH) continue;
    const next = bytes[at + 1] === DOT ? at + 2 : at + 1;
    if (next >= end || bytes[next] === SLASH) return true;
  }
  return false;
}

/**
 * Writes the normal form of the path `bytes[start, end)`, which begins with `/`, to the beginning
 * of `out`, which has room for `end - start` octets. Returns its length, or a code below 0.
 */
export function normalizePath(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
): number {
  out[0] = SLASH;
  let length = 1;
  let segment = 1;
  let at = start + 1;
  while (at < end) {
    let octet = bytes[at] as number;
    at += 1;
    if (octet === SLASH) {
      length = closeSegment(out, segment, length, true);
      if (length < 0) return length;
      segment = length;
      continue;
    }
    if (octet === BACKSLASH) return PATH_INVALID;
    if (octet === PERCENT) {
      octet = at + 1 < end ? escapedOctet(bytes, at) : PATH_BAD_ESCAPE;
      if (octet < 0) return octet;
      at += 2;
      if (UNRESERVED[octet] === 0) {
        out[length] = PERCENT;
        out[length + 1] = HEX_DIGITS[octet >> 4] as number;
        out[length + 2] = HEX_DIGITS[octet & 15] as number;
        length += 3;
        continue;
      }
    }
    out[length] = octet;
    length += 1;
  }
  return closeSegment(out, segment, length, false);
}

/** The octet whose two hexadecimal digits are at `at`; NUL is refused like a broken escape. */
function escapedOctet(bytes: Uint8Array, at: number): number {
  const high = HEX_VALUE[bytes[at] as number] as number;
  const low = HEX_VALUE[bytes[at + 1] as number] as number;
  if ((high | low) === 0 || high > 15 || low > 15) return PATH_BAD_ESCAPE;
  return (high << 4) | low;
}

/** Ends the segment `out[segment, length)`, resolving it when it is `.` or `..`. */
function closeSegment(out: Uint8Array, segment: number, length: number, slash: boolean): number {
  const size = length - segment;
  if (size === 1 && out[segment] === DOT) return segment;
  if (size === 2 && out[segment] === DOT && out[segment + 1] === DOT) {
    if (segment === 1) return PATH_ABOVE_ROOT;
    let parent = segment - 1;
    while (out[parent - 1] !== SLASH) parent -= 1;
    return parent;
  }
  if (!slash) return length;
  out[length] = SLASH;
  return length + 1;
}
