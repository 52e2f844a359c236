/**
 * Access log: one valid JSON line per exchange, whatever bytes the request held.
 *
 * Built by concatenation of few pieces: what is the same for a rule, a backend or a millisecond is
 * rendered once. Strings that come from outside are escaped when they need it. Lines of one turn of
 * the event loop leave in one call of the sink.
 */

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
  readonly client: string;
  /** Made by `renderPlace`, once per rule. */
  readonly place: string;
  /** Made by `renderBackend`, once per backend. */
  readonly backend: string;
  readonly endpoint: string;
  readonly retries: number;
  /** Failure, `mirror-too-large`, …; empty: nothing special. */
  readonly flags: string;
  readonly configVersion: string;
}

/** Part of a line that is the same for all requests of a rule. */
export function renderPlace(listener: string, route: string, rule: number): string {
  return `","listener":"${escape(listener)}","route":"${escape(route)}","rule":${rule}`;
}

/** Part of a line that is the same for all requests of a backend. */
export function renderBackend(id: string): string {
  return `,"backend":"${escape(id)}","endpoint":"`;
}

export class AccessLog {
  readonly #sink: (lines: string) => void;
  readonly #prefix = new Memo(renderPrefix);
  readonly #status = new Memo(renderStatus);
  readonly #tail = new Memo(renderTail);
  #lines = '';
  #scheduled = false;

  constructor(sink: (lines: string) => void) {
    this.#sink = sink;
  }

  write(entry: AccessLogEntry): void {
    const { durationMicros, upstreamMicros, client, place, backend, endpoint } = entry;
    this.#lines +=
      this.#prefix.get(Math.floor(entry.wallMs), entry.method, entry.host) +
      escape(entry.path) +
      `${this.#status.get(entry.statusCode, entry.protocol, '')}${entry.requestBytes}` +
      `,"responseBytes":${entry.responseBytes},"durationMicros":${durationMicros}` +
      `,"upstreamMicros":${upstreamMicros},"client":"${client}${place}${backend}${endpoint}` +
      this.#tail.get(entry.retries, entry.flags, entry.configVersion);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  flush(): void {
    this.#scheduled = false;
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') this.#sink(lines);
  }
}

/** Remembers the last result: neighbouring lines have most of these in common. */
class Memo {
  readonly #render: (number: number, one: string, other: string) => string;
  #number = Number.NaN;
  #one = '';
  #other = '';
  #text = '';

  constructor(render: (number: number, one: string, other: string) => string) {
    this.#render = render;
  }

  get(number: number, one: string, other: string): string {
    if (number !== this.#number || one !== this.#one || other !== this.#other) {
      this.#number = number;
      this.#one = one;
      this.#other = other;
      this.#text = this.#render(number, one, other);
    }
    return this.#text;
  }
}

/** RFC 3339 with milliseconds. */
function renderPrefix(wallMs: number, method: string, host: string): string {
  const time = new Date(wallMs).toISOString();
  return `{"time":"${time}","method":"${method}","host":"${escape(host)}","path":"`;
}

function renderStatus(statusCode: number, protocol: string): string {
  return `","protocol":"${protocol}","status":${statusCode},"requestBytes":`;
}

function renderTail(retries: number, flags: string, configVersion: string): string {
  return `","retries":${retries},"flags":"${flags}","config":"${escape(configVersion)}"}\n`;
}

/** Needs no escape in JSON and is no problem in a terminal. */
const plain = /^[ !#-[\]-~]*$/;

/** The text between the quotes of a JSON string. */
function escape(text: string): string {
  return plain.test(text) ? text : JSON.stringify(text).slice(1, -1);
}

/** For requests that no rule matched, or that reached no backend. */
export const noPlace = renderPlace('', '', -1);
export const noBackend = renderBackend('');
