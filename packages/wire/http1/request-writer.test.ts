/** What goes to the upstream, octet for octet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileHeaderEdits, type HeaderChanges } from '../header-edits.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { octetsOf, textOf } from '../octets.ts';
import { Output } from '../output.ts';
import { RequestHead } from './request-head.ts';
import { parseRequestHead } from './request-parser.ts';
import {
  RequestHeadPlan,
  WRITE_INVALID,
  WRITE_NO_ROOM,
  writeRequestHead,
} from './request-writer.ts';

const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');
const edits = (changes: Partial<HeaderChanges>) =>
  compileHeaderEdits([{ set: [], add: [], remove: [], ...changes }]);

function parse(text: string): RequestHead {
  const bytes = octetsOf(`....${text}BODY`);
  const head = new RequestHead(DEFAULT_LIMITS);
  assert.ok(parseRequestHead(head, bytes, 4, bytes.length) > 0);
  return head;
}

function write(text: string, changes: Partial<RequestHeadPlan> = {}): string {
  const out = new Output(new Uint8Array(4096));
  const plan = Object.assign(new RequestHeadPlan(), changes);
  const end = writeRequestHead(out, parse(text), plan);
  assert.equal(end, out.at);
  return textOf(out.bytes, 0, end);
}

const WRITTEN: Record<string, [text: string, changes: Partial<RequestHeadPlan>, out: string]> = {
  'an unchanged head': [
    lines('GET /a?b HTTP/1.1', 'host: A.test', 'Accept:  */* '),
    {},
    lines('GET /a?b HTTP/1.1', 'host: A.test', 'Accept:  */* '),
  ],
  'a head without hop-by-hop fields': [
    lines(
      'GET / HTTP/1.1',
      'Connection: keep-alive, X-Secret',
      'Host: a',
      'X-Secret: 1',
      'Keep-Alive: timeout=5',
      'A: b',
      'TE: gzip',
      'Proxy-Connection: x',
      'Upgrade: foo',
      'HTTP2-Settings: x',
    ),
    {},
    lines('GET / HTTP/1.1', 'Host: a', 'A: b'),
  ],
  'no trusted field in disguise': [
    lines('GET / HTTP/1.1', 'Host: a', 'X_Forwarded_For: 1', 'Content_Length: 5', 'x_y: 2'),
    {},
    lines('GET / HTTP/1.1', 'Host: a', 'x_y: 2'),
  ],
  'a normalised target': [
    lines('GET /%61/../b?c HTTP/1.1', 'Host: a'),
    {},
    lines('GET /b?c HTTP/1.1', 'Host: a'),
  ],
  'an absolute target': [
    lines('GET http://b.test:81/x?y HTTP/1.1', 'A: 1', 'Host: a', 'B: 2'),
    {},
    lines('GET /x?y HTTP/1.1', 'Host: b.test:81', 'A: 1', 'B: 2'),
  ],
  'OPTIONS of the server': [
    lines('OPTIONS http://b.test HTTP/1.1', 'Host: a'),
    {},
    lines('OPTIONS * HTTP/1.1', 'Host: b.test'),
  ],
  'HTTP/1.0 with Host': [
    lines('GET / HTTP/1.0', 'Host: a'),
    {},
    lines('GET / HTTP/1.1', 'Host: a'),
  ],
  'HTTP/1.0 without Host': [lines('GET / HTTP/1.0'), {}, lines('GET / HTTP/1.1', 'Host: ')],
  'a rewritten target and host': [
    lines('PUT /a HTTP/1.1', 'A: 1', 'Host: a'),
    { target: '/b?c', host: 'b' },
    lines('PUT /b?c HTTP/1.1', 'Host: b', 'A: 1'),
  ],
  'a host set by a filter': [
    lines('GET / HTTP/1.1', 'Host: a'),
    { edits: [edits({ set: [{ name: 'HOST', value: 'b:8' }] })] },
    lines('GET / HTTP/1.1', 'Host: b:8'),
  ],
  'its length once': [
    lines('POST / HTTP/1.1', 'content-length: 007', 'Host: a', 'Connection: content-length'),
    {},
    lines('POST / HTTP/1.1', 'Host: a', 'Content-Length: 7'),
  ],
  'its chunks': [
    lines('POST / HTTP/1.1', 'Host: a', 'transfer-encoding: CHUNKED'),
    {},
    lines('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked'),
  ],
  'an upgrade': [
    lines('GET / HTTP/1.1', 'Host: a', 'Connection: upgrade', 'Upgrade: websocket'),
    { forwardsUpgrade: true },
    lines('GET / HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket'),
  ],
  'no upgrade where none was asked for': [
    lines('GET / HTTP/1.1', 'Host: a', 'Upgrade: websocket'),
    { forwardsUpgrade: true },
    lines('GET / HTTP/1.1', 'Host: a'),
  ],
  'that the client reads trailers': [
    lines('GET / HTTP/1.1', 'Host: a', 'Connection: te', 'TE: trailers'),
    {},
    lines('GET / HTTP/1.1', 'Host: a', 'Connection: TE', 'TE: trailers'),
  ],
  'fields set, added and removed': [
    lines('GET / HTTP/1.1', 'Host: a', 'x-set: 1', 'X-Add: 1', 'X-Del: 1', 'X-SET: 2', 'Cookie: 1'),
    {
      edits: [
        edits({
          set: [{ name: 'X-Set', value: 'new' }],
          add: [{ name: 'x-add', value: 'two' }],
          remove: ['X-Del', 'cookie'],
        }),
      ],
    },
    lines('GET / HTTP/1.1', 'Host: a', 'X-Add: 1', 'X-Set: new', 'x-add: two'),
  ],
  'edits in order': [
    lines('GET / HTTP/1.1', 'Host: a', 'X-Forwarded-For: evil'),
    {
      edits: [
        edits({
          set: [
            { name: 'X-Forwarded-For', value: '192.0.2.1' },
            { name: 'X-One', value: '1' },
          ],
        }),
        edits({ remove: ['x-forwarded-for'], add: [{ name: 'X-One', value: '2' }] }),
      ],
    },
    lines('GET / HTTP/1.1', 'Host: a', 'X-One: 1', 'X-One: 2'),
  ],
};

for (const [name, [text, changes, expected]] of Object.entries(WRITTEN)) {
  test(`writes ${name}`, () => assert.equal(write(text, changes), expected));
}

test('refuses what would break the head', () => {
  const head = parse(lines('GET / HTTP/1.1', 'Host: a'));
  for (const changes of [
    { target: '/a b' },
    { target: '/\r\nX: y' },
    { target: '/\xe9' },
    { host: 'a\nX: y' },
  ]) {
    const out = new Output(new Uint8Array(1024));
    const plan = Object.assign(new RequestHeadPlan(), changes);
    assert.equal(writeRequestHead(out, head, plan), WRITE_INVALID);
    assert.equal(out.at, 0);
  }
});

test('writes nothing without room', () => {
  const head = parse(lines('GET / HTTP/1.1', 'Host: a', `A: ${'x'.repeat(300)}`));
  const out = new Output(new Uint8Array(512));
  assert.equal(writeRequestHead(out, head, new RequestHeadPlan()), WRITE_NO_ROOM);
  assert.equal(out.at, 0);
});
