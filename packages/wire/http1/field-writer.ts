/**
 * Writes field lines: copies what stays in as few ranges as possible, leaves out what must go.
 *
 * Framing and hop-by-hop fields are never copied: each message gets exactly one framing, ours
 * (RFC 9110 section 7.6.1). They are dropped before any field of our own is added.
 */
import { FIELD, FIELD_UNKNOWN, HOP_BY_HOP } from '../field-names.ts';
import type { AppendedLine, HeaderEdits } from '../header-edits.ts';
import { equalsIgnoringCase } from '../octets.ts';
import type { Output } from '../output.ts';
import type { FieldSection } from './field-section.ts';

/** 1: never copied. */
export const DROP_FRAMING: Uint8Array = HOP_BY_HOP.slice();
DROP_FRAMING[FIELD['content-length']] = 1;
/** Where Host is written anew. */
export const DROP_HOST: Uint8Array = DROP_FRAMING.slice();
DROP_HOST[FIELD.host] = 1;

export interface FieldRules {
  /** Applied one after the other: a later one also edits what an earlier one added. */
  edits: readonly HeaderEdits[];
  /** Ids that are not copied; the writer of the head chooses it. */
  drop: Uint8Array;
}

/** Octets that the edits can add. */
export function editBytesMax(edits: readonly HeaderEdits[]): number {
  let size = 0;
  for (const edit of edits) size += edit.append.length;
  return size;
}

/**
 * Writes the section's lines from offset `from` (its first line, or the first line of the head
 * before it when that is to be copied too) with edits applied, without the empty line.
 */
export function writeFields(
  out: Output,
  section: FieldSection,
  from: number,
  rules: FieldRules,
): void {
  const { bytes, ids, count } = section;
  const { drop, edits } = rules;
  let start = from;
  for (let index = 0; index < count; index += 1) {
    if (drop[ids[index] as number] === 0 && !isOmitted(section, index, edits)) continue;
    const stop = section.nameStart(index);
    if (stop > start) out.range(bytes, start, stop);
    start = index + 1 < count ? section.nameStart(index + 1) : section.linesEnd;
  }
  if (section.linesEnd > start) out.range(bytes, start, section.linesEnd);
  for (let step = 0; step < edits.length; step += 1) writeAppended(out, edits, step);
}

function isOmitted(section: FieldSection, index: number, edits: readonly HeaderEdits[]): boolean {
  const id = section.ids[index] as number;
  for (let step = 0; step < edits.length; step += 1) {
    const edit = edits[step] as HeaderEdits;
    if (!edit.omits) continue;
    if (id !== FIELD_UNKNOWN) {
      if (edit.omitIds[id] === 1) return true;
      continue;
    }
    for (const name of edit.omitNames) {
      if (equalsIgnoringCase(section.bytes, section.nameStart(index), section.nameEnd(index), name))
        return true;
    }
  }
  return false;
}

function writeAppended(out: Output, edits: readonly HeaderEdits[], step: number): void {
  const { append, appended } = edits[step] as HeaderEdits;
  if (append.length === 0) return;
  if (!omitsLater(edits, step + 1)) {
    out.range(append, 0, append.length);
    return;
  }
  for (const line of appended) {
    if (!isEditedAway(line, edits, step + 1)) out.range(line.line, 0, line.line.length);
  }
}

function omitsLater(edits: readonly HeaderEdits[], from: number): boolean {
  for (let step = from; step < edits.length; step += 1) {
    if ((edits[step] as HeaderEdits).omits) return true;
  }
  return false;
}

function isEditedAway(line: AppendedLine, edits: readonly HeaderEdits[], from: number): boolean {
  for (let step = from; step < edits.length; step += 1) {
    const edit = edits[step] as HeaderEdits;
    if (line.id !== FIELD_UNKNOWN) {
      if (edit.omitIds[line.id] === 1) return true;
      continue;
    }
    for (const name of edit.omitNames) {
      if (equalsIgnoringCase(line.name, 0, line.name.length, name)) return true;
    }
  }
  return false;
}
