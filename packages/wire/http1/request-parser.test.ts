/**
 * One table of request heads; each is read whole, octet by octet, moved between calls, and with
 * octets after it: all give the same.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELD } from '../field-names.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { methodName } from '../methods.ts';
import { octetsOf, textOf } from '../octets.ts';
import { headError } from './head-error.ts';
import { RequestHead } from './request-head.ts';
import { parseRequestHead } from './request-parser.ts';

/** What a head says, as text. */
interface Reading {
  readonly method: string;
  readonly target: string;
  readonly path: string;
  readonly host: string;
  readonly port: string;
  readonly fields: readonly string[];
  readonly framing: number;
  readonly contentLength: number;
  readonly keepAlive: boolean;
  readonly upgrade: number;
  readonly expectContinue: boolean;
  readonly acceptsTrailers: boolean;
}

const PLAIN: Reading = {
  method: 'GET',
  target: '/',
  path: '/',
  host: 'a.test',
  port: '',
  fields: ['Host=a.test'],
  framing: 0,
  contentLength: 0,
  keepAlive: true,
  upgrade: 0,
  expectContinue: false,
  acceptsTrailers: false,
};

/** A head with `Host: a.test` and these lines. */
const withFields = (...lines: string[]): string =>
  ['GET / HTTP/1.1', 'Host: a.test', ...lines, '', ''].join('\r\n');
const withTarget = (target: string, method = 'GET'): string =>
  `${method} ${target} HTTP/1.1\r\nHost: a.test\r\n\r\n`;

const ACCEPTED: Record<string, [head: string, reading: Partial<Reading>]> = {
  'a plain head': [withFields(), {}],
  'an empty line first': [`\r\n${withFields()}`, {}],
  'HTTP/1.0 without Host': ['GET / HTTP/1.0\r\n\r\n', { host: '', fields: [], keepAlive: false }],
  'HTTP/1.0 that keeps alive': [
    'GET / HTTP/1.0\r\nHost: a.test\r\nConnection: Keep-Alive\r\n\r\n',
    { fields: ['Host=a.test', 'Connection=Keep-Alive'] },
  ],
  'whitespace around a value': [withFields('A: \t b c\t '), { fields: ['Host=a.test', 'A=b c'] }],
  'an empty value': [withFields('A:', 'B: '), { fields: ['Host=a.test', 'A=', 'B='] }],
  'octets above 127 in a value': [
    withFields('A: \xe9\xff'),
    { fields: ['Host=a.test', 'A=\xe9\xff'] },
  ],
  'every token character in a name': [
    withFields("!#$%&'*+-.^_`|~09azAZ: 1"),
    { fields: ['Host=a.test', "!#$%&'*+-.^_`|~09azAZ=1"] },
  ],
  'a name like one of JavaScript': [
    withFields('__proto__: 1', 'constructor: 2'),
    { fields: ['Host=a.test', '__proto__=1', 'constructor=2'] },
  ],
  'a length': [
    withFields('content-LENGTH: 0012'),
    { fields: ['Host=a.test', 'content-LENGTH=0012'], framing: 1, contentLength: 12 },
  ],
  'a length of zero': [
    withFields('Content-Length: 0'),
    { fields: ['Host=a.test', 'Content-Length=0'], framing: 1 },
  ],
  'the chunked coding in any case': [
    withFields('Transfer-Encoding: ChunKed'),
    { fields: ['Host=a.test', 'Transfer-Encoding=ChunKed'], framing: 2 },
  ],
  'a connection to close': [
    withFields('Connection: , foo ,Close,'),
    { fields: ['Host=a.test', 'Connection=, foo ,Close,'], keepAlive: false },
  ],
  'a nominated field': [
    withFields('X-A: 1', 'Connection: x-a, cookie, host', 'Cookie: c'),
    { fields: ['Host=a.test', '-', 'Connection=x-a, cookie, host', '-'] },
  ],
  'a WebSocket upgrade': [
    withFields('Connection: keep-alive, Upgrade', 'Upgrade: WebSocket'),
    {
      fields: ['Host=a.test', 'Connection=keep-alive, Upgrade', 'Upgrade=WebSocket'],
      upgrade: 1,
    },
  ],
  'another upgrade': [
    withFields('Connection: Upgrade', 'Upgrade: SPDY/3.1'),
    { fields: ['Host=a.test', 'Connection=Upgrade', 'Upgrade=SPDY/3.1'], upgrade: 2 },
  ],
  'an upgrade to h2c, ignored': [
    withFields('Connection: Upgrade', 'Upgrade: H2C'),
    { fields: ['Host=a.test', 'Connection=Upgrade', 'Upgrade=H2C'] },
  ],
  'several upgrades, ignored': [
    withFields('Connection: Upgrade', 'Upgrade: websocket, h2c'),
    { fields: ['Host=a.test', 'Connection=Upgrade', 'Upgrade=websocket, h2c'] },
  ],
  'Upgrade without Connection, ignored': [
    withFields('Upgrade: websocket'),
    { fields: ['Host=a.test', 'Upgrade=websocket'] },
  ],
  'an expectation': [
    withFields('Expect: 100-Continue'),
    { fields: ['Host=a.test', 'Expect=100-Continue'], expectContinue: true },
  ],
  'a client that reads trailers': [
    withFields('TE: trailers', 'Connection: TE'),
    { fields: ['Host=a.test', 'TE=trailers', 'Connection=TE'], acceptsTrailers: true },
  ],
  'a host with capitals, underscore and port': [
    'GET / HTTP/1.1\r\nHost: A_b.Test:8080\r\n\r\n',
    { host: 'A_b.Test', port: ':8080', fields: ['Host=A_b.Test:8080'] },
  ],
  'an IPv6 host': [
    'GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n',
    { host: '[::1]', port: ':80', fields: ['Host=[::1]:80'] },
  ],
  'a query': [withTarget('/a?b=/../%zz\\?c'), { target: '/a?b=/../%zz\\?c', path: '/a' }],
  'dots that are no segment': [
    withTarget('/.a/b./..c/...?..'),
    { target: '/.a/b./..c/...?..', path: '/.a/b./..c/...' },
  ],
  'dot segments': [withTarget('/a/./b/../c/%2e/%2E%2e/.?q=.'), { target: '/a/?q=.', path: '/a/' }],
  escapes: [
    withTarget('/%7e%41%2f%3b%c3%A9?%41'),
    { target: '/~A%2F%3B%C3%A9?%41', path: '/~A%2F%3B%C3%A9' },
  ],
  'opaque separators': [
    withTarget('//a;b=1//c/..;/d'),
    { target: '//a;b=1//c/..;/d', path: '//a;b=1//c/..;/d' },
  ],
  'an absolute target, which replaces Host': [
    withTarget('HTTP://b.test:81/x/../y?z'),
    { target: '/y?z', path: '/y', host: 'b.test', port: ':81' },
  ],
  'an absolute target without a path': [
    withTarget('https://b.test?x'),
    { target: '/?x', path: '/', host: 'b.test' },
  ],
  'OPTIONS of the server': [
    withTarget('*', 'OPTIONS'),
    { method: 'OPTIONS', target: '*', path: '*' },
  ],
  'OPTIONS of an absolute server': [
    withTarget('http://b.test', 'OPTIONS'),
    { method: 'OPTIONS', target: '*', path: '*', host: 'b.test' },
  ],
  'a method beyond the common ones': [withTarget('/', 'PROPFIND'), { method: 'PROPFIND' }],
};

const REFUSED: Record<string, [head: string, reason: string]> = {
  'a bare LF after the line': ['GET / HTTP/1.1\nHost: a\n\n', 'bare-line-break'],
  'a bare LF after a field': ['GET / HTTP/1.1\r\nHost: a\n\r\n', 'bare-line-break'],
  'a bare LF at the end': ['GET / HTTP/1.1\r\nHost: a\r\n\n', 'bare-line-break'],
  'a bare CR in a value': [withFields('A: b\rc'), 'bare-line-break'],
  'a bare CR in a name': [withFields('A\r: b'), 'bare-line-break'],
  'a bare CR first': [`\r${withFields()}`, 'invalid-method'],
  'two empty lines first': [`\r\n\r\n${withFields()}`, 'invalid-method'],
  'NUL in a value': [withFields('A: b\0c'), 'invalid-field-value'],
  'DEL in a value': [withFields('A: b\x7f'), 'invalid-field-value'],
  'a folded line': [withFields('A: b', ' c'), 'obsolete-fold'],
  'space before the first field': ['GET / HTTP/1.1\r\n Host: a\r\n\r\n', 'obsolete-fold'],
  'space before the colon': [withFields('A : b'), 'space-before-colon'],
  'an empty name': [withFields(': b'), 'invalid-field-name'],
  'a name with other characters': [withFields('A(: b'), 'invalid-field-name'],
  'a name above 127': [withFields('\xe9: b'), 'invalid-field-name'],
  'a line without a colon': [withFields('Abc'), 'bare-line-break'],
  'both framings': [
    withFields('Content-Length: 1', 'Transfer-Encoding: chunked'),
    'ambiguous-framing',
  ],
  'two equal lengths': [
    withFields('Content-Length: 1', 'content-length: 1'),
    'repeated-content-length',
  ],
  'a list of lengths': [withFields('Content-Length: 1, 1'), 'invalid-content-length'],
  'a signed length': [withFields('Content-Length: +1'), 'invalid-content-length'],
  'a negative length': [withFields('Content-Length: -1'), 'invalid-content-length'],
  'a hexadecimal length': [withFields('Content-Length: 0x1'), 'invalid-content-length'],
  'an empty length': [withFields('Content-Length:'), 'invalid-content-length'],
  'a huge length': [withFields('Content-Length: 1234567890123456'), 'invalid-content-length'],
  'another coding': [withFields('Transfer-Encoding: gzip'), 'unsupported-transfer-coding'],
  'two codings': [withFields('Transfer-Encoding: gzip, chunked'), 'unsupported-transfer-coding'],
  identity: [withFields('Transfer-Encoding: identity'), 'unsupported-transfer-coding'],
  'a coding with a parameter': [
    withFields('Transfer-Encoding: chunked;a'),
    'unsupported-transfer-coding',
  ],
  'a hidden coding': [withFields('Transfer-Encoding: \x0bchunked'), 'invalid-field-value'],
  'whitespace after the coding': [
    withFields('Transfer-Encoding: chunked\t'),
    'unsupported-transfer-coding',
  ],
  'chunked twice': [
    withFields('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
    'unsupported-transfer-coding',
  ],
  'a coding in HTTP/1.0': [
    'GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n',
    'transfer-coding-in-http10',
  ],
  'no Host': ['GET / HTTP/1.1\r\nA: b\r\n\r\n', 'missing-host'],
  'two Hosts': [withFields('Host: a.test'), 'repeated-host'],
  'an empty Host': ['GET / HTTP/1.1\r\nHost:\r\n\r\n', 'invalid-host'],
  'a Host with a path': ['GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 'invalid-host'],
  'a Host with a user': ['GET / HTTP/1.1\r\nHost: u@a\r\n\r\n', 'invalid-host'],
  'a Host with a space': ['GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 'invalid-host'],
  'a Host with a bad port': ['GET / HTTP/1.1\r\nHost: a:8o\r\n\r\n', 'invalid-host'],
  'a Host with a huge port': ['GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n', 'invalid-host'],
  'a Host with an open bracket': ['GET / HTTP/1.1\r\nHost: [::1\r\n\r\n', 'invalid-host'],
  'a Host with a bad escape': ['GET / HTTP/1.1\r\nHost: a%4\r\n\r\n', 'invalid-host'],
  'an absolute target with a user': [withTarget('http://u@b.test/'), 'invalid-host'],
  'an absolute target without a host': [withTarget('http:///a'), 'invalid-host'],
  'another scheme': [withTarget('ftp://b.test/'), 'invalid-target'],
  'a target without a slash': [withTarget('a'), 'invalid-target'],
  'an empty target': ['GET  HTTP/1.1\r\nHost: a\r\n\r\n', 'invalid-target'],
  'a fragment': [withTarget('/a#b'), 'invalid-target'],
  'a fragment in the query': [withTarget('/a?b#c'), 'invalid-target'],
  'a control character in the target': [withTarget('/a\tb'), 'invalid-target'],
  'an octet above 127 in the target': [withTarget('/\xe9'), 'invalid-target'],
  'a backslash': [withTarget('/a\\b'), 'invalid-target'],
  'an asterisk for GET': [withTarget('*'), 'invalid-target'],
  'a path above the root': [withTarget('/a/../..'), 'target-above-root'],
  'an encoded path above the root': [withTarget('/%2e%2e/x'), 'target-above-root'],
  'a broken escape': [withTarget('/%4'), 'invalid-percent-encoding'],
  'an escape of no digits': [withTarget('/%zz'), 'invalid-percent-encoding'],
  'an encoded NUL': [withTarget('/%00'), 'invalid-percent-encoding'],
  CONNECT: [withTarget('a.test:443', 'CONNECT'), 'connect-unsupported'],
  'an unknown method': [withTarget('/', 'FOO'), 'unknown-method'],
  'a method in lower case': [withTarget('/', 'get'), 'unknown-method'],
  'a method with other characters': [withTarget('/', 'G(T'), 'invalid-method'],
  'an old version': ['GET /\r\n', 'invalid-version'],
  'a later version': ['GET / HTTP/2.0\r\n\r\n', 'unsupported-version'],
  'a minor version that is not there': ['GET / HTTP/1.2\r\n\r\n', 'unsupported-version'],
  'another protocol': ['GET / HTTQ/1.1\r\n\r\n', 'invalid-version'],
  'two spaces before the version': ['GET /  HTTP/1.1\r\n\r\n', 'invalid-version'],
  'octets after the version': ['GET / HTTP/1.1 \r\n\r\n', 'invalid-version'],
};

function readWhole(text: string): number | string | Reading {
  const bytes = octetsOf(text);
  const head = new RequestHead(DEFAULT_LIMITS);
  return describe(head, parseRequestHead(head, bytes, 0, bytes.length), 0);
}

function readByOctet(text: string): number | string | Reading {
  const bytes = octetsOf(text);
  const head = new RequestHead(DEFAULT_LIMITS);
  for (let end = 0; end <= bytes.length; end += 1) {
    const result = parseRequestHead(head, bytes, 0, end);
    if (result !== 0) return describe(head, result, 0);
  }
  return 0;
}

/** Every call sees the octets somewhere else; nothing of the place before remains. */
function readMoved(text: string): number | string | Reading {
  const source = octetsOf(text);
  const head = new RequestHead(DEFAULT_LIMITS);
  for (let size = 0; size <= source.length; size += 3) {
    const start = (size * 7) % 11;
    const bytes = new Uint8Array(start + source.length);
    bytes.set(source.subarray(0, size), start);
    const result = parseRequestHead(head, bytes, start, start + size);
    if (result !== 0) return describe(head, result, start);
    bytes.fill(0);
  }
  return readWhole(text);
}

function describe(head: RequestHead, result: number, start: number): number | string | Reading {
  if (result === 0) return 0;
  if (result < 0) return headError(result).reason;
  const { bytes, fields } = head;
  assert.equal(textOf(bytes, result - 4, result), '\r\n\r\n');
  assert.ok(head.start >= start);
  return {
    method: methodName(head.method),
    target: textOf(head.targetBytes, head.targetStart, head.targetEnd),
    path: textOf(head.targetBytes, head.targetStart, head.pathEnd),
    host: textOf(bytes, head.hostStart, head.hostNameEnd),
    port: textOf(bytes, head.hostNameEnd, head.hostEnd),
    fields: Array.from({ length: fields.count }, (_, index) => {
      if (fields.ids[index] === 255) return '-';
      const name = textOf(bytes, fields.nameStart(index), fields.nameEnd(index));
      return `${name}=${textOf(bytes, fields.valueStart(index), fields.valueEnd(index))}`;
    }),
    framing: head.framing,
    contentLength: head.contentLength,
    keepAlive: head.keepAlive,
    upgrade: head.upgrade,
    expectContinue: head.expectContinue,
    acceptsTrailers: head.acceptsTrailers,
  };
}

for (const [name, [text, reading]] of Object.entries(ACCEPTED)) {
  test(`accepts ${name}`, () => {
    const expected = { ...PLAIN, ...reading };
    assert.deepEqual(readWhole(text), expected);
    assert.deepEqual(readWhole(`${text}GET /\0\n`), expected);
    assert.deepEqual(readByOctet(text), expected);
    assert.deepEqual(readMoved(text), expected);
  });
}

for (const [name, [text, reason]] of Object.entries(REFUSED)) {
  test(`refuses ${name}`, () => {
    assert.equal(readWhole(text), reason);
    assert.equal(readByOctet(text), reason);
    assert.equal(readMoved(text), reason);
  });
}

const sized = (size: number): string => {
  const text = withFields('A: ');
  return text.replace('A: ', `A: ${'x'.repeat(size - text.length)}`);
};

test('limits the size of a head', () => {
  const { headBytesMax } = DEFAULT_LIMITS;
  const longest = sized(headBytesMax);
  assert.equal(typeof readWhole(longest), 'object');
  assert.equal(typeof readByOctet(longest), 'object');
  for (const text of [sized(headBytesMax + 1), sized(headBytesMax * 2)]) {
    assert.equal(readWhole(text), 'head-too-large');
    assert.equal(readByOctet(text), 'head-too-large');
  }
  const target = withTarget(`/${'x'.repeat(headBytesMax)}`);
  assert.equal(readWhole(target), 'target-too-long');
  assert.equal(readByOctet(target), 'target-too-long');
});

test('limits the number of fields', () => {
  const lines = (count: number): string[] => Array.from({ length: count }, () => 'A: b');
  assert.equal(typeof readWhole(withFields(...lines(99))), 'object');
  assert.equal(readWhole(withFields(...lines(100))), 'too-many-fields');
});

test('limits the number of connection options', () => {
  const options = (count: number): string => `Connection: ${'a,'.repeat(count)}`;
  assert.equal(typeof readWhole(withFields(options(64))), 'object');
  assert.equal(readWhole(withFields(options(65))), 'too-many-fields');
  assert.equal(readWhole(withFields(options(33), options(33))), 'too-many-fields');
});

test('finds fields by id and by name', () => {
  const bytes = octetsOf(withFields('Cookie: a', 'X-a: 1', 'Vary: b', 'x-A: 2', 'cookie: c'));
  const head = new RequestHead(DEFAULT_LIMITS);
  assert.ok(parseRequestHead(head, bytes, 0, bytes.length) > 0);
  assert.equal(head.fields.find(FIELD.cookie), 1);
  assert.equal(head.fields.find(FIELD.vary), 3);
  assert.equal(head.fields.find(FIELD.origin), -1);
  assert.equal(head.fields.find(FIELD.etag), -1);
  assert.equal(head.fields.findName(octetsOf('x-a'), 0), 2);
  assert.equal(head.fields.findName(octetsOf('x-a'), 3), 4);
  assert.equal(head.fields.findName(octetsOf('x-a'), 5), -1);
});

test('reads a head octet by octet in linear time', () => {
  const bytes = octetsOf(sized(DEFAULT_LIMITS.headBytesMax));
  let reads = 0;
  const counted = new Proxy(bytes, {
    get(target, key) {
      reads += 1;
      const value: unknown = Reflect.get(target, key, target);
      return value;
    },
  });
  const head = new RequestHead(DEFAULT_LIMITS);
  for (let end = 1; end <= bytes.length; end += 1) parseRequestHead(head, counted, 0, end);
  assert.ok(reads < bytes.length * 8, `${reads} reads of ${bytes.length} octets`);
});
