/** Our reader, driven as a proxy drives it: head, body, next head, until an error or the end. */
import {
  BodyReader,
  DEFAULT_LIMITS,
  type FieldSection,
  headError,
  METHOD,
  methodName,
  parseRequestHead,
  parseResponseHead,
  RequestHead,
  ResponseHead,
  readBody,
} from '@sluice/wire';
import type { MessageRecord, StreamKind, Transcript } from './transcript.ts';

const SWITCHING_PROTOCOLS = 101;

/** Reusable: keep one per kind of stream. */
export class WireReader {
  readonly #request = new RequestHead(DEFAULT_LIMITS);
  readonly #response = new ResponseHead(DEFAULT_LIMITS);
  readonly #body = new BodyReader(DEFAULT_LIMITS);
  readonly #kind: StreamKind;
  readonly #switches: boolean;

  /** `switches`: what follows a message that switches protocols is not HTTP/1 any more. */
  constructor(kind: StreamKind, switches: boolean) {
    this.#kind = kind;
    this.#switches = switches;
  }

  /** `pieces` are the offsets at which octets arrive; the last is the length of `bytes`. */
  read(bytes: Uint8Array, pieces: readonly number[]): Transcript {
    this.#request.reset();
    this.#response.expect(METHOD.GET);
    const messages: MessageRecord[] = [];
    let message: MessageRecord | undefined;
    let at = 0;
    for (const end of pieces) {
      while (at < end) {
        if (message === undefined) {
          const next = this.#readHead(bytes, at, end);
          if (next < 0) return { messages, error: headError(next).reason, consumed: at };
          if (next === 0) break;
          at = next;
          message = this.#beginMessage(bytes);
          messages.push(message);
        }
        while (at < end && !this.#body.isDone) {
          const next = readBody(this.#body, bytes, at, end);
          if (next < 0) return { messages, error: headError(next).reason, consumed: at };
          message.body += latin1(bytes, this.#body.dataStart, this.#body.dataEnd);
          at = next;
        }
        if (!this.#body.isDone) break;
        message.trailers = fieldsOf(this.#body.trailers);
        message.isComplete = true;
        if (!message.keepAlive || (this.#switches && message.upgrades))
          return { messages, error: '', consumed: at };
        message = undefined;
      }
    }
    return { messages, error: '', consumed: at };
  }

  #readHead(bytes: Uint8Array, at: number, end: number): number {
    return this.#kind === 'requests'
      ? parseRequestHead(this.#request, bytes, at, end)
      : parseResponseHead(this.#response, bytes, at, end);
  }

  #beginMessage(bytes: Uint8Array): MessageRecord {
    const isRequest = this.#kind === 'requests';
    const head = isRequest ? this.#request : this.#response;
    this.#body.begin(head.framing, head.contentLength);
    const { statusCode } = this.#response;
    return {
      start: isRequest ? methodName(this.#request.method) : String(statusCode),
      target: isRequest ? targetOf(this.#request) : '',
      fields: fieldsOf(head.fields, bytes),
      body: '',
      trailers: [],
      isComplete: false,
      keepAlive: head.keepAlive,
      upgrades: isRequest ? this.#request.upgrade !== 0 : statusCode === SWITCHING_PROTOCOLS,
    };
  }
}

function targetOf(head: RequestHead): string {
  return latin1(head.targetBytes, head.targetStart, head.targetEnd);
}

function fieldsOf(section: FieldSection, bytes: Uint8Array = section.bytes): string[] {
  const fields: string[] = [];
  for (let index = 0; index < section.count; index += 1) {
    const name = latin1(bytes, section.nameStart(index), section.nameEnd(index));
    fields.push(`${name}: ${latin1(bytes, section.valueStart(index), section.valueEnd(index))}`);
  }
  return fields;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', start, end);
}
