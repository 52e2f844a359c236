/**
 * Writes a response head for a client: one framing, no hop-by-hop field but our own. Unchanged
 * octets are copied in ranges.
 */
import { FIELD } from '../field-names.ts';
import type { HeaderEdits } from '../header-edits.ts';
import { SP } from '../octets.ts';
import type { Output } from '../output.ts';
import { DROP_FRAMING, editBytesMax, type FieldRules, writeFields } from './field-writer.ts';
import { FRAMING_CHUNKED, FRAMING_LENGTH, FRAMING_NONE, FRAMING_UNTIL_CLOSE } from './framing.ts';
import { WRITE_NO_ROOM } from './request-writer.ts';
import type { ResponseHead } from './response-head.ts';

export const CONNECTION_DEFAULT = 0;
export const CONNECTION_CLOSE = 1;
/** Said to HTTP/1.0 clients, for whom it is not the default. */
export const CONNECTION_KEEP_ALIVE = 2;
/** After 101 only: the upstream's Upgrade is sent on. */
export const CONNECTION_UPGRADE = 3;

const NO_EDITS: readonly HeaderEdits[] = Object.freeze([]);
const OWN_BYTES_MAX = 256;
const VERSION_LENGTH = 8;
/** Length of `HTTP/1.1 200`. */
const STATUS_LENGTH = 12;

/** What changes on the way. Reusable; set every property for each response. */
export class ResponseHeadPlan implements FieldRules {
  /** How the client will find the end of the body; see `downstreamFraming`. */
  framing = FRAMING_NONE;
  connection = CONNECTION_DEFAULT;
  edits: readonly HeaderEdits[] = NO_EDITS;
  drop: Uint8Array = DROP_FRAMING;
}

/** The framing to use towards a client of this minor version for a parsed response. */
export function downstreamFraming(head: ResponseHead, clientMinorVersion: number): number {
  if (clientMinorVersion === 0) {
    return head.framing === FRAMING_CHUNKED ? FRAMING_UNTIL_CLOSE : head.framing;
  }
  return head.framing === FRAMING_UNTIL_CLOSE ? FRAMING_CHUNKED : head.framing;
}

/** Writes the head with its empty line. Returns the offset after it, or `WRITE_NO_ROOM`. */
export function writeResponseHead(out: Output, head: ResponseHead, plan: ResponseHeadPlan): number {
  const size = head.end - head.start + editBytesMax(plan.edits) + OWN_BYTES_MAX;
  if (!out.hasRoom(size)) return WRITE_NO_ROOM;
  const from = writeStatusLine(out, head);
  writeFields(out, head.fields, from, plan);
  writeFraming(out, head, plan.framing);
  writeConnection(out, head, plan.connection);
  out.lineBreak();
  return out.at;
}

/** Returns where copying goes on: the line is copied with the fields when it is right as it is. */
function writeStatusLine(out: Output, head: ResponseHead): number {
  const { bytes, start, fields } = head;
  const hasPhrase = bytes[start + STATUS_LENGTH] === SP;
  if (head.minorVersion === 1 && hasPhrase) return start;
  out.text('HTTP/1.1');
  if (hasPhrase) return start + VERSION_LENGTH;
  out.range(bytes, start + VERSION_LENGTH, start + STATUS_LENGTH);
  // The SP is due even before an empty phrase (RFC 9112 section 4).
  out.text(' \r\n');
  return fields.linesStart;
}

function writeFraming(out: Output, head: ResponseHead, framing: number): void {
  if (framing === FRAMING_CHUNKED) {
    out.text('Transfer-Encoding: chunked\r\n');
    return;
  }
  // Without a body, Content-Length still says what GET would bring (RFC 9110 section 8.6).
  const saysLength = head.statusCode >= 200 && head.statusCode !== 204 && head.declaredLength >= 0;
  if ((framing === FRAMING_LENGTH || framing === FRAMING_NONE) && saysLength) {
    out.text('Content-Length: ');
    out.decimal(head.declaredLength);
    out.lineBreak();
  }
}

function writeConnection(out: Output, head: ResponseHead, connection: number): void {
  if (connection === CONNECTION_CLOSE) out.text('Connection: close\r\n');
  else if (connection === CONNECTION_KEEP_ALIVE) out.text('Connection: keep-alive\r\n');
  else if (connection === CONNECTION_UPGRADE) {
    out.text('Connection: Upgrade\r\n');
    const index = head.fields.find(FIELD.upgrade);
    if (index < 0) return;
    out.text('Upgrade: ');
    out.range(head.bytes, head.fields.valueStart(index), head.fields.valueEnd(index));
    out.lineBreak();
  }
}
