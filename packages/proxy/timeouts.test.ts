import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Timeout, TimeoutWheel } from './timeouts.ts';

/** A wheel on a clock of the test's: `pass` moves it tick by tick. */
function setUp(context: TestContext) {
  context.mock.timers.enable({ apis: ['setInterval'] });
  let nowMs = 1_000;
  const wheel = new TimeoutWheel(() => nowMs);
  const pass = (durationMs: number): void => {
    for (let step = 0; step < durationMs; step += 5) {
      nowMs += 5;
      context.mock.timers.tick(5);
    }
  };
  const firedAt: number[] = [];
  const timeout = new Timeout(() => firedAt.push(nowMs - 1_000));
  return { wheel, pass, timeout, firedAt };
}

test('a timeout fires once, at its deadline or at most three ticks later', (context) => {
  for (const delayMs of [0, 1, 10, 55, 5_000, 12_345]) {
    const { wheel, pass, timeout, firedAt } = setUp(context);
    wheel.arm(timeout, delayMs);
    pass(delayMs + 100);
    assert.equal(firedAt.length, 1);
    const late = (firedAt[0] ?? 0) - delayMs;
    assert.ok(late >= 0 && late <= 30, `${delayMs} ms: ${late} ms late`);
    context.mock.timers.reset();
  }
});

test('arming again replaces the deadline, be it later or earlier', (context) => {
  const { wheel, pass, timeout, firedAt } = setUp(context);
  wheel.arm(timeout, 100);
  pass(80);
  wheel.arm(timeout, 100);
  pass(95);
  assert.deepEqual(firedAt, []);
  wheel.arm(timeout, 10_000);
  wheel.arm(timeout, 20);
  pass(60);
  assert.equal(firedAt.length, 1);
});

test('a disarmed timeout does not fire, and can be armed again', (context) => {
  const { wheel, pass, timeout, firedAt } = setUp(context);
  wheel.arm(timeout, 50);
  wheel.disarm(timeout);
  pass(200);
  assert.deepEqual(firedAt, []);
  wheel.arm(timeout, 50);
  pass(100);
  assert.equal(firedAt.length, 1);
});

test('a released timeout is forgotten, its neighbours in the slot are not', (context) => {
  const { wheel, pass } = setUp(context);
  const fired: number[] = [];
  const timeouts = Array.from({ length: 5 }, (_, index) => new Timeout(() => fired.push(index)));
  for (const timeout of timeouts) wheel.arm(timeout, 50);
  for (const index of [0, 3]) {
    const timeout = timeouts[index];
    if (timeout !== undefined) wheel.release(timeout);
  }
  pass(100);
  assert.deepEqual(
    fired.toSorted((one, other) => one - other),
    [1, 2, 4],
  );
});

test('one that is armed again from its own callback fires again', (context) => {
  const { wheel, pass } = setUp(context);
  let fired = 0;
  const timeout = new Timeout(() => {
    fired += 1;
    if (fired < 3) wheel.arm(timeout, 20);
  });
  wheel.arm(timeout, 20);
  pass(300);
  assert.equal(fired, 3);
});
