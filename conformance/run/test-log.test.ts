/** What a Go test binary writes becomes official tests with results, times and complaints. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleLog } from './sample-test-log.ts';
import { createTestLog, type TestOutcome } from './test-log.ts';

test('each official test ends once, with its result', () => {
  const { outcomes } = readLog(sampleLog);
  assert.deepEqual(
    outcomes.map(({ name, result }) => [name, result]),
    [
      ['HTTPRouteSimple', 'passed'],
      ['GRPCExact', 'skipped'],
      ['Broken', 'failed'],
      ['Para', 'passed'],
    ],
  );
});

test('time is what the stamps span, parallel parts too', () => {
  const { outcomes } = readLog(sampleLog);
  const seconds = new Map(outcomes.map((outcome) => [outcome.name, outcome.seconds]));
  assert.equal(seconds.get('HTTPRouteSimple'), 0.305);
  assert.equal(seconds.get('Para'), 0.2);
});

test('where nothing is stamped the time of Go stands', () => {
  const { outcomes } = readLog('=== RUN   TestConformance/A\n--- PASS: TestConformance/A (1.25s)');
  assert.equal(outcomes[0]?.seconds, 1.25);
});

test('a failed test keeps what it and its parts said, a skipped one why', () => {
  const { outcomes } = readLog(sampleLog);
  const broken = outcomes.find(({ name }) => name === 'Broken')?.lines.join('\n') ?? '';
  assert.match(broken, /Received unexpected error: b/);
  assert.match(broken, /expected no err/);
  assert.doesNotMatch(broken, /para/);
  const skipped = outcomes.find(({ name }) => name === 'GRPCExact');
  assert.match(skipped?.lines.join('\n') ?? '', /does not support GRPCRoute/);
  assert.deepEqual(outcomes.find(({ name }) => name === 'Para')?.lines, []);
});

test('what stands outside of official tests is kept apart', () => {
  const { outside } = readLog(sampleLog);
  assert.ok(outside.includes('plain output'));
  assert.ok(outside.some((line) => line.includes('Running conformance tests with:')));
});

test('a panic without any test is kept', () => {
  const { outcomes, outside } = readLog('panic: runtime error\n\ngoroutine 1 [running]:');
  assert.deepEqual(outcomes, []);
  assert.deepEqual(outside, ['panic: runtime error', 'goroutine 1 [running]:']);
});

test('a test that a panic ends has failed, with what the panic says', () => {
  const log = createTestLog();
  for (const line of ['=== RUN   TestConformance/A', 'panic: test timed out after 1h']) {
    assert.equal(log.read(line), undefined);
  }
  assert.deepEqual(log.close(), [
    { name: 'A', result: 'failed', seconds: 0, lines: ['panic: test timed out after 1h'] },
  ]);
});

test('a test that talks without end costs no memory', () => {
  const talk = Array.from({ length: 10_000 }, (_, index) => `    a.go:1: line ${index}`);
  const log = ['=== RUN   TestConformance/A', ...talk, '--- FAIL: TestConformance/A (0.00s)'];
  const [outcome] = readLog(log.join('\n')).outcomes;
  assert.equal(outcome?.lines.length, 60);
  assert.match(outcome?.lines.at(-1) ?? '', /line 9999/);
});

test('what a test says again and again stands once, the last time', () => {
  const poll = (second: number): string =>
    `    helpers.go:290: 2026-11-25T12:19:1${second}.254780107Z: Gateway is not ready`;
  const other = '    helpers.go:300: 2026-11-25T12:19:10.354780107Z: another thing';
  const lines = ['=== RUN   TestConformance/A', poll(0), other, poll(1), poll(2)];
  const log = [...lines, '--- FAIL: TestConformance/A (30.00s)'].join('\n');
  assert.deepEqual(readLog(log).outcomes[0]?.lines, [other, poll(2)]);
});

function readLog(text: string): { outcomes: TestOutcome[]; outside: readonly string[] } {
  const log = createTestLog();
  const outcomes = text.split('\n').flatMap((line) => log.read(line) ?? []);
  return { outcomes, outside: log.outside() };
}
