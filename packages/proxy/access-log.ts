/**
 * Access log: one valid JSON line per exchange, whatever bytes the request held.
 *
 * Lines are written as octets straight into one buffer: what is the same for a rule, a backend, a
 * host or a second is rendered once and copied, and nothing is allocated for a line. The
 * buffer leaves when it is full enough, or when its first line is old enough.
 */
import { writeLatin1 } from './http1/latin1.ts';
import {
  asciiOctets,
  escapedOctetsMax,
  escapedText,
  flatText,
  writeEscaped,
  writeInteger,
} from './log-octets.ts';

export interface AccessLogEntry {
  readonly wallMs: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly protocol: string;
  readonly statusCode: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Whole exchange, and from the last send to the response head; whole microseconds. */
  readonly durationMicros: number;
  readonly upstreamMicros: number;
  /** Made by `renderClient`, once per connection. */
  readonly client: Uint8Array;
  /** Made by `renderPlace`, once per rule. */
  readonly place: string;
  /** Made by `renderBackend`, once per backend. */
  readonly backend: Uint8Array;
  readonly endpoint: string;
  readonly retries: number;
  /** Failure, `mirror-too-large`, …; empty: nothing special. */
  readonly flags: string;
  readonly configVersion: string;
}

/** Part of a line that is the same for all requests of a client's connection. */
export function renderClient(address: string): Uint8Array {
  return asciiOctets(`,"client":"${escapedText(address)}`);
}

/** Part of a line that is the same for all requests of a rule. */
export function renderPlace(listener: string, route: string, rule: number): string {
  return flatText(
    `","listener":"${escapedText(listener)}","route":"${escapedText(route)}","rule":${rule}`,
  );
}

/** Part of a line that is the same for all requests of a backend. */
export function renderBackend(id: string): Uint8Array {
  return asciiOctets(`,"backend":"${escapedText(id)}","endpoint":"`);
}

/** Octets after which the lines leave. */
const batchOctets = 64 * 1024;
/** Longest that a line waits for others. */
const batchMs = 250;
/** A longer path is cut. */
const pathLengthMax = 32 * 1024;
/** All of a line but its path. Names of Kubernetes and hosts are short. */
const restOctetsMax = 16 * 1024;
const bufferOctets = batchOctets + pathLengthMax * escapedOctetsMax + restOctetsMax;

/** `lines` holds whole lines and is valid only during the call. */
export type LogSink = (lines: Uint8Array) => void;

export class AccessLog {
  readonly #sink: LogSink;
  readonly #prefix = new Memo(renderPrefix);
  readonly #status = new Memo(renderStatus);
  readonly #tail = new Memo(renderTail);
  readonly #buffer = Buffer.alloc(bufferOctets);
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(sink: LogSink) {
    this.#sink = sink;
  }

  write(entry: AccessLogEntry): void {
    const out = this.#buffer;
    const { path } = entry;
    const seconds = Math.floor(entry.wallMs / 1000);
    const begin = this.#length;
    let at = put(out, begin, this.#prefix.get(seconds, entry.method, ''));
    writeMilliseconds(out, begin + millisecondsAt, Math.floor(entry.wallMs) - seconds * 1000);
    at = writeEscaped(out, at, entry.host);
    at = put(out, at, pathLabel);
    const isLong = path.length > pathLengthMax;
    at = writeEscaped(out, at, isLong ? path.slice(0, pathLengthMax) : path);
    at = put(out, at, this.#status.get(entry.statusCode, entry.protocol, ''));
    at = writeInteger(out, at, entry.requestBytes);
    at = writeInteger(out, put(out, at, responseBytesLabel), entry.responseBytes);
    at = writeInteger(out, put(out, at, durationLabel), entry.durationMicros);
    at = writeInteger(out, put(out, at, upstreamLabel), entry.upstreamMicros);
    at = put(out, at, entry.client);
    at = writeLatin1(out, at, entry.place);
    at = put(out, at, entry.backend);
    at = writeEscaped(out, at, entry.endpoint);
    this.#length = put(out, at, this.#tail.get(entry.retries, entry.flags, entry.configVersion));
    if (this.#length >= batchOctets) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), batchMs).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const length = this.#length;
    this.#length = 0;
    if (length > 0) this.#sink(this.#buffer.subarray(0, length));
  }
}

function put(out: Uint8Array, at: number, piece: Uint8Array): number {
  out.set(piece, at);
  return at + piece.length;
}

/** Remembers the last result: neighbouring lines have most of these in common. */
class Memo {
  readonly #render: (number: number, one: string, other: string) => string;
  #number = Number.NaN;
  #one = '';
  #other = '';
  #octets: Uint8Array = new Uint8Array(0);

  constructor(render: (number: number, one: string, other: string) => string) {
    this.#render = render;
  }

  get(number: number, one: string, other: string): Uint8Array {
    if (number !== this.#number || one !== this.#one || other !== this.#other) {
      this.#number = number;
      this.#one = one;
      this.#other = other;
      this.#octets = asciiOctets(this.#render(number, one, other));
    }
    return this.#octets;
  }
}

/** RFC 3339; each line has its own milliseconds. */
function renderPrefix(seconds: number, method: string): string {
  return `{"time":"${new Date(seconds * 1000).toISOString()}","method":"${method}","host":"`;
}

const millisecondsAt = '{"time":"2026-01-02T03:04:05.'.length;

function writeMilliseconds(out: Uint8Array, at: number, milliseconds: number): void {
  out[at] = 0x30 + Math.floor(milliseconds / 100);
  out[at + 1] = 0x30 + (Math.floor(milliseconds / 10) % 10);
  out[at + 2] = 0x30 + (milliseconds % 10);
}

function renderStatus(statusCode: number, protocol: string): string {
  return `","protocol":"${protocol}","status":${statusCode},"requestBytes":`;
}

function renderTail(retries: number, flags: string, configVersion: string): string {
  return `","retries":${retries},"flags":"${flags}","config":"${escapedText(configVersion)}"}\n`;
}

const pathLabel = asciiOctets('","path":"');
const responseBytesLabel = asciiOctets(',"responseBytes":');
const durationLabel = asciiOctets(',"durationMicros":');
const upstreamLabel = asciiOctets(',"upstreamMicros":');

/** For requests that no rule matched, or that reached no backend. */
export const noPlace: string = renderPlace('', '', -1);
export const noBackend: Uint8Array = renderBackend('');
