/**
 * Authorities that clients ask for, each read once: the name that routing needs, and the pieces
 * that go into every request and log line for it.
 *
 * A worker keeps them in a table of fixed size in which a new one replaces what has its places, so
 * clients that make up names cost no memory. The same name thereby is the same string at every
 * request, which lookups find faster than a new one.
 */
import { FIELD, type HeaderEdits, octetsOf } from '@sluice/wire';
import { escapedOctets } from '../log-octets.ts';
import { copyRange } from './byte-range.ts';
import { latin1 } from './latin1.ts';

export interface Authority {
  /** As sent, with its port. */
  readonly octets: Uint8Array;
  /** Lower case, without port and final dot. */
  readonly name: string;
  /** `name` for the access log. */
  readonly logged: Uint8Array;
  /** Adds X-Forwarded-Host. */
  readonly forwarded: HeaderEdits;
}

/** A power of two. So many authorities of usual length hold about 20 MiB. */
const places = 32_768;

export class AuthorityTable {
  readonly #table = new Array<Authority | undefined>(places).fill(undefined);

  /** The authority that stands in `bytes[start, end)` and whose name ends at `nameEnd`. */
  find(bytes: Uint8Array, start: number, nameEnd: number, end: number): Authority {
    // Two places each: names that share the first do not drive each other out.
    const place = hashOf(bytes, start, end) & (places - 1);
    const known = this.#table[place];
    if (known !== undefined && holds(known, bytes, start, end)) return known;
    const moved = this.#table[place ^ 1];
    if (moved !== undefined && holds(moved, bytes, start, end)) return moved;
    const authority = readAuthority(bytes, start, nameEnd, end);
    if (known !== undefined) this.#table[place ^ 1] = known;
    this.#table[place] = authority;
    return authority;
  }
}

export function holds(
  { octets }: Authority,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (octets.length !== end - start) return false;
  for (let index = 0; index < octets.length; index += 1) {
    if (octets[index] !== bytes[start + index]) return false;
  }
  return true;
}

function readAuthority(bytes: Uint8Array, start: number, nameEnd: number, end: number): Authority {
  const lower = latin1(bytes, start, nameEnd).toLowerCase();
  const name = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  return {
    octets: copyRange(bytes, start, end),
    name,
    logged: escapedOctets(name),
    forwarded: forwardedHost(latin1(bytes, start, end)),
  };
}

const none = new Uint8Array(256);

function forwardedHost(authority: string): HeaderEdits {
  const line = octetsOf(`X-Forwarded-Host: ${authority}\r\n`);
  const appended = { id: FIELD['x-forwarded-host'], name: octetsOf('x-forwarded-host'), line };
  const isEmpty = authority === '';
  return {
    omits: false,
    omitIds: none,
    omitNames: [],
    appended: isEmpty ? [] : [appended],
    append: isEmpty ? none.subarray(0, 0) : line,
    host: '',
    refused: [],
  };
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) {
    hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
