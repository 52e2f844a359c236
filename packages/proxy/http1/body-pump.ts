/** Moves a body from its reader to a sink, as far as the bytes at hand go. */
import { type BodyReader, readBody } from '@sluice/wire';
import type { BodySink } from '../codec.ts';

export interface ByteRange {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the offset after what was consumed, or a code below 0. Calls `finish` when the body is
 * complete, and never `flush`.
 */
export function pumpBody(reader: BodyReader, range: ByteRange, sink: BodySink): number {
  const { bytes, end } = range;
  let at = range.start;
  while (at < end && !reader.isDone) {
    at = readBody(reader, bytes, at, end);
    if (at < 0) return at;
    if (reader.dataEnd > reader.dataStart) sink.write(bytes, reader.dataStart, reader.dataEnd);
  }
  if (reader.isDone) sink.finish(reader.trailers);
  return at;
}

/** For a body that nobody wants. */
export const discardingSink: BodySink = {
  write() {},
  finish() {},
  flush: () => true,
};
