/**
 * A strict HTTP/1.1 request parser of the test kit's own: what it accepts has exactly one reading.
 *
 * It shares no code with `wire`, so that a mistake there can't hide itself here. RFC 9112.
 */

export interface RecordedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly trailers: readonly (readonly [name: string, value: string])[];
  /** Number of the connection that brought it. */
  readonly connection: number;
}

export interface ParsedMessage {
  readonly request: RecordedRequest;
  /** Bytes it took. */
  readonly length: number;
}

/** The value of a field by its lower-case name; several are joined as Node's http does. */
export function headerOf(request: RecordedRequest, name: string): string | undefined {
  const values = request.headers.filter(([key]) => key.toLowerCase() === name);
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
}

const requestLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\/[\x21-\x7e]*|\*) HTTP\/1\.1$/;
const fieldLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/;

/** Undefined: not complete. Throws on anything that is not exactly right. */
export function parseRequest(bytes: Buffer, connection: number): ParsedMessage | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) {
    if (bytes.length > 128 * 1024) throw new Error('endless head');
    return undefined;
  }
  const [first = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const match = requestLine.exec(first);
  if (match === null) throw new Error(`request line ${JSON.stringify(first)}`);
  const headers = lines.map(parseField);
  const named = (name: string): string[] =>
    headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  if (named('host').length !== 1) throw new Error('not exactly one Host');
  const body = parseBody(bytes, headEnd + 4, {
    lengths: named('content-length'),
    codings: named('transfer-encoding'),
  });
  if (body === undefined) return undefined;
  const [, method = '', target = ''] = match;
  const { content, trailers, end } = body;
  return { request: { method, target, headers, body: content, trailers, connection }, length: end };
}

interface ParsedBody {
  readonly content: Buffer;
  readonly trailers: readonly (readonly [string, string])[];
  readonly end: number;
}

function parseBody(
  bytes: Buffer,
  start: number,
  framing: { lengths: string[]; codings: string[] },
): ParsedBody | undefined {
  const { lengths, codings } = framing;
  if (lengths.length + codings.length > 1) throw new Error('more than one framing');
  if (codings.length === 1) {
    if (codings[0] !== 'chunked') throw new Error(`transfer coding ${codings[0]}`);
    return parseChunks(bytes, start);
  }
  const length = lengths[0] ?? '0';
  if (!/^\d+$/.test(length)) throw new Error(`content length ${length}`);
  const end = start + Number(length);
  if (bytes.length < end) return undefined;
  return { content: bytes.subarray(start, end), trailers: [], end };
}

function parseChunks(bytes: Buffer, start: number): ParsedBody | undefined {
  const parts: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = bytes.toString('latin1', at, lineEnd);
    if (!/^[0-9a-f]+$/i.test(size)) throw new Error(`chunk size ${JSON.stringify(size)}`);
    at = lineEnd + 2;
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    if (bytes.length < at + length + 2) return undefined;
    parts.push(bytes.subarray(at, at + length));
    at += length;
    if (bytes.toString('latin1', at, at + 2) !== '\r\n') throw new Error('chunk end');
    at += 2;
  }
  return parseTrailers(bytes, at, parts);
}

function parseTrailers(bytes: Buffer, start: number, parts: Buffer[]): ParsedBody | undefined {
  const trailers: (readonly [string, string])[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const line = bytes.toString('latin1', at, lineEnd);
    at = lineEnd + 2;
    if (line === '') return { content: Buffer.concat(parts), trailers, end: at };
    trailers.push(parseField(line));
  }
}

function parseField(line: string): readonly [string, string] {
  const match = fieldLine.exec(line);
  if (match === null) throw new Error(`field line ${JSON.stringify(line)}`);
  return [match[1] ?? '', match[2] ?? ''];
}
