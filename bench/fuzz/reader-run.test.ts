/** A short run of the reader's fuzzing, and proof that its judge sees what it should see. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './comparison.ts';
import { assertStrict, LlhttpReader } from './llhttp-reader.ts';
import { runReader } from './reader-run.ts';
import { STRICTER } from './stricter.ts';
import type { MessageRecord, Transcript } from './transcript.ts';

test('the reference is strict', assertStrict);

test('mutated messages are read as the reference reads them, or refused', () => {
  const run = runReader({ seed: 1, count: 20_000, faultsMax: 5 });
  assert.deepEqual(run.faults, []);
  assert.equal(run.inputs, 20_000);
  assert.ok(run.accepted > 5_000, `only ${run.accepted} messages were accepted`);
  const unmet = [...STRICTER.keys()].filter((reason) => !run.stricter.has(reason));
  assert.deepEqual(unmet, [], 'reasons on the written list that no input met');
});

test('equal seeds give equal runs', () => {
  const options = { seed: 7, count: 200, faultsMax: 5 };
  const untimed = () => ({ ...runReader(options), slowestMs: 0 });
  assert.deepEqual(untimed(), untimed());
});

const MESSAGE: MessageRecord = {
  start: 'GET',
  target: '/',
  fields: ['Host: a'],
  body: 'xy',
  trailers: [],
  isComplete: true,
  keepAlive: true,
  upgrades: false,
};
const transcript = (changes: Partial<MessageRecord>, error = ''): Transcript => ({
  messages: [{ ...MESSAGE, ...changes }],
  error,
  consumed: 10,
});
const NOTHING: Transcript = { messages: [], error: 'HPE_X', consumed: 3 };

test('the judge sees every kind of difference', () => {
  const agreed = transcript({});
  assert.equal(compare(agreed, agreed).kind, 'agree');
  assert.equal(compare(agreed, NOTHING).kind, 'fault');
  for (const changes of [
    { start: 'PUT' },
    { fields: [] },
    { body: 'x' },
    { trailers: ['A: b'] },
    { isComplete: false },
    { keepAlive: false },
  ]) {
    assert.equal(compare(agreed, transcript(changes)).kind, 'fault', JSON.stringify(changes));
  }
  const begun = transcript({ isComplete: false });
  assert.equal(compare(begun, transcript({ isComplete: false, body: 'x' }, 'HPE_X')).kind, 'fault');
});

test('the judge knows the written list', () => {
  const refused = (error: string): Transcript => ({ messages: [], error, consumed: 0 });
  assert.equal(compare(refused('missing-host'), transcript({})).kind, 'stricter');
  assert.equal(compare(refused('bare-line-break'), transcript({})).kind, 'fault');
  assert.equal(compare(refused('bare-line-break'), NOTHING).kind, 'agree');
});

test('the reference reads pipelined messages and trailers', () => {
  const text =
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\nGET / HTTP/1.1\r\n\r\n';
  const { messages } = new LlhttpReader('requests').read(Buffer.from(text, 'latin1'));
  assert.deepEqual(
    messages.map(({ start, body, trailers }) => [start, body, trailers]),
    [
      ['POST', 'x', ['A: b']],
      ['GET', '', []],
    ],
  );
});
