/**
 * Request methods that are let through; every other token is answered 501.
 *
 * A closed list: whether a message has a body, may be retried or is a tunnel depends on its
 * method, and an endpoint that reads an unknown method differently would see other requests than
 * we routed. Source: the IANA HTTP Method Registry, and methods in common use.
 */
import { NameTable } from './name-table.ts';

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'CONNECT',
  'ACL',
  'BIND',
  'CHECKOUT',
  'COPY',
  'LINK',
  'LOCK',
  'M-SEARCH',
  'MERGE',
  'MKACTIVITY',
  'MKCALENDAR',
  'MKCOL',
  'MOVE',
  'NOTIFY',
  'PROPFIND',
  'PROPPATCH',
  'PURGE',
  'QUERY',
  'REBIND',
  'REPORT',
  'SEARCH',
  'SUBSCRIBE',
  'UNBIND',
  'UNLINK',
  'UNLOCK',
  'UNSUBSCRIBE',
] as const;

export type Method = (typeof METHODS)[number];

/** Id of a method: `METHOD.GET`. */
export const METHOD: { readonly [name in Method]: number } = Object.freeze(
  Object.fromEntries(METHODS.map((name, index) => [name, index + 1])),
) as { readonly [name in Method]: number };

const TABLE = new NameTable(METHODS, false);

/** Id of the method at `bytes[start, end)`, which is a token; 0: not in the list. */
export function methodId(bytes: Uint8Array, start: number, end: number): number {
  return TABLE.find(bytes, start, end);
}

/** The method of an id as it is written; always the same string object. */
export function methodName(id: number): string {
  return METHODS[id - 1] ?? '';
}
