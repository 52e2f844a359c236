/**
 * Syntax of what stands between the data of a chunked body, as one transition table.
 *
 * `chunk-size [ *( ";" name [ "=" value ] ) ] CRLF` before, CRLF after the data of each chunk (RFC
 * 9112 section 7.1). No whitespace anywhere: where it is allowed, peers differ on its meaning.
 */
import { CR, FIELD_TEXT, HEX_VALUE, LF, TOKEN } from '../octets.ts';
import {
  BARE_LINE_BREAK,
  INVALID_CHUNK_END,
  INVALID_CHUNK_EXTENSION,
  INVALID_CHUNK_SIZE,
} from './head-error.ts';

export const SIZE_START = 0;
export const SIZE = 1;
const EXTENSION_START = 2;
const EXTENSION_NAME = 3;
const VALUE_START = 4;
const VALUE = 5;
const QUOTED = 6;
const QUOTED_PAIR = 7;
const QUOTED_END = 8;
export const SIZE_LF = 9;
export const DATA_CR = 10;
export const DATA_LF = 11;
/** The size line is complete. */
export const SIZE_END = 12;
const STATES = 12;
const REFUSED = 255;

const CLASS_INVALID = 0;
const CLASS_HEX = 1;
const CLASS_TOKEN = 2;
const CLASS_EQUALS = 3;
const CLASS_SEMICOLON = 4;
const CLASS_QUOTE = 5;
const CLASS_BACKSLASH = 6;
const CLASS_CR = 7;
const CLASS_LF = 8;
const CLASS_TEXT = 9;
const CLASSES = 10;

const CLASS_OF: Uint8Array = new Uint8Array(256);
for (let octet = 0; octet < 256; octet += 1) CLASS_OF[octet] = classOf(octet);

const NEXT: Uint8Array = new Uint8Array(STATES * CLASSES).fill(REFUSED);
allow(SIZE_START, [CLASS_HEX], SIZE);
allow(SIZE, [CLASS_HEX], SIZE);
allow(EXTENSION_START, [CLASS_HEX, CLASS_TOKEN], EXTENSION_NAME);
allow(EXTENSION_NAME, [CLASS_HEX, CLASS_TOKEN], EXTENSION_NAME);
allow(EXTENSION_NAME, [CLASS_EQUALS], VALUE_START);
allow(VALUE_START, [CLASS_HEX, CLASS_TOKEN], VALUE);
allow(VALUE_START, [CLASS_QUOTE], QUOTED);
allow(VALUE, [CLASS_HEX, CLASS_TOKEN], VALUE);
const QUOTABLE = [CLASS_HEX, CLASS_TOKEN, CLASS_EQUALS, CLASS_SEMICOLON, CLASS_TEXT];
allow(QUOTED, QUOTABLE, QUOTED);
allow(QUOTED, [CLASS_QUOTE], QUOTED_END);
allow(QUOTED, [CLASS_BACKSLASH], QUOTED_PAIR);
allow(QUOTED_PAIR, [...QUOTABLE, CLASS_QUOTE, CLASS_BACKSLASH], QUOTED);
for (const state of [SIZE, EXTENSION_NAME, VALUE, QUOTED_END]) {
  allow(state, [CLASS_SEMICOLON], EXTENSION_START);
  allow(state, [CLASS_CR], SIZE_LF);
}
allow(SIZE_LF, [CLASS_LF], SIZE_END);
allow(DATA_CR, [CLASS_CR], DATA_LF);
allow(DATA_LF, [CLASS_LF], SIZE_START);

/** The state after `octet`, or a code of head-error.ts. */
export function nextChunkState(state: number, octet: number): number {
  const next = NEXT[state * CLASSES + (CLASS_OF[octet] as number)] as number;
  return next === REFUSED ? chunkError(state, octet) : next;
}

/** Is an extension being read: does the octet count against their limit? */
export function isExtension(state: number): boolean {
  return state >= EXTENSION_START && state <= QUOTED_END;
}

function chunkError(state: number, octet: number): number {
  if (state === DATA_CR || state === DATA_LF) return INVALID_CHUNK_END;
  if (octet === LF || state === SIZE_LF) return BARE_LINE_BREAK;
  return state === SIZE_START || state === SIZE ? INVALID_CHUNK_SIZE : INVALID_CHUNK_EXTENSION;
}

function allow(state: number, classes: readonly number[], next: number): void {
  for (const octetClass of classes) NEXT[state * CLASSES + octetClass] = next;
}

function classOf(octet: number): number {
  if (octet === CR) return CLASS_CR;
  if (octet === LF) return CLASS_LF;
  if (octet === '='.charCodeAt(0)) return CLASS_EQUALS;
  if (octet === ';'.charCodeAt(0)) return CLASS_SEMICOLON;
  if (octet === '"'.charCodeAt(0)) return CLASS_QUOTE;
  if (octet === '\\'.charCodeAt(0)) return CLASS_BACKSLASH;
  if (HEX_VALUE[octet] !== 255) return CLASS_HEX;
  if (TOKEN[octet] === 1) return CLASS_TOKEN;
  return FIELD_TEXT[octet] === 1 ? CLASS_TEXT : CLASS_INVALID;
}
