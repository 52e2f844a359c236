/**
 * The Connection field: what it says of the connection, and which fields it nominates as meant
 * for us alone (RFC 9110 section 7.6.1).
 *
 * A nominated field gets the id `FIELD_NOMINATED` and thereby counts as absent. Fields that every
 * recipient needs can't be nominated away: Host would change where a request goes.
 */
import { FIELD, FIELD_NOMINATED } from '../field-names.ts';
import { copyOctets, equalsIgnoringCase, HTAB, octetsOf, SP } from '../octets.ts';
import type { FieldSection } from './field-section.ts';
import { TOO_MANY_FIELDS } from './head-error.ts';

export const OPTION_CLOSE = 1;
export const OPTION_KEEP_ALIVE = 2;
export const OPTION_UPGRADE = 4;
export const OPTION_TE = 8;

/** Each option is looked for among all fields: their number has to be bounded. */
const OPTIONS_MAX = 64;
const COMMA = 0x2c;
const CLOSE = octetsOf('close');
const KEEP_ALIVE = octetsOf('keep-alive');
const UPGRADE = octetsOf('upgrade');
const TE = octetsOf('te');

/** 1: has a meaning of its own in framing and is never nominated away. */
const PROTECTED: Uint8Array = new Uint8Array(256);
PROTECTED[FIELD.host] = 1;
PROTECTED[FIELD['content-length']] = 1;
PROTECTED[FIELD['transfer-encoding']] = 1;
PROTECTED[FIELD.connection] = 1;

/**
 * Bits of `OPTION_*` over all Connection lines, 0 when there is none; `TOO_MANY_FIELDS` when there
 * are more options than anyone needs.
 */
export function readConnectionOptions(section: FieldSection): number {
  let options = 0;
  let count = 0;
  const first = section.find(FIELD.connection);
  if (first < 0) return 0;
  for (let index = first; index < section.count; index += 1) {
    if (section.ids[index] !== FIELD.connection) continue;
    const end = section.valueEnd(index);
    for (let at = section.valueStart(index); at < end; ) {
      const stop = optionEnd(section.bytes, at, end);
      count += 1;
      if (count > OPTIONS_MAX) return TOO_MANY_FIELDS;
      options |= readElement(section, at, stop);
      at = stop + 1;
    }
  }
  return options;
}

function optionEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== COMMA) at += 1;
  return at;
}

/** One element of the list; elements may be empty (RFC 9110 section 5.6.1.2). */
function readElement(section: FieldSection, start: number, end: number): number {
  const bytes = section.bytes;
  let first = start;
  let last = end;
  while (first < last && isBlank(bytes[first] as number)) first += 1;
  while (last > first && isBlank(bytes[last - 1] as number)) last -= 1;
  return last > first ? readOption(section, first, last) : 0;
}

function readOption(section: FieldSection, start: number, end: number): number {
  const bytes = section.bytes;
  if (equalsIgnoringCase(bytes, start, end, KEEP_ALIVE)) return OPTION_KEEP_ALIVE;
  if (equalsIgnoringCase(bytes, start, end, CLOSE)) return OPTION_CLOSE;
  if (equalsIgnoringCase(bytes, start, end, UPGRADE)) return OPTION_UPGRADE;
  if (equalsIgnoringCase(bytes, start, end, TE)) return OPTION_TE;
  nominate(section, start, end);
  return 0;
}

function nominate(section: FieldSection, start: number, end: number): void {
  const name = copyOctets(section.bytes, start, end);
  for (let index = 0; index < name.length; index += 1) {
    const octet = name[index] as number;
    if (octet >= 0x41 && octet <= 0x5a) name[index] = octet + 0x20;
  }
  for (let index = section.findName(name, 0); index >= 0; ) {
    const id = section.ids[index] as number;
    if (PROTECTED[id] === 0) {
      section.ids[index] = FIELD_NOMINATED;
      if (id < 32) section.seen &= ~(1 << id);
    }
    index = section.findName(name, index + 1);
  }
}

function isBlank(octet: number): boolean {
  return octet === SP || octet === HTAB;
}
