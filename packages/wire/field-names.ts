/**
 * Names of fields that a proxy acts on, each with a small integer id.
 *
 * Ids below 32 fit a bit mask; those that decide framing and routing come first.
 * Source: the IANA HTTP Field Name Registry; hop-by-hop per RFC 9110 section 7.6.1.
 */
import { NameTable } from './name-table.ts';
import { copyOctets } from './octets.ts';

export const FIELD_UNKNOWN = 0;
/** A field that the Connection field nominated: it was for us alone, and counts as absent. */
export const FIELD_NOMINATED = 255;

/** `_` where a name that endpoints trust has `-`: many frameworks take one for the other. */
export const FIELD_ALIAS = 254;

const NAMES = [
  '',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'keep-alive',
  'proxy-connection',
  'http2-settings',
  'date',
  'server',
  'via',
  'content-type',
  'cookie',
  'set-cookie',
  'authorization',
  'origin',
  'user-agent',
  'referer',
  'location',
  'accept-encoding',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'forwarded',
  'x-request-id',
  'traceparent',
  'tracestate',
  'accept',
  'accept-language',
  'access-control-request-method',
  'access-control-request-headers',
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-allow-credentials',
  'access-control-expose-headers',
  'access-control-max-age',
  'cache-control',
  'content-encoding',
  'etag',
  'last-modified',
  'if-none-match',
  'if-modified-since',
  'vary',
  'x-real-ip',
  'range',
] as const;

type KnownName = Exclude<(typeof NAMES)[number], ''>;

/** Id of a known name: `FIELD['content-length']`. */
export const FIELD: { readonly [name in KnownName]: number } = Object.freeze(
  Object.fromEntries(NAMES.map((name, id) => [name, id]).slice(1)),
) as { readonly [name in KnownName]: number };

/** 1: removed before a message is sent on, whatever Connection says. Indexed by field id. */
export const HOP_BY_HOP: Uint8Array = new Uint8Array(256);
for (const name of [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
] as const) {
  HOP_BY_HOP[FIELD[name]] = 1;
}
HOP_BY_HOP[FIELD_NOMINATED] = 1;
HOP_BY_HOP[FIELD_ALIAS] = 1;

/** 1: framing, or identity that a proxy vouches for. Indexed by field id. */
const TRUSTED: Uint8Array = new Uint8Array(256);
for (const name of [
  'content-length',
  'transfer-encoding',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-real-ip',
] as const) {
  TRUSTED[FIELD[name]] = 1;
}
const UNDERSCORE = 0x5f;
const HYPHEN = 0x2d;

const TABLE = new NameTable(NAMES.slice(1), true);

/**
 * Id of the name at `bytes[start, end)`, which holds only token characters; 0: not known;
 * `FIELD_ALIAS`: a trusted name in disguise.
 */
export function fieldId(bytes: Uint8Array, start: number, end: number): number {
  const id = TABLE.find(bytes, start, end);
  return id === FIELD_UNKNOWN && isAlias(bytes, start, end) ? FIELD_ALIAS : id;
}

function isAlias(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end && bytes[at] !== UNDERSCORE) at += 1;
  if (at === end) return false;
  const name = copyOctets(bytes, start, end);
  for (let index = 0; index < name.length; index += 1) {
    if (name[index] === UNDERSCORE) name[index] = HYPHEN;
  }
  return TRUSTED[TABLE.find(name, 0, name.length)] === 1;
}

/** The name of an id in lower case; empty for unknown ids. */
export function fieldName(id: number): string {
  return NAMES[id] ?? '';
}
