/**
 * Edits of header fields, compiled once per rule so that applying them needs no strings.
 *
 * Semantics of the Gateway API header filters: `set` replaces every field of a name, `add` adds a
 * line, `remove` removes. Several filters in a row become one `HeaderEdits`. Fields that frame a
 * message or manage a connection are the codec's own and can't be edited (`refused`).
 */
import { parseAuthority } from './authority.ts';
import { FIELD, fieldId, HOP_BY_HOP } from './field-names.ts';
import { FIELD_TEXT, octetsOf, TOKEN } from './octets.ts';

export interface HeaderChanges {
  readonly set: readonly { readonly name: string; readonly value: string }[];
  readonly add: readonly { readonly name: string; readonly value: string }[];
  readonly remove: readonly string[];
}

export interface AppendedLine {
  /** `FIELD` id; 0: see `name`. */
  readonly id: number;
  /** Lower case. */
  readonly name: Uint8Array;
  /** `Name: value` with its CRLF. */
  readonly line: Uint8Array;
}

export interface HeaderEdits {
  /** Whether any field is left out: the next two are empty where not. */
  readonly omits: boolean;
  /** 1: fields with this id are left out. Indexed by field id. */
  readonly omitIds: Uint8Array;
  /** Lower-case names without an id whose fields are left out. */
  readonly omitNames: readonly Uint8Array[];
  readonly appended: readonly AppendedLine[];
  /** All lines of `appended`. */
  readonly append: Uint8Array;
  /** Value for Host; empty: unchanged. Host can't be removed. */
  readonly host: string;
  /** Names and values that were left out because they can't be sent safely. */
  readonly refused: readonly string[];
}

/** Compiles changes that apply one after the other. Total: what is unsafe ends in `refused`. */
export function compileHeaderEdits(steps: readonly HeaderChanges[]): HeaderEdits {
  const omitted = new Set<string>();
  const refused: string[] = [];
  let lines: { readonly name: string; readonly line: string }[] = [];
  let host = '';
  for (const { set, add, remove } of steps) {
    for (const { name, value, adds } of changesOf(set, add, remove)) {
      const lowerName = name.toLowerCase();
      if (!isSafe(lowerName, value)) {
        refused.push(name);
      } else if (lowerName === 'host') {
        if (value === undefined || !isAuthority(value)) refused.push(name);
        else host = value;
      } else {
        if (!adds) {
          omitted.add(lowerName);
          lines = lines.filter((line) => line.name !== lowerName);
        }
        if (value !== undefined) lines.push({ name: lowerName, line: `${name}: ${value}\r\n` });
      }
    }
  }
  return freezeEdits(omitted, lines, host, refused);
}

interface Change {
  readonly name: string;
  readonly value: string | undefined;
  readonly adds: boolean;
}

function changesOf(
  set: HeaderChanges['set'],
  add: HeaderChanges['add'],
  remove: readonly string[],
): Change[] {
  return [
    ...set.map(({ name, value }) => ({ name, value, adds: false })),
    ...add.map(({ name, value }) => ({ name, value, adds: true })),
    ...remove.map((name) => ({ name, value: undefined, adds: false })),
  ];
}

function isSafe(lowerName: string, value: string | undefined): boolean {
  return (
    isFieldName(lowerName) && !isOwn(lowerName) && (value === undefined || isFieldValue(value))
  );
}

function isAuthority(value: string): boolean {
  return parseAuthority(octetsOf(value), 0, value.length) > 0;
}

/** Is the text a token (RFC 9110 section 5.1)? */
export function isFieldName(text: string): boolean {
  return text.length > 0 && everyOctet(text, TOKEN);
}

/** Can the text be sent as a field value: no control characters, nothing above 255? */
export function isFieldValue(text: string): boolean {
  return everyOctet(text, FIELD_TEXT);
}

function everyOctet(text: string, members: Uint8Array): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (members[text.charCodeAt(index)] !== 1) return false;
  }
  return true;
}

function isOwn(lowerName: string): boolean {
  const id = idOf(lowerName);
  return HOP_BY_HOP[id] === 1 || id === FIELD['content-length'] || id === FIELD.trailer;
}

function idOf(lowerName: string): number {
  return fieldId(octetsOf(lowerName), 0, lowerName.length);
}

function freezeEdits(
  omitted: ReadonlySet<string>,
  lines: readonly { readonly name: string; readonly line: string }[],
  host: string,
  refused: readonly string[],
): HeaderEdits {
  const omitIds = new Uint8Array(256);
  const omitNames: Uint8Array[] = [];
  for (const name of omitted) {
    const id = idOf(name);
    if (id === 0) omitNames.push(octetsOf(name));
    else omitIds[id] = 1;
  }
  const appended = lines.map(({ name, line }) => ({
    id: idOf(name),
    name: octetsOf(name),
    line: octetsOf(line),
  }));
  const append = octetsOf(lines.map(({ line }) => line).join(''));
  const omits = omitted.size > 0;
  return Object.freeze({ omits, omitIds, omitNames, appended, append, host, refused });
}
