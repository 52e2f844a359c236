/**
 * Field lines of a head or trailer section as offsets into its octets; no strings.
 *
 * Strict: a line is `name ":" OWS value OWS CRLF` and nothing else (RFC 9112 section 5). Bare CR
 * or LF, NUL and other controls, folded lines, space before the colon and empty names are errors.
 */
import { FIELD_ALIAS, fieldId } from '../field-names.ts';
import { COLON, CR, equalsIgnoringCase, FIELD_TEXT, HTAB, LF, SP, TOKEN } from '../octets.ts';
import {
  BARE_LINE_BREAK,
  INVALID_FIELD_NAME,
  INVALID_FIELD_VALUE,
  OBSOLETE_FOLD,
  SPACE_BEFORE_COLON,
  TOO_MANY_FIELDS,
} from './head-error.ts';

const EMPTY = new Uint8Array(0);

/** Offsets per field in `FieldSection.offsets`. */
export const FIELD_STRIDE = 4;

/** Reusable: one per direction of a connection. */
export class FieldSection {
  /** What the offsets refer to. */
  bytes: Uint8Array = EMPTY;
  count = 0;
  /** Name start, name end, value start, value end of each field; whitespace is trimmed. */
  readonly offsets: Int32Array;
  /** `FIELD` ids; 0: not known; `FIELD_NOMINATED` and `FIELD_ALIAS`: count as absent. */
  readonly ids: Uint8Array;
  /** Bit of every id below 32 that occurs. */
  seen = 0;
  /** Bit of every id below 32 that occurs more than once. */
  repeated = 0;
  /** First field of an id below 32; only valid where `seen` has its bit. */
  readonly firstIndex: Int32Array = new Int32Array(32);
  /** The field lines with their CRLFs are `bytes[linesStart, linesEnd)`, once complete. */
  linesStart = 0;
  linesEnd = 0;
  /** Where parsing goes on after a pause: start of an incomplete line. */
  resumeAt = 0;

  constructor(fieldsMax: number) {
    this.offsets = new Int32Array(fieldsMax * FIELD_STRIDE);
    this.ids = new Uint8Array(fieldsMax);
  }

  reset(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.count = 0;
    this.seen = 0;
    this.repeated = 0;
  }

  /** Index of the first field with a known id; -1: absent. */
  find(id: number): number {
    if (id < 32) return (this.seen >>> id) & 1 ? (this.firstIndex[id] as number) : -1;
    for (let index = 0; index < this.count; index += 1) if (this.ids[index] === id) return index;
    return -1;
  }

  /** Index of the first field at or after `from` with this name (lower case); -1: none. */
  findName(name: Uint8Array, from: number): number {
    for (let index = from; index < this.count; index += 1) {
      if ((this.ids[index] as number) >= FIELD_ALIAS) continue;
      const nameStart = this.offsets[index * FIELD_STRIDE] as number;
      const nameEnd = this.offsets[index * FIELD_STRIDE + 1] as number;
      if (equalsIgnoringCase(this.bytes, nameStart, nameEnd, name)) return index;
    }
    return -1;
  }

  nameStart(index: number): number {
    return this.offsets[index * FIELD_STRIDE] as number;
  }

  nameEnd(index: number): number {
    return this.offsets[index * FIELD_STRIDE + 1] as number;
  }

  valueStart(index: number): number {
    return this.offsets[index * FIELD_STRIDE + 2] as number;
  }

  valueEnd(index: number): number {
    return this.offsets[index * FIELD_STRIDE + 3] as number;
  }

  /** Follows octets that were moved by `distance` (a partial head was copied elsewhere). */
  rebase(bytes: Uint8Array, distance: number): void {
    this.bytes = bytes;
    this.resumeAt += distance;
    this.linesStart += distance;
    for (let index = 0; index < this.count * FIELD_STRIDE; index += 1) {
      this.offsets[index] = (this.offsets[index] as number) + distance;
    }
  }
}

/**
 * Parses field lines from `at` up to and including the empty line, adding them to `section`.
 *
 * Returns the offset after the empty line; 0: more octets are needed (`section.resumeAt` is where
 * to go on); below 0: a code of head-error.ts.
 */
export function parseFieldLines(section: FieldSection, from: number, end: number): number {
  const bytes = section.bytes;
  let at = from;
  for (;;) {
    const nameStart = at;
    section.resumeAt = nameStart;
    if (at >= end) return 0;
    let octet = bytes[at] as number;
    if (octet === CR) {
      if (at + 1 >= end) return 0;
      if (bytes[at + 1] !== LF) return BARE_LINE_BREAK;
      section.linesEnd = at;
      return at + 2;
    }
    while (TOKEN[octet] !== 0) {
      at += 1;
      if (at >= end) return 0;
      octet = bytes[at] as number;
    }
    if (octet !== COLON || at === nameStart) return nameError(octet, at === nameStart);
    const nameEnd = at;
    do {
      at += 1;
      if (at >= end) return 0;
      octet = bytes[at] as number;
    } while (octet === SP || octet === HTAB);
    const valueStart = at;
    while (FIELD_TEXT[octet] !== 0) {
      at += 1;
      if (at >= end) return 0;
      octet = bytes[at] as number;
    }
    if (octet !== CR) return octet === LF ? BARE_LINE_BREAK : INVALID_FIELD_VALUE;
    if (at + 1 >= end) return 0;
    if (bytes[at + 1] !== LF) return BARE_LINE_BREAK;
    let valueEnd = at;
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1] as number)) valueEnd -= 1;
    const base = section.count * FIELD_STRIDE;
    const offsets = section.offsets;
    if (base === offsets.length) return TOO_MANY_FIELDS;
    offsets[base] = nameStart;
    offsets[base + 1] = nameEnd;
    offsets[base + 2] = valueStart;
    offsets[base + 3] = valueEnd;
    addField(section, fieldId(bytes, nameStart, nameEnd));
    at += 2;
  }
}

/** Registers the id of the field whose offsets were just written. */
function addField(section: FieldSection, id: number): void {
  const index = section.count;
  section.ids[index] = id;
  section.count = index + 1;
  if (id === 0 || id > 31) return;
  const bit = 1 << id;
  if (section.seen & bit) {
    section.repeated |= bit;
  } else {
    section.seen |= bit;
    section.firstIndex[id] = index;
  }
}

function isBlank(octet: number): boolean {
  return octet === SP || octet === HTAB;
}

function nameError(octet: number, empty: boolean): number {
  if (octet === LF || octet === CR) return BARE_LINE_BREAK;
  if (octet === SP || octet === HTAB) return empty ? OBSOLETE_FOLD : SPACE_BEFORE_COLON;
  return INVALID_FIELD_NAME;
}
