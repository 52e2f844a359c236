/**
 * What can be wrong with a message head or body, and what to answer.
 *
 * A code is a negative integer, so that a parser returns either an offset or a code. Every code
 * ends the connection: after a framing error nothing that follows can be trusted.
 * Source: RFC 9112 sections 2.2, 3, 5, 6, 7; RFC 9110 section 15.
 */

export const BARE_LINE_BREAK = -1;
export const INVALID_METHOD = -2;
export const UNKNOWN_METHOD = -3;
export const INVALID_TARGET = -4;
export const TARGET_TOO_LONG = -5;
export const INVALID_VERSION = -6;
export const UNSUPPORTED_VERSION = -7;
export const INVALID_FIELD_NAME = -8;
export const SPACE_BEFORE_COLON = -9;
export const OBSOLETE_FOLD = -10;
export const INVALID_FIELD_VALUE = -11;
export const HEAD_TOO_LARGE = -12;
export const TOO_MANY_FIELDS = -13;
export const MISSING_HOST = -14;
export const REPEATED_HOST = -15;
export const INVALID_HOST = -16;
export const INVALID_CONTENT_LENGTH = -17;
export const REPEATED_CONTENT_LENGTH = -18;
export const UNSUPPORTED_TRANSFER_CODING = -19;
export const AMBIGUOUS_FRAMING = -20;
export const TRANSFER_CODING_IN_HTTP10 = -21;
export const INVALID_PERCENT_ENCODING = -22;
export const TARGET_ABOVE_ROOT = -23;
export const CONNECT_UNSUPPORTED = -24;
export const INVALID_STATUS_LINE = -25;
export const INVALID_CHUNK_SIZE = -26;
export const INVALID_CHUNK_EXTENSION = -27;
export const CHUNK_EXTENSIONS_TOO_LARGE = -28;
export const INVALID_CHUNK_END = -29;
export const TRAILERS_TOO_LARGE = -30;
export const FORBIDDEN_TRAILER = -31;
export const BODY_IN_INTERIM = -32;

/** What a client is told. The same code in a response from an upstream means 502. */
export interface HeadError {
  readonly statusCode: 400 | 413 | 414 | 431 | 501 | 505;
  /** Stable, in kebab case: for logs and metrics. */
  readonly reason: string;
}

const ERRORS: ReadonlyMap<number, HeadError> = new Map([
  [BARE_LINE_BREAK, { statusCode: 400, reason: 'bare-line-break' }],
  [INVALID_METHOD, { statusCode: 400, reason: 'invalid-method' }],
  [UNKNOWN_METHOD, { statusCode: 501, reason: 'unknown-method' }],
  [INVALID_TARGET, { statusCode: 400, reason: 'invalid-target' }],
  [TARGET_TOO_LONG, { statusCode: 414, reason: 'target-too-long' }],
  [INVALID_VERSION, { statusCode: 400, reason: 'invalid-version' }],
  [UNSUPPORTED_VERSION, { statusCode: 505, reason: 'unsupported-version' }],
  [INVALID_FIELD_NAME, { statusCode: 400, reason: 'invalid-field-name' }],
  [SPACE_BEFORE_COLON, { statusCode: 400, reason: 'space-before-colon' }],
  [OBSOLETE_FOLD, { statusCode: 400, reason: 'obsolete-fold' }],
  [INVALID_FIELD_VALUE, { statusCode: 400, reason: 'invalid-field-value' }],
  [HEAD_TOO_LARGE, { statusCode: 431, reason: 'head-too-large' }],
  [TOO_MANY_FIELDS, { statusCode: 431, reason: 'too-many-fields' }],
  [MISSING_HOST, { statusCode: 400, reason: 'missing-host' }],
  [REPEATED_HOST, { statusCode: 400, reason: 'repeated-host' }],
  [INVALID_HOST, { statusCode: 400, reason: 'invalid-host' }],
  [INVALID_CONTENT_LENGTH, { statusCode: 400, reason: 'invalid-content-length' }],
  [REPEATED_CONTENT_LENGTH, { statusCode: 400, reason: 'repeated-content-length' }],
  [UNSUPPORTED_TRANSFER_CODING, { statusCode: 400, reason: 'unsupported-transfer-coding' }],
  [AMBIGUOUS_FRAMING, { statusCode: 400, reason: 'ambiguous-framing' }],
  [TRANSFER_CODING_IN_HTTP10, { statusCode: 400, reason: 'transfer-coding-in-http10' }],
  [INVALID_PERCENT_ENCODING, { statusCode: 400, reason: 'invalid-percent-encoding' }],
  [TARGET_ABOVE_ROOT, { statusCode: 400, reason: 'target-above-root' }],
  [CONNECT_UNSUPPORTED, { statusCode: 501, reason: 'connect-unsupported' }],
  [INVALID_STATUS_LINE, { statusCode: 400, reason: 'invalid-status-line' }],
  [INVALID_CHUNK_SIZE, { statusCode: 400, reason: 'invalid-chunk-size' }],
  [INVALID_CHUNK_EXTENSION, { statusCode: 400, reason: 'invalid-chunk-extension' }],
  [CHUNK_EXTENSIONS_TOO_LARGE, { statusCode: 413, reason: 'chunk-extensions-too-large' }],
  [INVALID_CHUNK_END, { statusCode: 400, reason: 'invalid-chunk-end' }],
  [TRAILERS_TOO_LARGE, { statusCode: 431, reason: 'trailers-too-large' }],
  [BODY_IN_INTERIM, { statusCode: 400, reason: 'body-in-interim' }],
  [FORBIDDEN_TRAILER, { statusCode: 400, reason: 'forbidden-trailer' }],
]);

/** The answer for a code. Throws RangeError for a number that is not a code. */
export function headError(code: number): HeadError {
  const error = ERRORS.get(code);
  if (error === undefined) throw new RangeError(`no such head error: ${code}`);
  return error;
}
