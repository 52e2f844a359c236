/** What goes to the client, octet for octet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileHeaderEdits } from '../header-edits.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { METHOD } from '../methods.ts';
import { octetsOf, textOf } from '../octets.ts';
import { Output } from '../output.ts';
import { FRAMING_UNTIL_CLOSE } from './framing.ts';
import { writeLocalResponse } from './local-response.ts';
import { WRITE_INVALID, WRITE_NO_ROOM } from './request-writer.ts';
import { ResponseHead } from './response-head.ts';
import { parseResponseHead } from './response-parser.ts';
import {
  CONNECTION_CLOSE,
  CONNECTION_DEFAULT,
  CONNECTION_KEEP_ALIVE,
  CONNECTION_UPGRADE,
  downstreamFraming,
  ResponseHeadPlan,
  writeResponseHead,
} from './response-writer.ts';

const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');

interface Situation {
  readonly method?: number;
  readonly clientMinorVersion?: number;
  readonly connection?: number;
}

function write(text: string, situation: Situation = {}): string {
  const bytes = octetsOf(`${text}BODY`);
  const head = new ResponseHead(DEFAULT_LIMITS);
  head.expect(situation.method ?? METHOD.GET);
  assert.ok(parseResponseHead(head, bytes, 0, bytes.length) > 0);
  const plan = new ResponseHeadPlan();
  plan.framing = downstreamFraming(head, situation.clientMinorVersion ?? 1);
  plan.connection = situation.connection ?? CONNECTION_DEFAULT;
  plan.edits = [
    compileHeaderEdits([{ set: [], add: [{ name: 'Via', value: 'p' }], remove: ['server'] }]),
  ];
  const out = new Output(new Uint8Array(2048));
  assert.equal(writeResponseHead(out, head, plan), out.at);
  return textOf(out.bytes, 0, out.at);
}

const OK = 'HTTP/1.1 200 OK';
const WRITTEN: Record<string, [text: string, situation: Situation, out: string]> = {
  'a response with a length': [
    lines(OK, 'Server: x', 'Content-Length: 5', 'A: b', 'Keep-Alive: 1', 'Connection: A'),
    {},
    lines(OK, 'Via: p', 'Content-Length: 5'),
  ],
  'chunks to HTTP/1.1': [
    lines(OK, 'Transfer-Encoding: chunked', 'A: b'),
    {},
    lines(OK, 'A: b', 'Via: p', 'Transfer-Encoding: chunked'),
  ],
  'chunks to HTTP/1.0': [
    lines(OK, 'Transfer-Encoding: chunked'),
    { clientMinorVersion: 0, connection: CONNECTION_CLOSE },
    lines(OK, 'Via: p', 'Connection: close'),
  ],
  'a body that ends with the connection': [
    lines('HTTP/1.0 200 Fine', 'A: b'),
    {},
    lines('HTTP/1.1 200 Fine', 'A: b', 'Via: p', 'Transfer-Encoding: chunked'),
  ],
  'a length to HTTP/1.0 that keeps alive': [
    lines(OK, 'Content-Length: 0'),
    { clientMinorVersion: 0, connection: CONNECTION_KEEP_ALIVE },
    lines(OK, 'Via: p', 'Content-Length: 0', 'Connection: keep-alive'),
  ],
  'HEAD with its length': [
    lines(OK, 'Content-Length: 5'),
    { method: METHOD.HEAD },
    lines(OK, 'Via: p', 'Content-Length: 5'),
  ],
  'HEAD with chunks': [
    lines(OK, 'Transfer-Encoding: chunked'),
    { method: METHOD.HEAD },
    lines(OK, 'Via: p'),
  ],
  '304 with its length': [
    lines('HTTP/1.1 304 Not Modified', 'Content-Length: 5'),
    {},
    lines('HTTP/1.1 304 Not Modified', 'Via: p', 'Content-Length: 5'),
  ],
  '204 without the length it may not have': [
    lines('HTTP/1.1 204 No Content', 'Content-Length: 5'),
    {},
    lines('HTTP/1.1 204 No Content', 'Via: p'),
  ],
  'a status line without its last space': [
    lines('HTTP/1.0 404', 'Content-Length: 0', 'A: b'),
    {},
    lines('HTTP/1.1 404 ', 'A: b', 'Via: p', 'Content-Length: 0'),
  ],
  'a switch of protocols': [
    lines('HTTP/1.1 101 Switching Protocols', 'Connection: upgrade', 'Upgrade: websocket'),
    { connection: CONNECTION_UPGRADE },
    lines(
      'HTTP/1.1 101 Switching Protocols',
      'Via: p',
      'Connection: Upgrade',
      'Upgrade: websocket',
    ),
  ],
};

for (const [name, [text, situation, expected]] of Object.entries(WRITTEN)) {
  test(`writes ${name}`, () => assert.equal(write(text, situation), expected));
}

test('frames by the version of the client', () => {
  const head = new ResponseHead(DEFAULT_LIMITS);
  head.framing = FRAMING_UNTIL_CLOSE;
  assert.equal(downstreamFraming(head, 0), FRAMING_UNTIL_CLOSE);
});

const CONTEXT = {
  date: 'Sun, 06 Nov 1994 08:49:37 GMT',
  isHead: false,
  closes: false,
  isHttp10: false,
};

function writeLocal(statusCode: number, changes: Partial<typeof CONTEXT>): string {
  const out = new Output(new Uint8Array(512));
  const response = {
    statusCode,
    fields: [{ name: 'Location', value: '/x' }],
    body: octetsOf('gone'),
  };
  assert.equal(writeLocalResponse(out, response, { ...CONTEXT, ...changes }), out.at);
  return textOf(out.bytes, 0, out.at);
}

test('writes responses of its own', () => {
  const head = ['HTTP/1.1 302 Found', `Date: ${CONTEXT.date}`, 'Location: /x', 'Content-Length: 4'];
  assert.equal(writeLocal(302, {}), `${lines(...head)}gone`);
  assert.equal(writeLocal(302, { isHead: true }), lines(...head));
  assert.equal(writeLocal(302, { closes: true }), `${lines(...head, 'Connection: close')}gone`);
  assert.equal(
    writeLocal(302, { isHttp10: true }),
    `${lines(...head, 'Connection: keep-alive')}gone`,
  );
  assert.equal(writeLocal(204, { date: '' }), lines('HTTP/1.1 204 No Content', 'Location: /x'));
});

test('refuses fields of its own that would break the head', () => {
  const writeField = (name: string, value: string): number =>
    writeLocalResponse(
      new Output(new Uint8Array(512)),
      { statusCode: 200, fields: [{ name, value }], body: octetsOf('') },
      CONTEXT,
    );
  assert.ok(writeField('A', 'b') > 0);
  assert.equal(writeField('A', 'b\r\nC: d'), WRITE_INVALID);
  assert.equal(writeField('A', '\u{2603}'), WRITE_INVALID);
  assert.equal(writeField('A b', 'c'), WRITE_INVALID);
  assert.equal(writeField('', 'c'), WRITE_INVALID);
  assert.equal(writeField('A', 'x'.repeat(500)), WRITE_NO_ROOM);
});
