/** One table of bodies; each is read whole, octet by octet and with octets after it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../limits.ts';
import { octetsOf, textOf } from '../octets.ts';
import { BodyReader, readBody } from './body-reader.ts';
import { FRAMING_CHUNKED, FRAMING_LENGTH, FRAMING_NONE, FRAMING_UNTIL_CLOSE } from './framing.ts';
import { headError } from './head-error.ts';

interface Reading {
  readonly data: string;
  readonly trailers: readonly string[];
  readonly isDone: boolean;
  readonly consumed: number;
  readonly error: string;
}

interface Body {
  readonly text: string;
  readonly framing: number;
  readonly length: number;
}

const chunked = (text: string): Body => ({ text, framing: FRAMING_CHUNKED, length: 0 });

function read(body: Body, step: number): Reading {
  const bytes = octetsOf(body.text);
  const reader = new BodyReader(DEFAULT_LIMITS);
  reader.begin(body.framing, body.length);
  let data = '';
  let at = 0;
  for (let end = 0; end < bytes.length && !reader.isDone; ) {
    end = Math.min(end + step, bytes.length);
    while (at < end && !reader.isDone) {
      const next = readBody(reader, bytes, at, end);
      if (next < 0) {
        return { data, trailers: [], isDone: false, consumed: -1, error: headError(next).reason };
      }
      assert.ok(next > at, 'every call makes progress');
      data += textOf(bytes, reader.dataStart, reader.dataEnd);
      at = next;
    }
  }
  const { trailers, isDone } = reader;
  const fields = Array.from({ length: trailers.count }, (_, index) =>
    textOf(trailers.bytes, trailers.nameStart(index), trailers.valueEnd(index)),
  );
  return { data, trailers: fields, isDone, consumed: at, error: '' };
}

const COMPLETE: Record<string, [body: Body, data: string, trailers?: string[]]> = {
  nothing: [{ text: '', framing: FRAMING_NONE, length: 0 }, ''],
  'a length': [{ text: 'abcde', framing: FRAMING_LENGTH, length: 5 }, 'abcde'],
  'a length of zero': [{ text: '', framing: FRAMING_LENGTH, length: 0 }, ''],
  'no chunk': [chunked('0\r\n\r\n'), ''],
  chunks: [chunked('5\r\nabcde\r\n1\r\n\n\r\n0\r\n\r\n'), 'abcde\n'],
  'sizes in both cases with zeros': [
    chunked(`00aA\r\n${'x'.repeat(170)}\r\n000\r\n\r\n`),
    'x'.repeat(170),
  ],
  extensions: [chunked('1;a\r\nx\r\n1;a=b;c="d;\\"\\\\\te";f\r\ny\r\n0;z=1\r\n\r\n'), 'xy'],
  trailers: [chunked('1\r\nx\r\n0\r\nA: 1\r\nB:2 \r\n\r\n'), 'x', ['A: 1', 'B:2']],
};

const REFUSED: Record<string, [text: string, reason: string]> = {
  'an empty size': ['\r\n', 'invalid-chunk-size'],
  'a size that is none': ['x\r\n', 'invalid-chunk-size'],
  'a signed size': ['+1\r\n', 'invalid-chunk-size'],
  'a prefixed size': ['0x1\r\n', 'invalid-chunk-size'],
  'space before the size': [' 1\r\n', 'invalid-chunk-size'],
  'space after the size': ['1 \r\n', 'invalid-chunk-size'],
  'a size of 2^56': ['100000000000000\r\n', 'invalid-chunk-size'],
  'a size of many zeros': ['00000000000000\r\n', 'invalid-chunk-size'],
  'a bare LF after the size': ['1\nx\r\n', 'bare-line-break'],
  'a bare CR after the size': ['1\rx', 'bare-line-break'],
  'more data than said': ['1\r\nxy\r\n', 'invalid-chunk-end'],
  'a bare LF after the data': ['1\r\nx\n', 'invalid-chunk-end'],
  'a bare CR after the data': ['1\r\nx\ry', 'invalid-chunk-end'],
  'an extension without a name': ['1;\r\n', 'invalid-chunk-extension'],
  'an extension without a value': ['1;a=\r\n', 'invalid-chunk-extension'],
  'a bare LF in an extension': ['1;a\nb\r\n', 'bare-line-break'],
  'a control character in an extension': ['1;a="\0"\r\n', 'invalid-chunk-extension'],
  'a space in an extension': ['1;a b\r\n', 'invalid-chunk-extension'],
  'a folded trailer': ['0\r\nA: b\r\n c\r\n\r\n', 'obsolete-fold'],
  'a bare LF in the trailers': ['0\r\nA: b\n\r\n', 'bare-line-break'],
  'a bare LF instead of trailers': ['0\r\n\n', 'bare-line-break'],
  'a length in the trailers': ['0\r\ncontent-length: 5\r\n\r\n', 'forbidden-trailer'],
  'a coding in the trailers': ['0\r\nTransfer-Encoding: x\r\n\r\n', 'forbidden-trailer'],
  'a trailer without a name': ['0\r\n: b\r\n\r\n', 'invalid-field-name'],
};

for (const [name, [body, data, trailers = []]] of Object.entries(COMPLETE)) {
  test(`reads a body: ${name}`, () => {
    const expected = { data, trailers, isDone: true, consumed: body.text.length, error: '' };
    const followed = { ...body, text: `${body.text}GET / HTTP/1.1\r\n` };
    assert.deepEqual(read(body, body.text.length + 1), expected);
    assert.deepEqual(read(body, 1), expected);
    assert.deepEqual(read(followed, followed.text.length), expected);
    assert.deepEqual(read(followed, 1), expected);
  });
}

for (const [name, [text, reason]] of Object.entries(REFUSED)) {
  test(`refuses a body: ${name}`, () => {
    assert.equal(read(chunked(text), text.length).error, reason);
    assert.equal(read(chunked(text), 1).error, reason);
  });
}

test('reads until the connection closes', () => {
  const body = { text: 'abc', framing: FRAMING_UNTIL_CLOSE, length: 0 };
  for (const step of [1, 3]) {
    assert.deepEqual(read(body, step), {
      data: 'abc',
      trailers: [],
      isDone: false,
      consumed: 3,
      error: '',
    });
  }
});

test('knows whether the end of the connection ends the body', () => {
  const reader = new BodyReader(DEFAULT_LIMITS);
  for (const [framing, length, expected] of [
    [FRAMING_NONE, 0, true],
    [FRAMING_LENGTH, 0, true],
    [FRAMING_LENGTH, 1, false],
    [FRAMING_CHUNKED, 0, false],
    [FRAMING_UNTIL_CLOSE, 0, true],
  ] as const) {
    reader.begin(framing, length);
    assert.equal(reader.isDoneAtClose(), expected);
  }
});

test('bounds chunk extensions and trailers', () => {
  const { chunkExtensionBytesMax, trailerBytesMax } = DEFAULT_LIMITS;
  const extension = `1;${'a'.repeat(chunkExtensionBytesMax / 4 - 1)}\r\nx\r\n`;
  const four = extension.repeat(4);
  assert.equal(read(chunked(`${four}0\r\n\r\n`), four.length * 2).isDone, true);
  assert.equal(read(chunked(`${four}0;a\r\n`), 7).error, 'chunk-extensions-too-large');
  const trailers = (size: number): string => `0\r\nA: ${'b'.repeat(size - 7)}\r\n\r\n`;
  for (const step of [1, trailerBytesMax * 2]) {
    assert.equal(read(chunked(trailers(trailerBytesMax)), step).isDone, true);
    const error = read(chunked(trailers(trailerBytesMax + 1)), step).error;
    assert.equal(error, 'trailers-too-large');
  }
});

test('begins anew after an error', () => {
  const reader = new BodyReader(DEFAULT_LIMITS);
  reader.begin(FRAMING_CHUNKED, 0);
  const broken = octetsOf('f;a="');
  readBody(reader, broken, 0, broken.length);
  reader.begin(FRAMING_CHUNKED, 0);
  const whole = octetsOf('1\r\nx\r\n0\r\nA: b\r\n\r\n');
  let at = 0;
  while (!reader.isDone) at = readBody(reader, whole, at, whole.length);
  assert.equal(at, whole.length);
  assert.equal(reader.trailers.count, 1);
});
