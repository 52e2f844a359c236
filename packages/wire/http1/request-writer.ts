/**
 * Writes a request head for an upstream: origin form, one Host, one framing, no hop-by-hop field
 * but our own. Unchanged octets are copied in ranges.
 */
import { FIELD } from '../field-names.ts';
import type { HeaderEdits } from '../header-edits.ts';
import { methodName } from '../methods.ts';
import type { Output } from '../output.ts';
import {
  DROP_FRAMING,
  DROP_HOST,
  editBytesMax,
  type FieldRules,
  writeFields,
} from './field-writer.ts';
import { FRAMING_CHUNKED, FRAMING_LENGTH } from './framing.ts';
import { type RequestHead, TARGET_ORIGIN, UPGRADE_NONE } from './request-head.ts';

const NO_EDITS: readonly HeaderEdits[] = Object.freeze([]);
/** Version, Host, framing, Connection, Upgrade and TE with their names. */
const OWN_BYTES_MAX = 256;

export const WRITE_NO_ROOM = 0;
export const WRITE_INVALID = -1;

/** What changes on the way. Reusable; set every property for each request. */
export class RequestHeadPlan implements FieldRules {
  /** Path and query instead of those received; empty: unchanged. */
  target = '';
  /** Host instead of the one received; empty: unchanged. Goes before `edits`' own. */
  host = '';
  /** Offer the client's Upgrade on. */
  forwardsUpgrade = false;
  edits: readonly HeaderEdits[] = NO_EDITS;
  drop: Uint8Array = DROP_FRAMING;
}

/**
 * Writes the head with its empty line. Returns the offset after it; `WRITE_NO_ROOM`: nothing was
 * written, a larger buffer is needed; `WRITE_INVALID`: target or host of the plan hold octets
 * that can't be sent, nothing was written.
 */
export function writeRequestHead(out: Output, head: RequestHead, plan: RequestHeadPlan): number {
  const host = plan.host === '' ? editedHost(plan.edits) : plan.host;
  if (!isVisible(plan.target) || !isVisible(host)) return WRITE_INVALID;
  const target = plan.target.length + (head.targetEnd - head.targetStart);
  const received = head.end - head.start + (head.hostEnd - head.hostStart);
  const added = editBytesMax(plan.edits) + host.length + OWN_BYTES_MAX;
  if (!out.hasRoom(received + target + added)) return WRITE_NO_ROOM;

  const isLineKept =
    plan.target === '' && head.targetBytes === head.bytes && head.targetForm === TARGET_ORIGIN;
  const isHostKept =
    host === '' && head.fields.find(FIELD.host) >= 0 && head.targetForm === TARGET_ORIGIN;
  let from = head.fields.linesStart;
  if (isLineKept && isHostKept && head.minorVersion === 1) from = head.start;
  else writeRequestLine(out, head, plan.target);
  if (!isHostKept) writeHost(out, head, host);
  plan.drop = isHostKept ? DROP_FRAMING : DROP_HOST;
  writeFields(out, head.fields, from, plan);
  writeOwnFields(out, head, plan.forwardsUpgrade);
  out.lineBreak();
  return out.at;
}

function writeRequestLine(out: Output, head: RequestHead, target: string): void {
  out.text(methodName(head.method));
  out.text(' ');
  if (target === '') out.range(head.targetBytes, head.targetStart, head.targetEnd);
  else out.text(target);
  out.text(' HTTP/1.1\r\n');
}

function writeHost(out: Output, head: RequestHead, host: string): void {
  out.text('Host: ');
  if (host === '') out.range(head.bytes, head.hostStart, head.hostEnd);
  else out.text(host);
  out.lineBreak();
}

function writeOwnFields(out: Output, head: RequestHead, forwardsUpgrade: boolean): void {
  if (head.framing === FRAMING_LENGTH) {
    out.text('Content-Length: ');
    out.decimal(head.contentLength);
    out.lineBreak();
  } else if (head.framing === FRAMING_CHUNKED) {
    out.text('Transfer-Encoding: chunked\r\n');
  }
  if (forwardsUpgrade && head.upgrade !== UPGRADE_NONE) {
    const index = head.fields.find(FIELD.upgrade);
    out.text('Connection: Upgrade\r\nUpgrade: ');
    out.range(head.bytes, head.fields.valueStart(index), head.fields.valueEnd(index));
    out.lineBreak();
  } else if (head.acceptsTrailers) {
    out.text('Connection: TE\r\nTE: trailers\r\n');
  }
}

function editedHost(edits: readonly HeaderEdits[]): string {
  let host = '';
  for (const edit of edits) if (edit.host !== '') host = edit.host;
  return host;
}

/** Visible US-ASCII only: nothing that could end the line or the target. */
function isVisible(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code <= 0x20 || code >= 0x7f) return false;
  }
  return true;
}
