/** Properties: what is written is read again, however it is cut; random octets never throw. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileHeaderEdits } from '../header-edits.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { METHOD, methodName } from '../methods.ts';
import { octetsOf, textOf } from '../octets.ts';
import { Output } from '../output.ts';
import { BodyReader, readBody } from './body-reader.ts';
import { writeChunkEnd, writeChunkStart, writeLastChunk } from './chunk-writer.ts';
import { FRAMING_CHUNKED, FRAMING_LENGTH } from './framing.ts';
import { headError } from './head-error.ts';
import { RequestHead } from './request-head.ts';
import { parseRequestHead } from './request-parser.ts';
import { RequestHeadPlan, writeRequestHead } from './request-writer.ts';
import { ResponseHead } from './response-head.ts';
import { parseResponseHead } from './response-parser.ts';

const TOKEN_TEXT = "!#$%&'*+-.^_`|~09azAZ";
const name = fc
  .string({ unit: fc.constantFrom(...TOKEN_TEXT.split('')), minLength: 1, maxLength: 20 })
  .map((text) => `x${text}`);
const value = fc
  .string({ unit: fc.constantFrom(...'\t !"#,:;=\\az09~\xa0\xff'.split('')), maxLength: 30 })
  .map((text) => text.replace(/^[\t ]+|[\t ]+$/g, ''));
const fields = fc.array(fc.record({ name, value }, { noNullPrototype: true }), { maxLength: 8 });
const segment = fc.constantFrom('a', 'B-c', '%2F', '%20', '', ';x=1', '~');
const target = fc
  .tuple(fc.array(segment, { maxLength: 5 }), fc.constantFrom('', '?', '?q=1&r=%zz/../'))
  .map(([segments, query]) => `/${segments.join('/')}${query}`);
const method = fc.constantFrom(...Object.values(METHOD).filter((id) => id !== METHOD.CONNECT));
const framing = fc.oneof(
  fc.constant(''),
  fc.constant('Transfer-Encoding: chunked\r\n'),
  fc.nat(2 ** 31).map((length) => `Content-Length: ${length}\r\n`),
);

const request = fc.record({ method, target, fields, framing }).map((parts) => ({
  ...parts,
  text: `${methodName(parts.method)} ${parts.target} HTTP/1.1\r\nHost: a.test\r\n${lines(parts.fields)}${parts.framing}\r\n`,
}));

function lines(all: readonly { name: string; value: string }[]): string {
  return all.map((field) => `${field.name}: ${field.value}\r\n`).join('');
}

/** Ascending ends of pieces, the last one `length`. */
const cutsOf = (length: number) =>
  fc
    .array(fc.nat(length), { maxLength: 6 })
    .map((cuts) => [...cuts, length].sort((one, other) => one - other));

function readFields(head: RequestHead): { name: string; value: string }[] {
  const { fields: section, bytes } = head;
  return Array.from({ length: section.count }, (_, index) => ({
    name: textOf(bytes, section.nameStart(index), section.nameEnd(index)),
    value: textOf(bytes, section.valueStart(index), section.valueEnd(index)),
  }));
}

test('a request is read as it was made, however it is cut', () => {
  const cut = request.chain((made) => fc.tuple(fc.constant(made), cutsOf(made.text.length)));
  fc.assert(
    fc.property(cut, ([made, cuts]) => {
      const bytes = octetsOf(made.text);
      const head = new RequestHead(DEFAULT_LIMITS);
      let end = 0;
      for (const stop of cuts) if (end === 0) end = parseRequestHead(head, bytes, 0, stop);
      assert.equal(end, bytes.length);
      assert.equal(head.method, made.method);
      assert.equal(textOf(head.targetBytes, head.targetStart, head.targetEnd), made.target);
      const own = readFields(head).filter((field) => field.name.startsWith('x'));
      assert.deepEqual(own, made.fields);
    }),
    { numRuns: 300 },
  );
});

test('what is sent on is read again as the same request, and sending it on changes nothing', () => {
  fc.assert(
    fc.property(request, fields, (made, added) => {
      const plan = new RequestHeadPlan();
      plan.edits = [compileHeaderEdits([{ set: [], add: added, remove: [] }])];
      const first = forward(octetsOf(made.text), plan);
      const second = forward(first.written, new RequestHeadPlan());
      const sent = readFields(second.head).filter((field) => field.name.startsWith('x'));
      assert.deepEqual(sent, [...made.fields, ...added]);
      assert.equal(second.head.framing, first.head.framing);
      assert.equal(second.head.contentLength, first.head.contentLength);
      const third = forward(second.written, new RequestHeadPlan());
      assert.deepEqual(third.written, second.written);
    }),
    { numRuns: 300 },
  );
});

function forward(bytes: Uint8Array, plan: RequestHeadPlan) {
  const head = new RequestHead(DEFAULT_LIMITS);
  assert.equal(parseRequestHead(head, bytes, 0, bytes.length), bytes.length);
  const out = new Output(new Uint8Array(8192));
  assert.ok(writeRequestHead(out, head, plan) > 0);
  return { head, written: out.bytes.slice(0, out.at) };
}

test('chunks that were written are read again, however they are cut', () => {
  const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 });
  const written = fc.tuple(chunks, fields).map(([data, trailers]) => ({
    data: Buffer.concat(data).toString('latin1'),
    trailers,
    bytes: writeChunks(data, trailers),
  }));
  const cut = written.chain((made) => fc.tuple(fc.constant(made), cutsOf(made.bytes.length)));
  fc.assert(
    fc.property(cut, ([{ data, trailers, bytes }, cuts]) => {
      const reader = new BodyReader(DEFAULT_LIMITS);
      reader.begin(FRAMING_CHUNKED, 0);
      assert.equal(readCut(reader, bytes, cuts), data);
      assert.ok(reader.isDone);
      assert.equal(reader.trailers.count, trailers.length);
    }),
    { numRuns: 300 },
  );
});

function writeChunks(
  data: readonly Uint8Array[],
  trailers: readonly { name: string; value: string }[],
): Uint8Array {
  const out = new Output(new Uint8Array(8192));
  for (const chunk of data) {
    writeChunkStart(out, chunk.length);
    out.range(chunk, 0, chunk.length);
    writeChunkEnd(out);
  }
  // Reading an empty body gives the trailer section in the form that the writer takes.
  const reader = new BodyReader(DEFAULT_LIMITS);
  reader.begin(FRAMING_CHUNKED, 0);
  const text = octetsOf(`0\r\n${lines(trailers)}\r\n`);
  readCut(reader, text, [text.length]);
  assert.ok(writeLastChunk(out, reader.trailers) > 0);
  return out.bytes.slice(0, out.at);
}

function readCut(reader: BodyReader, bytes: Uint8Array, cuts: readonly number[]): string {
  let data = '';
  let at = 0;
  for (const end of cuts) {
    while (at < end && !reader.isDone) {
      const next = readBody(reader, bytes, at, end);
      assert.ok(next > at);
      data += textOf(bytes, reader.dataStart, reader.dataEnd);
      at = next;
    }
  }
  return data;
}

test('random octets are read or refused, never thrown at', () => {
  const octets = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .string({ unit: fc.constantFrom(...'GET / HTTP/1.1\r\n:;0a5'.split('')), maxLength: 200 })
      .map(octetsOf),
  );
  const isResult = (result: number, size: number): boolean =>
    result < 0 ? headError(result).reason !== '' : result <= size;
  fc.assert(
    fc.property(octets, (bytes) => {
      const requestHead = new RequestHead(DEFAULT_LIMITS);
      assert.ok(isResult(parseRequestHead(requestHead, bytes, 0, bytes.length), bytes.length));
      const responseHead = new ResponseHead(DEFAULT_LIMITS);
      responseHead.expect(METHOD.GET);
      assert.ok(isResult(parseResponseHead(responseHead, bytes, 0, bytes.length), bytes.length));
      const reader = new BodyReader(DEFAULT_LIMITS);
      for (const kind of [FRAMING_CHUNKED, FRAMING_LENGTH]) {
        reader.begin(kind, 100);
        let at = 0;
        while (at >= 0 && at < bytes.length && !reader.isDone) {
          at = readBody(reader, bytes, at, bytes.length);
        }
        assert.ok(isResult(at, bytes.length));
      }
    }),
    { numRuns: 1000 },
  );
});
