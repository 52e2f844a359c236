/**
 * Octet classes and comparisons shared by every codec.
 *
 * A class is a 256-entry table: one load per octet instead of a chain of comparisons.
 * Source: RFC 9110 section 5.6 (tokens, whitespace) and 5.5 (field values).
 */

export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const COLON = 0x3a;

const ALPHANUMERIC = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** 1: may occur in a token (field names, methods): RFC 9110 section 5.6.2. */
export const TOKEN: Uint8Array = octetClass(`!#$%&'*+-.^_\`|~${ALPHANUMERIC}`);

/** 1: may occur in a field value: HTAB, SP, visible characters, obs-text (RFC 9110 section 5.5). */
export const FIELD_TEXT: Uint8Array = new Uint8Array(256).fill(1, SP);
FIELD_TEXT[HTAB] = 1;
FIELD_TEXT[0x7f] = 0;

/** 1: unreserved in a URI (RFC 3986 section 2.3). */
export const UNRESERVED: Uint8Array = octetClass(`-._~${ALPHANUMERIC}`);

/** Value of a hexadecimal digit; 255: none. */
export const HEX_VALUE: Uint8Array = new Uint8Array(256).fill(255);
for (let value = 0; value < 16; value += 1) {
  const digit = value.toString(16);
  HEX_VALUE[digit.charCodeAt(0)] = value;
  HEX_VALUE[digit.toUpperCase().charCodeAt(0)] = value;
}

/** ASCII lower case of every octet; others map to themselves. */
export const LOWER_CASE: Uint8Array = new Uint8Array(256);
for (let octet = 0; octet < 256; octet += 1) {
  LOWER_CASE[octet] = octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
}

/** Does `bytes[start, end)` equal `name`, ignoring ASCII case? `name` is in lower case. */
export function equalsIgnoringCase(
  bytes: Uint8Array,
  start: number,
  end: number,
  name: Uint8Array,
): boolean {
  const length = name.length;
  if (end - start !== length) return false;
  for (let index = 0; index < length; index += 1) {
    if (LOWER_CASE[bytes[start + index] as number] !== name[index]) return false;
  }
  return true;
}

/** A copy of `bytes[start, end)`; the method `slice` of a Node `Buffer` gives a view instead. */
export function copyOctets(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return Uint8Array.from(bytes.subarray(start, end));
}

/** The octets of a string whose characters are all below 256. */
export function octetsOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** `bytes[start, end)` as a string of one character per octet (ISO 8859-1). */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let index = start; index < end; index += 1) {
    text += String.fromCharCode(bytes[index] as number);
  }
  return text;
}

function octetClass(members: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const member of members) table[member.charCodeAt(0)] = 1;
  return table;
}
