/** Pieces of access log lines as octets: JSON text that is pure ASCII, whatever it was made of. */

/** 1: stands for itself between the quotes of a JSON string, and is no problem in a terminal. */
const plain = new Uint8Array(128);
for (let code = 0x20; code < 0x7f; code += 1) plain[code] = 1;
plain[0x22] = plain[0x5c] = 0;

const hexDigits = '0123456789abcdef';
/** Octets that one UTF-16 code unit can become: `\u00e9`. */
export const escapedOctetsMax = 6;

/** Writes `text` from `at`, escaped where it must be; gives where it ends. */
export function writeEscaped(out: Uint8Array, at: number, text: string): number {
  let end = at;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 128 && plain[code] === 1) {
      out[end] = code;
      end += 1;
    } else {
      end = writeEscape(out, end, code);
    }
  }
  return end;
}

function writeEscape(out: Uint8Array, at: number, code: number): number {
  out[at] = 0x5c;
  out[at + 1] = 0x75;
  for (let digit = 0; digit < 4; digit += 1) {
    out[at + 2 + digit] = hexDigits.charCodeAt((code >> (12 - 4 * digit)) & 15);
  }
  return at + escapedOctetsMax;
}

/** Writes a whole number from 0 to 2^53 in decimal; anything else as 0. */
export function writeInteger(out: Uint8Array, at: number, value: number): number {
  let rest = value >= 0 && Number.isSafeInteger(value) ? value : 0;
  let digits = 1;
  for (let bound = 10; bound <= rest; bound *= 10) digits += 1;
  for (let index = at + digits - 1; index >= at; index -= 1) {
    const next = Math.floor(rest / 10);
    out[index] = 0x30 + (rest - next * 10);
    rest = next;
  }
  return at + digits;
}

export function escapedOctets(text: string): Uint8Array {
  const out = new Uint8Array(text.length * escapedOctetsMax);
  return out.slice(0, writeEscaped(out, 0, text));
}

/** Octets of JSON text whose strings are escaped already. */
export function asciiOctets(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** The text in one piece: what was joined of parts is a tree that every use would walk. */
export function flatText(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** A JSON string without its quotes, as text. */
export function escapedText(text: string): string {
  return Buffer.from(escapedOctets(text)).toString('latin1');
}
