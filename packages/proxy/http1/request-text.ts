/**
 * The strings of a request that routing asks for, made when first needed.
 *
 * One per connection.
 */
import type { HostMemo, RequestView } from '@sluice/model';
import { methodName, octetsOf, type RequestHead } from '@sluice/wire';
import type { Authority, AuthorityTable } from './authority.ts';
import { latin1 } from './latin1.ts';

const namesKeptMax = 4096;
/** Octets of the field names that routes ask for: bounded by the config. */
const nameOctets = new Map<string, Uint8Array>();

export class RequestText implements RequestView {
  readonly #head: RequestHead;
  readonly #authorities: AuthorityTable;
  #authority: Authority | undefined;
  #path: string | undefined;
  #query: string | undefined;

  constructor(head: RequestHead, authorities: AuthorityTable) {
    this.#head = head;
    this.#authorities = authorities;
  }

  /** The head was parsed anew. */
  reset(): void {
    this.#authority = undefined;
    this.#path = undefined;
    this.#query = undefined;
  }

  get host(): string {
    return this.#known().name;
  }

  get hostMemo(): HostMemo {
    return this.#known();
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

  #known(): Authority {
    const { bytes, hostStart, hostNameEnd } = this.#head;
    this.#authority ??= this.#authorities.find(bytes, hostStart, hostNameEnd);
    return this.#authority;
  }

  /** Value of a field that most requests have, by its `FIELD` id. */
  known(id: number): string | undefined {
    const { fields } = this.#head;
    const at = fields.find(id);
    return at < 0 ? undefined : latin1(fields.bytes, fields.valueStart(at), fields.valueEnd(at));
  }
}

function octetsOfName(name: string): Uint8Array {
  let octets = nameOctets.get(name);
  if (octets === undefined) {
    octets = octetsOf(name);
    if (nameOctets.size < namesKeptMax) nameOctets.set(name, octets);
  }
  return octets;
}
