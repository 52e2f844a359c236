/**
 * Octets <-> events: HTTP/1.1 messages read and written in place. Pure; see README.md.
 */

export {
  FIELD,
  FIELD_ALIAS,
  FIELD_NOMINATED,
  FIELD_UNKNOWN,
  fieldId,
  fieldName,
} from './field-names.ts';
export * from './header-edits.ts';
export { BodyReader, readBody } from './http1/body-reader.ts';
export * from './http1/chunk-writer.ts';
export { FieldSection } from './http1/field-section.ts';
export * from './http1/framing.ts';
export { type HeadError, headError } from './http1/head-error.ts';
export * from './http1/local-response.ts';
export {
  RequestHead,
  TARGET_ABSOLUTE,
  TARGET_ASTERISK,
  TARGET_ORIGIN,
  UPGRADE_NONE,
  UPGRADE_OTHER,
  UPGRADE_WEBSOCKET,
} from './http1/request-head.ts';
export { parseRequestHead } from './http1/request-parser.ts';
export {
  RequestHeadPlan,
  WRITE_INVALID,
  WRITE_NO_ROOM,
  writeRequestHead,
} from './http1/request-writer.ts';
export { ResponseHead } from './http1/response-head.ts';
export { parseResponseHead } from './http1/response-parser.ts';
export * from './http1/response-writer.ts';
export { DEFAULT_LIMITS, type WireLimits } from './limits.ts';
export { METHOD, type Method, methodName } from './methods.ts';
export { equalsIgnoringCase, LOWER_CASE, octetsOf, textOf } from './octets.ts';
export { Output } from './output.ts';
export { reasonPhrase } from './status-codes.ts';
