/**
 * The strings of a request that routing asks for, made when first needed.
 *
 * One per connection. A client mostly asks one host: its text is kept and only compared.
 */

import type { RequestView } from '@sluice/model';
import { methodName, octetsOf, type RequestHead } from '@sluice/wire';
import { copyRange } from './byte-range.ts';

const namesKeptMax = 4096;
/** Octets of the field names that routes ask for: bounded by the config. */
const nameOctets = new Map<string, Uint8Array>();

export class RequestText implements RequestView {
  readonly #head: RequestHead;
  #host = '';
  #authority = '';
  /** What both were made of. */
  #octets: Uint8Array = new Uint8Array(0);
  #path: string | undefined;
  #query: string | undefined;

  constructor(head: RequestHead) {
    this.#head = head;
  }

  /** The head was parsed anew. */
  reset(): void {
    this.#path = undefined;
    this.#query = undefined;
  }

  get host(): string {
    this.#readAuthority();
    return this.#host;
  }

  /** As sent, with its port. */
  get authority(): string {
    this.#readAuthority();
    return this.#authority;
  }

  get method(): string {
    return methodName(this.#head.method);
  }

  get path(): string {
    const { targetBytes, targetStart, pathEnd } = this.#head;
    this.#path ??= latin1(targetBytes, targetStart, pathEnd);
    return this.#path;
  }

  get query(): string {
    const { targetBytes, pathEnd, targetEnd } = this.#head;
    this.#query ??= targetEnd > pathEnd + 1 ? latin1(targetBytes, pathEnd + 1, targetEnd) : '';
    return this.#query;
  }

  header(name: string): string | undefined {
    const { fields } = this.#head;
    const octets = octetsOfName(name);
    let text: string | undefined;
    for (let at = fields.findName(octets, 0); at >= 0; at = fields.findName(octets, at + 1)) {
      const value = latin1(fields.bytes, fields.valueStart(at), fields.valueEnd(at));
      text = text === undefined ? value : `${text}, ${value}`;
    }
    return text;
  }

  #readAuthority(): void {
    const { bytes, hostStart, hostNameEnd, hostEnd } = this.#head;
    const kept = this.#octets;
    let isSame = kept.length === hostEnd - hostStart;
    for (let index = 0; isSame && index < kept.length; index += 1) {
      isSame = kept[index] === bytes[hostStart + index];
    }
    if (isSame) return;
    this.#octets = copyRange(bytes, hostStart, hostEnd);
    this.#authority = latin1(bytes, hostStart, hostEnd);
    const name = latin1(bytes, hostStart, hostNameEnd).toLowerCase();
    this.#host = name.endsWith('.') ? name.slice(0, -1) : name;
  }

  /** Value of a field that most requests have, by its `FIELD` id. */
  known(id: number): string | undefined {
    const { fields } = this.#head;
    const at = fields.find(id);
    return at < 0 ? undefined : latin1(fields.bytes, fields.valueStart(at), fields.valueEnd(at));
  }
}

/** Public in Node, and missing from its types: `toString` without choosing an encoding. */
interface Latin1Buffer {
  latin1Slice(start: number, end: number): string;
}

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (buffer as Buffer & Latin1Buffer).latin1Slice(start, end);
}

function octetsOfName(name: string): Uint8Array {
  let octets = nameOctets.get(name);
  if (octets === undefined) {
    octets = octetsOf(name);
    if (nameOctets.size < namesKeptMax) nameOctets.set(name, octets);
  }
  return octets;
}
