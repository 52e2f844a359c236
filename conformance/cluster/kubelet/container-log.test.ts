import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContainerLog, parseLogQuery, renderLine, selectLines } from './container-log.ts';

test('lines of both streams stand in the order and with the time of their arrival', () => {
  const log = new ContainerLog();
  let nowMs = 1;
  const output = log.writer(() => nowMs);
  const errors = log.writer(() => nowMs);
  output.write('one\ntw');
  nowMs = 2;
  errors.write('three\n');
  nowMs = 3;
  output.write('o\n');
  assert.deepEqual(log.lines, [
    { atMs: 1, text: 'one' },
    { atMs: 2, text: 'three' },
    { atMs: 3, text: 'two' },
  ]);
});

test('what a program wrote last counts without a newline, once it has ended', () => {
  const log = new ContainerLog();
  const writer = log.writer(() => 1);
  writer.write('panic');
  assert.deepEqual(log.lines, []);
  writer.end();
  writer.end();
  assert.deepEqual(log.lines, [{ atMs: 1, text: 'panic' }]);
});

test('a line without an end does not grow for ever', () => {
  const log = new ContainerLog();
  const writer = log.writer(() => 1);
  for (let part = 0; part < 3; part += 1) writer.write('x'.repeat(50_000));
  assert.deepEqual(
    log.lines.map(({ text }) => text.length),
    [100_000],
  );
});

test('the oldest lines go when there are too many', () => {
  const log = new ContainerLog();
  const writer = log.writer(() => 1);
  for (let line = 0; line < 50_001; line += 1) writer.write(`${line}\n`);
  assert.equal(log.lines.length, 45_001);
  assert.equal(log.lines[0]?.text, '5000');
});

test('followers get the lines that come, until they leave', () => {
  const log = new ContainerLog();
  const writer = log.writer(() => 1);
  const seen: string[] = [];
  writer.write('before\n');
  log.begin();
  const leave = log.follow({ onLine: ({ text }) => seen.push(text), onEnd: () => seen.push('.') });
  writer.write('now\n');
  leave();
  writer.write('after\n');
  log.end();
  assert.deepEqual(seen, ['now']);
});

test('the end of a process is the end for its followers, and for those who come later', () => {
  const log = new ContainerLog();
  let ends = 0;
  const follower = { onLine: () => {}, onEnd: () => (ends += 1) };
  log.begin();
  log.follow(follower);
  assert.equal(ends, 0);
  log.end();
  assert.equal(ends, 1);
  log.follow(follower);
  assert.equal(ends, 2);
  log.begin();
  log.follow(follower);
  assert.equal(ends, 2);
});

const lines = [1_000, 2_000, 3_000].map((atMs) => ({ atMs, text: `at ${atMs}` }));
const nowMs = 4_000;

const selections: readonly [query: string, selected: readonly number[]][] = [
  ['', [1_000, 2_000, 3_000]],
  ['sinceTime=1970-01-01T00:00:02Z', [2_000, 3_000]],
  ['sinceTime=1970-01-01T00:00:02.001Z', [3_000]],
  ['sinceTime=1970-01-01T02:00:03%2B02:00', [3_000]],
  ['sinceSeconds=1', [3_000]],
  ['sinceSeconds=9', [1_000, 2_000, 3_000]],
  ['tailLines=2', [2_000, 3_000]],
  ['tailLines=0', []],
  ['tailLines=9', [1_000, 2_000, 3_000]],
  ['sinceTime=1970-01-01T00:00:02Z&tailLines=1', [3_000]],
];
for (const [query, selected] of selections) {
  test(`logs asked for with "${query}"`, () => {
    const parsed = parseLogQuery(new URLSearchParams(query), nowMs);
    assert.deepEqual(
      selectLines(lines, parsed).map(({ atMs }) => atMs),
      selected,
    );
  });
}

test('time stamps are written only for those who ask', () => {
  const line = { atMs: 1_234, text: 'hello' };
  assert.equal(renderLine(line, { timestamps: false }), 'hello\n');
  assert.equal(renderLine(line, { timestamps: true }), '1970-01-01T00:00:01.234Z hello\n');
});
