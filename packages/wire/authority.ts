/**
 * Host and port of a Host field or of an absolute target.
 *
 * `uri-host [ ":" port ]` of RFC 9110 section 7.2 with the grammar of RFC 3986 section 3.2.2: `_`
 * and capitals are valid. The host may not be empty (RFC 9110 section 4.2.1), user information is
 * never accepted.
 */
import { COLON, HEX_VALUE, UNRESERVED } from './octets.ts';

const PERCENT = 0x25;
const LEFT_BRACKET = 0x5b;
const RIGHT_BRACKET = 0x5d;
const PORT_MAX = 65_535;

const NAME_TEXT: Uint8Array = UNRESERVED.slice();
for (const octet of "!$&'()*+,;=") NAME_TEXT[octet.charCodeAt(0)] = 1;

/** End of the host within the authority `bytes[start, end)` (its port follows); -1: invalid. */
export function parseAuthority(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  if (bytes[at] === LEFT_BRACKET && at < end) {
    at = addressEnd(bytes, at + 1, end);
    if (at < 0) return -1;
  } else {
    while (at < end && bytes[at] !== COLON) {
      const octet = bytes[at] as number;
      if (octet === PERCENT) {
        if (!isEscape(bytes, at, end)) return -1;
        at += 3;
      } else if (NAME_TEXT[octet] === 1) {
        at += 1;
      } else {
        return -1;
      }
    }
  }
  if (at === start) return -1;
  if (at === end) return at;
  return bytes[at] === COLON && isPort(bytes, at + 1, end) ? at : -1;
}

/** Offset after the `]` of an IPv6 literal whose text begins at `start`; -1: none. */
function addressEnd(bytes: Uint8Array, start: number, end: number): number {
  let colons = 0;
  for (let at = start; at < end; at += 1) {
    const octet = bytes[at] as number;
    if (octet === RIGHT_BRACKET) return colons >= 2 ? at + 1 : -1;
    if (octet === COLON) colons += 1;
    else if (octet !== 0x2e && HEX_VALUE[octet] === 255) return -1;
  }
  return -1;
}

function isEscape(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 2 >= end) return false;
  return HEX_VALUE[bytes[at + 1] as number] !== 255 && HEX_VALUE[bytes[at + 2] as number] !== 255;
}

function isPort(bytes: Uint8Array, start: number, end: number): boolean {
  let port = 0;
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return false;
    port = port * 10 + digit;
    if (port > PORT_MAX) return false;
  }
  return true;
}
