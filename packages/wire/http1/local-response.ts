/**
 * Writes a whole response of our own: redirects, errors, CORS preflights.
 */
import { isFieldName, isFieldValue } from '../header-edits.ts';
import type { Output } from '../output.ts';
import { reasonPhrase } from '../status-codes.ts';
import { WRITE_INVALID, WRITE_NO_ROOM } from './request-writer.ts';

export interface LocalResponse {
  /** 200 to 599. */
  readonly statusCode: number;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly body: Uint8Array;
}

/** What the exchange adds to a response of our own. */
export interface LocalContext {
  /** Value for Date; empty: no Date field. */
  readonly date: string;
  /** The request was HEAD: the body is announced and not sent. */
  readonly isHead: boolean;
  readonly closes: boolean;
  /** The client speaks HTTP/1.0: a connection that stays has to be announced. */
  readonly isHttp10: boolean;
}

/**
 * Writes head and body. Returns the offset after them, `WRITE_NO_ROOM`, or `WRITE_INVALID` when a
 * field can't be sent safely; then nothing was written.
 */
export function writeLocalResponse(
  out: Output,
  response: LocalResponse,
  context: LocalContext,
): number {
  let size = 160 + context.date.length + response.body.length;
  for (const { name, value } of response.fields) {
    if (!isFieldName(name) || !isFieldValue(value)) return WRITE_INVALID;
    size += name.length + value.length + 4;
  }
  if (!out.hasRoom(size)) return WRITE_NO_ROOM;
  const { statusCode } = response;
  out.text(`HTTP/1.1 ${statusCode} ${reasonPhrase(statusCode)}\r\n`);
  if (context.date !== '') out.text(`Date: ${context.date}\r\n`);
  for (const { name, value } of response.fields) out.text(`${name}: ${value}\r\n`);
  const isBodiless = statusCode === 204 || statusCode === 304;
  if (!isBodiless) out.text(`Content-Length: ${response.body.length}\r\n`);
  if (context.closes) out.text('Connection: close\r\n');
  else if (context.isHttp10) out.text('Connection: keep-alive\r\n');
  out.lineBreak();
  if (!isBodiless && !context.isHead) out.range(response.body, 0, response.body.length);
  return out.at;
}
