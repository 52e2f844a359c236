/**
 * The reference: llhttp as built into Node, with every leniency off.
 *
 * Node keeps its parser in `_http_common`; there is no public way to it short of sockets, which
 * would cost a hundred times as much. `assertStrict` proves at start that it is the strict one.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type { MessageRecord, StreamKind, Transcript } from './transcript.ts';

type Callback = (...values: unknown[]) => unknown;

interface Parser {
  [callback: number]: Callback;
  initialize(type: number, owner: object, headerBytesMax: number, leniency: number): void;
  execute(bytes: Uint8Array): number | (Error & { code: string; bytesParsed: number });
}

interface ParserClass {
  new (): Parser;
  readonly REQUEST: number;
  readonly RESPONSE: number;
  readonly kLenientNone: number;
  readonly kOnHeaders: number;
  readonly kOnHeadersComplete: number;
  readonly kOnBody: number;
  readonly kOnMessageComplete: number;
}

const { HTTPParser, methods } = createRequire(import.meta.url)('node:_http_common') as {
  HTTPParser: ParserClass;
  methods: readonly string[];
};
const QUERY = 46;
const HEADER_BYTES_MAX = 1 << 20;

/** Reads `bytes` in one go. Reusable: keep one per kind of stream. */
export class LlhttpReader {
  readonly #parser = new HTTPParser();
  readonly #type: number;
  #messages: MessageRecord[] = [];
  #fields: string[] = [];
  #current: MessageRecord | undefined;

  constructor(kind: StreamKind) {
    this.#type = kind === 'requests' ? HTTPParser.REQUEST : HTTPParser.RESPONSE;
  }

  read(bytes: Uint8Array): Transcript {
    this.#messages = [];
    this.#fields = [];
    this.#current = undefined;
    const parser = this.#parser;
    parser.initialize(this.#type, {}, HEADER_BYTES_MAX, HTTPParser.kLenientNone);
    parser[HTTPParser.kOnHeaders] = (fields) => this.#addFields(fields);
    parser[HTTPParser.kOnHeadersComplete] = (...values) => this.#beginMessage(values);
    parser[HTTPParser.kOnBody] = (data) => {
      if (this.#current) this.#current.body += (data as Buffer).toString('latin1');
    };
    parser[HTTPParser.kOnMessageComplete] = () => this.#endMessage();
    const result = parser.execute(bytes);
    if (typeof result === 'number') {
      return { messages: this.#messages, error: '', consumed: result };
    }
    return { messages: this.#messages, error: result.code, consumed: result.bytesParsed };
  }

  #addFields(pairs: unknown): void {
    if (!Array.isArray(pairs)) return;
    for (let index = 0; index < pairs.length; index += 2) {
      this.#fields.push(`${String(pairs[index])}: ${trimBlanks(String(pairs[index + 1]))}`);
    }
  }

  #beginMessage(values: unknown[]): number {
    const [, , pairs, method, target, statusCode, , upgrades, keepAlive] = values;
    this.#addFields(pairs);
    this.#current = {
      start: method === undefined ? String(statusCode) : methodOf(Number(method)),
      target: typeof target === 'string' ? target : '',
      fields: this.#fields,
      body: '',
      trailers: [],
      isComplete: false,
      keepAlive: keepAlive === true,
      upgrades: upgrades === true,
    };
    this.#fields = [];
    this.#messages.push(this.#current);
    return 0;
  }

  #endMessage(): void {
    if (!this.#current) return;
    this.#current.isComplete = true;
    this.#current.trailers = this.#fields;
    this.#fields = [];
    this.#current = undefined;
  }
}

/** Only SP and HTAB are whitespace to a field; `trim` would take octet A0 too. */
function trimBlanks(value: string): string {
  return value.replace(/^[ \t]+|[ \t]+$/g, '');
}

/** Node's list leaves out the RTSP methods that stand between QUERY and the others. */
function methodOf(id: number): string {
  return methods[id] ?? (id === QUERY ? 'QUERY' : `method ${id}`);
}

/** Fails when the parser takes what only a lenient one takes. */
export function assertStrict(): void {
  const reader = new LlhttpReader('requests');
  for (const text of [
    'GET / HTTP/1.1\nHost: a\n\n',
    'GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n',
    'POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\n',
    'GET / HTTP/1.1\r\nA: \x01\r\n\r\n',
  ]) {
    assert.notEqual(reader.read(Buffer.from(text, 'latin1')).error, '', JSON.stringify(text));
  }
}
