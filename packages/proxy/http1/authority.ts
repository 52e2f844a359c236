/**
 * Hosts that clients ask for, each made a string once, with what routing remembers of it.
 *
 * A worker keeps them in a table of fixed size in which a new one replaces what has its places, so
 * clients that make up names cost no memory. The same name thereby is the same string at every
 * request, which lookups find faster than a new one. An entry is a name and a memo and nothing
 * else: with thousands of hosts every object more is memory that no cache holds.
 */
import { HostMemo } from '@sluice/model';
import { LOWER_CASE } from '@sluice/wire';
import { latin1 } from './latin1.ts';

export class Authority extends HostMemo {
  /** Lower case, without port and final dot. */
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }
}

/** A power of two. So many names of usual length hold about 5 MiB. */
const places = 32_768;
const DOT = 0x2e;

export class AuthorityTable {
  readonly #table = new Array<Authority | undefined>(places).fill(undefined);

  /** The host that stands in `bytes[start, nameEnd)`. */
  find(bytes: Uint8Array, start: number, nameEnd: number): Authority {
    const end = bytes[nameEnd - 1] === DOT && nameEnd > start ? nameEnd - 1 : nameEnd;
    // Two places each: names that share the first do not drive each other out.
    const place = hashOf(bytes, start, end) & (places - 1);
    const known = this.#table[place];
    if (known !== undefined && isName(known.name, bytes, start, end)) return known;
    const moved = this.#table[place ^ 1];
    if (moved !== undefined && isName(moved.name, bytes, start, end)) return moved;
    const authority = new Authority(latin1(bytes, start, end).toLowerCase());
    if (known !== undefined) this.#table[place ^ 1] = known;
    this.#table[place] = authority;
    return authority;
  }
}

function isName(name: string, bytes: Uint8Array, start: number, end: number): boolean {
  const length = name.length;
  if (length !== end - start) return false;
  for (let index = 0; index < length; index += 1) {
    if (name.charCodeAt(index) !== LOWER_CASE[bytes[start + index] as number]) return false;
  }
  return true;
}

/** FNV-1a of the name in lower case. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let index = start; index < end; index += 1) {
    hash = Math.imul(hash ^ (LOWER_CASE[bytes[index] as number] as number), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
