/** One table of response heads; each is read whole, octet by octet and with octets after it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../limits.ts';
import { METHOD } from '../methods.ts';
import { octetsOf } from '../octets.ts';
import { FRAMING_CHUNKED, FRAMING_LENGTH, FRAMING_NONE, FRAMING_UNTIL_CLOSE } from './framing.ts';
import { headError } from './head-error.ts';
import { ResponseHead } from './response-head.ts';
import { parseResponseHead } from './response-parser.ts';

/** statusCode, framing, contentLength, declaredLength, keepAlive */
type Reading = readonly [number, number, number, number, boolean];

const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');
const OK = 'HTTP/1.1 200 OK';

const ACCEPTED: Record<string, [text: string, reading: Reading, method?: number]> = {
  'a length': [lines(OK, 'Content-Length: 5'), [200, FRAMING_LENGTH, 5, 5, true]],
  'an empty body': [lines(OK, 'Content-Length: 0'), [200, FRAMING_LENGTH, 0, 0, true]],
  chunks: [lines(OK, 'Transfer-Encoding: chunked'), [200, FRAMING_CHUNKED, 0, -1, true]],
  neither: [lines(OK), [200, FRAMING_UNTIL_CLOSE, 0, -1, false]],
  'a connection to close': [
    lines(OK, 'Content-Length: 5', 'Connection: close'),
    [200, FRAMING_LENGTH, 5, 5, false],
  ],
  'HTTP/1.0': [lines('HTTP/1.0 200 OK', 'Content-Length: 5'), [200, FRAMING_LENGTH, 5, 5, false]],
  'HTTP/1.0 that keeps alive': [
    lines('HTTP/1.0 200 OK', 'Content-Length: 5', 'Connection: keep-alive'),
    [200, FRAMING_LENGTH, 5, 5, true],
  ],
  'HEAD with a length': [
    lines(OK, 'Content-Length: 5'),
    [200, FRAMING_NONE, 0, 5, true],
    METHOD.HEAD,
  ],
  'HEAD with chunks': [
    lines(OK, 'Transfer-Encoding: chunked'),
    [200, FRAMING_NONE, 0, -1, true],
    METHOD.HEAD,
  ],
  'HEAD with neither': [lines(OK), [200, FRAMING_NONE, 0, -1, true], METHOD.HEAD],
  '304 with a length': [
    lines('HTTP/1.1 304 Not Modified', 'Content-Length: 5'),
    [304, FRAMING_NONE, 0, 5, true],
  ],
  '204': [lines('HTTP/1.1 204 No Content'), [204, FRAMING_NONE, 0, -1, true]],
  '100': [lines('HTTP/1.1 100 Continue'), [100, FRAMING_NONE, 0, -1, true]],
  '100 with a length of zero': [
    lines('HTTP/1.1 100 Continue', 'Content-Length: 0'),
    [100, FRAMING_NONE, 0, 0, true],
  ],
  '101': [lines('HTTP/1.1 101 '), [101, FRAMING_NONE, 0, -1, true]],
  'a missing reason': [
    lines('HTTP/1.1 404', 'Content-Length: 0'),
    [404, FRAMING_LENGTH, 0, 0, true],
  ],
  'a reason above 127': [
    lines('HTTP/1.1 999 \xe9\t!', 'Content-Length: 0'),
    [999, FRAMING_LENGTH, 0, 0, true],
  ],
};

const REFUSED: Record<string, [text: string, reason: string]> = {
  'two lengths': [lines(OK, 'Content-Length: 5', 'Content-Length: 5'), 'repeated-content-length'],
  'both framings': [
    lines(OK, 'Content-Length: 5', 'Transfer-Encoding: chunked'),
    'ambiguous-framing',
  ],
  'another coding': [lines(OK, 'Transfer-Encoding: gzip'), 'unsupported-transfer-coding'],
  'chunks in HTTP/1.0': [
    lines('HTTP/1.0 200 OK', 'Transfer-Encoding: chunked'),
    'transfer-coding-in-http10',
  ],
  'an interim response with chunks': [
    lines('HTTP/1.1 104 x', 'Transfer-Encoding: chunked'),
    'body-in-interim',
  ],
  'an interim response with a length': [
    lines('HTTP/1.1 100 Continue', 'Content-Length: 5'),
    'body-in-interim',
  ],
  'another version': [lines('HTTP/2.0 200 OK'), 'invalid-status-line'],
  'a later minor version': [lines('HTTP/1.2 200 OK'), 'invalid-status-line'],
  'two digits': [lines('HTTP/1.1 20 OK'), 'invalid-status-line'],
  'four digits': [lines('HTTP/1.1 2000 OK'), 'invalid-status-line'],
  'a status below 100': [lines('HTTP/1.1 099 OK'), 'invalid-status-line'],
  'two spaces': [lines('HTTP/1.1  200 OK'), 'invalid-status-line'],
  'a control character in the reason': [lines('HTTP/1.1 200 O\0K'), 'invalid-status-line'],
  'a bare LF': ['HTTP/1.1 200 OK\nA: b\n\n', 'bare-line-break'],
  'a bare CR': ['HTTP/1.1 200 OK\rA: b\r\n\r\n', 'bare-line-break'],
  'a folded line': [lines(OK, 'A: b', '\tc'), 'obsolete-fold'],
  'octets before the line': [`\r\n${lines(OK)}`, 'invalid-status-line'],
  'a head without end': [
    `${OK}\r\nA: ${'x'.repeat(DEFAULT_LIMITS.headBytesMax)}`,
    'head-too-large',
  ],
};

function readResponse(text: string, method: number, step: number): string | Reading {
  const bytes = octetsOf(text);
  const head = new ResponseHead(DEFAULT_LIMITS);
  head.expect(method);
  for (let end = Math.min(step, bytes.length); ; end = Math.min(end + step, bytes.length)) {
    const result = parseResponseHead(head, bytes, 0, end);
    if (result < 0) return headError(result).reason;
    if (result > 0) {
      const { statusCode, framing, contentLength, declaredLength, keepAlive } = head;
      return [statusCode, framing, contentLength, declaredLength, keepAlive];
    }
    if (end === bytes.length) return 'incomplete';
  }
}

for (const [name, [text, reading, method = METHOD.GET]] of Object.entries(ACCEPTED)) {
  test(`accepts a response: ${name}`, () => {
    assert.deepEqual(readResponse(text, method, text.length), reading);
    assert.deepEqual(readResponse(text, method, 1), reading);
    assert.deepEqual(readResponse(`${text}\0HTTP`, method, Number.MAX_SAFE_INTEGER), reading);
  });
}

for (const [name, [text, reason]] of Object.entries(REFUSED)) {
  test(`refuses a response: ${name}`, () => {
    assert.equal(readResponse(text, METHOD.GET, text.length), reason);
    assert.equal(readResponse(text, METHOD.GET, 1), reason);
  });
}

test('reads interim responses before the final one', () => {
  const text = lines('HTTP/1.1 103 Early Hints', 'Link: a') + lines(OK, 'Content-Length: 2');
  const bytes = octetsOf(text);
  const head = new ResponseHead(DEFAULT_LIMITS);
  head.expect(METHOD.GET);
  const interim = parseResponseHead(head, bytes, 0, bytes.length);
  assert.equal(head.statusCode, 103);
  assert.equal(parseResponseHead(head, bytes, interim, bytes.length), bytes.length);
  assert.equal(head.statusCode, 200);
  assert.equal(head.framing, FRAMING_LENGTH);
});

test('follows a partial head to another place', () => {
  const first = octetsOf(`${OK}\r\nContent-Length: 5\r\nA:`);
  const second = octetsOf(`..${OK}\r\nContent-Length: 5\r\nA: b\r\n\r\n`);
  const head = new ResponseHead(DEFAULT_LIMITS);
  head.expect(METHOD.GET);
  assert.equal(parseResponseHead(head, first, 0, first.length), 0);
  first.fill(0);
  assert.equal(parseResponseHead(head, second, 2, second.length), second.length);
  assert.equal(head.contentLength, 5);
  assert.equal(head.start, 2);
});
