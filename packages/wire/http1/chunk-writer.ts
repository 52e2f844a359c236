/**
 * Writes the framing of a chunked body around data that is sent as it is (RFC 9112 section 7.1).
 */
import { FIELD, HOP_BY_HOP } from '../field-names.ts';
import type { Output } from '../output.ts';
import type { FieldSection } from './field-section.ts';
import { WRITE_NO_ROOM } from './request-writer.ts';

/** Room that `writeChunkStart` and `writeChunkEnd` need together. */
export const CHUNK_FRAME_BYTES_MAX = 18;
/** Room that the last chunk needs beside its trailer fields. */
const LAST_CHUNK_BYTES = 5;

/** Fields that may not come after the body: they frame, route or authenticate (RFC 9110 6.5.1). */
const NOT_IN_TRAILERS: Uint8Array = HOP_BY_HOP.slice();
for (const name of [
  'host',
  'content-length',
  'expect',
  'trailer',
  'authorization',
  'cookie',
  'set-cookie',
  'content-type',
  'content-encoding',
  'cache-control',
  'range',
] as const) {
  NOT_IN_TRAILERS[FIELD[name]] = 1;
}

/** Before `size` octets of data; `size` is at least 1: 0 would end the body. */
export function writeChunkStart(out: Output, size: number): void {
  out.hexadecimal(size);
  out.lineBreak();
}

/** After the data of a chunk. */
export function writeChunkEnd(out: Output): void {
  out.lineBreak();
}

/** Ends the body. Trailer fields that may change framing or routing are left out. */
export function writeLastChunk(out: Output, trailers: FieldSection): number {
  const { bytes, count } = trailers;
  const size = count === 0 ? 0 : trailers.linesEnd - trailers.linesStart;
  if (!out.hasRoom(size + LAST_CHUNK_BYTES)) return WRITE_NO_ROOM;
  out.text('0\r\n');
  for (let index = 0; index < count; index += 1) {
    if (NOT_IN_TRAILERS[trailers.ids[index] as number] === 1) continue;
    const stop = index + 1 < count ? trailers.nameStart(index + 1) : trailers.linesEnd;
    out.range(bytes, trailers.nameStart(index), stop);
  }
  out.lineBreak();
  return out.at;
}
