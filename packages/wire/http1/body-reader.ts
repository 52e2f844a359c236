/**
 * Reads the body of one message: yields ranges of data in place and finds its end.
 *
 * Chunk sizes and extensions are checked and dropped; trailer fields are collected within limits.
 * Nothing of the body is ever held back or copied. Source: RFC 9112 sections 6.3 and 7.1.
 */
import type { WireLimits } from '../limits.ts';
import { CR, HEX_VALUE, LF } from '../octets.ts';
import {
  DATA_CR,
  isExtension,
  nextChunkState,
  SIZE,
  SIZE_END,
  SIZE_START,
} from './chunk-syntax.ts';
import { FieldSection, parseFieldLines } from './field-section.ts';
import {
  declaresFraming,
  FRAMING_CHUNKED,
  FRAMING_LENGTH,
  FRAMING_NONE,
  FRAMING_UNTIL_CLOSE,
} from './framing.ts';
import {
  CHUNK_EXTENSIONS_TOO_LARGE,
  FORBIDDEN_TRAILER,
  INVALID_CHUNK_SIZE,
  TRAILERS_TOO_LARGE,
} from './head-error.ts';
import { HeadProgress } from './head-progress.ts';

/** Beyond the states of chunk-syntax.ts. */
const CHUNK_DATA = 20;
const TRAILERS = 21;
/** Digits of a size, leading zeros included: below 2^53 in any case. */
const SIZE_DIGITS_MAX = 13;

const EMPTY = new Uint8Array(0);

/** Reusable: one per direction of a connection. */
export class BodyReader {
  readonly limits: WireLimits;
  framing = FRAMING_NONE;
  /** The whole body was read. Never true for `FRAMING_UNTIL_CLOSE`. */
  isDone = true;
  /** Data found by the last call of `readBody`, in the octets given to it; may be empty. */
  dataStart = 0;
  dataEnd = 0;
  /** Octets left of the body, or of the current chunk. */
  remaining = 0;
  /** Trailer fields, once `isDone`; they refer to octets of the reader's own. */
  readonly trailers: FieldSection;

  /** Progress between calls. */
  state = SIZE_START;
  sizeDigits = 0;
  extensionBytes = 0;
  trailerBytes: Uint8Array = EMPTY;
  trailerLength = 0;
  readonly progress: HeadProgress = new HeadProgress();

  constructor(limits: WireLimits) {
    this.limits = limits;
    this.trailers = new FieldSection(limits.fieldsMax);
  }

  /** Begins a body. `contentLength` counts for `FRAMING_LENGTH` only. */
  begin(framing: number, contentLength: number): void {
    this.framing = framing;
    this.remaining = framing === FRAMING_LENGTH ? contentLength : 0;
    this.isDone = framing === FRAMING_NONE || (framing === FRAMING_LENGTH && contentLength === 0);
    this.dataStart = this.dataEnd = 0;
    this.state = SIZE_START;
    this.sizeDigits = 0;
    this.extensionBytes = 0;
    this.trailerLength = 0;
    this.trailers.reset(EMPTY);
  }

  /** Is the body complete when the connection ends now? */
  isDoneAtClose(): boolean {
    return this.isDone || this.framing === FRAMING_UNTIL_CLOSE;
  }
}

/**
 * Reads on in `bytes[from, end)` up to the end of the next range of data, of the body, or of the
 * octets. Returns the offset where to go on, or a code of head-error.ts. Call it while the offset
 * is below `end` and `isDone` is false; after each call `bytes[dataStart, dataEnd)` is data.
 */
export function readBody(reader: BodyReader, bytes: Uint8Array, from: number, end: number): number {
  reader.dataStart = from;
  reader.dataEnd = from;
  if (reader.isDone) return from;
  if (reader.framing === FRAMING_UNTIL_CLOSE) {
    reader.dataEnd = end;
    return end;
  }
  if (reader.framing === FRAMING_CHUNKED) return readChunked(reader, bytes, from, end);
  const stop = takeData(reader, from, end);
  reader.isDone = reader.remaining === 0;
  return stop;
}

function takeData(reader: BodyReader, from: number, end: number): number {
  const taken = Math.min(reader.remaining, end - from);
  reader.remaining -= taken;
  reader.dataStart = from;
  reader.dataEnd = from + taken;
  return from + taken;
}

function readChunked(reader: BodyReader, bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    if (reader.state === TRAILERS) return readTrailers(reader, bytes, at, end);
    if (reader.state === CHUNK_DATA) {
      at = takeData(reader, at, end);
      if (reader.remaining === 0) reader.state = DATA_CR;
      return at;
    }
    const error = readSyntax(reader, bytes[at] as number);
    if (error < 0) return error;
    at += 1;
  }
  return at;
}

/** One octet of a size line or of the line break after the data. */
function readSyntax(reader: BodyReader, octet: number): number {
  const next = nextChunkState(reader.state, octet);
  if (next < 0) return next;
  reader.state = next;
  if (next === SIZE) {
    reader.sizeDigits += 1;
    if (reader.sizeDigits > SIZE_DIGITS_MAX) return INVALID_CHUNK_SIZE;
    reader.remaining = reader.remaining * 16 + (HEX_VALUE[octet] as number);
  } else if (next === SIZE_END) {
    reader.sizeDigits = 0;
    reader.state = reader.remaining === 0 ? TRAILERS : CHUNK_DATA;
  } else if (isExtension(next)) {
    reader.extensionBytes += 1;
    if (reader.extensionBytes > reader.limits.chunkExtensionBytesMax) {
      return CHUNK_EXTENSIONS_TOO_LARGE;
    }
  }
  return 0;
}

/** Trailer fields, or only the empty line that ends a chunked body. */
function readTrailers(reader: BodyReader, bytes: Uint8Array, at: number, end: number): number {
  if (reader.trailerLength === 0 && bytes[at] === CR && at + 1 < end && bytes[at + 1] === LF) {
    reader.isDone = true;
    return at + 2;
  }
  const before = reader.trailerLength;
  const bytesMax = reader.limits.trailerBytesMax;
  const taken = Math.min(end - at, bytesMax - before);
  if (reader.trailerBytes.length === 0) reader.trailerBytes = new Uint8Array(bytesMax);
  reader.trailerBytes.set(bytes.subarray(at, at + taken), before);
  reader.trailerLength = before + taken;
  const stop = parseTrailers(reader, before === 0);
  if (stop < 0) return stop;
  if (stop === 0) return reader.trailerLength === bytesMax ? TRAILERS_TOO_LARGE : end;
  // A peer that takes these for fields of the head would frame the message anew.
  if (declaresFraming(reader.trailers)) return FORBIDDEN_TRAILER;
  reader.isDone = true;
  return at + (stop - before);
}

function parseTrailers(reader: BodyReader, isFirst: boolean): number {
  const { trailers, progress, trailerLength } = reader;
  if (isFirst) {
    trailers.reset(reader.trailerBytes);
    trailers.resumeAt = 0;
    trailers.linesStart = 0;
    progress.begin(0);
  } else if (
    !progress.hasNewLine(reader.trailerBytes, trailerLength, reader.limits.trailerBytesMax)
  ) {
    return 0;
  }
  const stop = parseFieldLines(trailers, trailers.resumeAt, trailerLength);
  if (stop === 0) progress.pause(trailerLength);
  return stop;
}
