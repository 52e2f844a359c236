import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorkQueue, type WorkQueueLimits } from './index.ts';

interface Item {
  readonly key: string;
  readonly version: number;
}

const limits: WorkQueueLimits = {
  backoffInitialMs: 100,
  backoffMaxMs: 1_000,
  takesPerSecond: 10,
  takeBurst: 100,
};

const queueOf = (changed: Partial<WorkQueueLimits> = {}, random = () => 1) =>
  createWorkQueue<Item>({ keyOf: ({ key }) => key, random, limits: { ...limits, ...changed } });

const a1 = { key: 'a', version: 1 };
const a2 = { key: 'a', version: 2 };
const b1 = { key: 'b', version: 1 };

test('items are taken in order once they are ready', () => {
  const queue = queueOf();
  queue.enqueue(a1, 10);
  queue.enqueue(b1, 20);
  assert.equal(queue.nextAt(), 10);
  assert.deepEqual(queue.take(9), []);
  assert.deepEqual(queue.take(10), [a1]);
  assert.equal(queue.nextAt(), 20);
  assert.deepEqual(queue.take(20), [b1]);
  assert.equal(queue.nextAt(), undefined);
});

test('what waits coalesces: the newer item at the earlier time', () => {
  const queue = queueOf();
  queue.enqueue(a1, 10);
  queue.enqueue(a2, 50);
  assert.deepEqual(queue.take(10), [a2]);
  assert.deepEqual(queue.take(1_000), []);
});

test('an earlier time wins over a later one that waits', () => {
  const queue = queueOf();
  queue.enqueue(a1, 50);
  queue.enqueue(a2, 10);
  assert.equal(queue.nextAt(), 10);
  assert.deepEqual(queue.take(10), [a2]);
});

test('what comes during the work waits for its end and is not lost', () => {
  const queue = queueOf();
  queue.enqueue(a1, 0);
  queue.take(0);
  queue.enqueue(a2, 5);
  assert.equal(queue.nextAt(), undefined);
  assert.deepEqual(queue.take(10), []);
  queue.done(a1);
  assert.deepEqual(queue.take(10), [a2]);
});

test('back-off doubles up to its maximum and starts afresh when forgotten', () => {
  const queue = queueOf();
  const delays = [1, 2, 3, 4, 5, 6].map(() => queue.retry(a1, 0));
  assert.deepEqual(delays, [100, 200, 400, 800, 1_000, 1_000]);
  assert.equal(queue.isBackingOff(a1, 999), true);
  assert.equal(queue.isBackingOff(a1, 1_000), false);
  queue.forget(a1);
  assert.equal(queue.isBackingOff(a1, 0), false);
  assert.equal(queue.retry(a1, 0), 100);
});

test('at least half of the back-off is fixed', () => {
  assert.equal(queueOf({}, () => 0).retry(a1, 0), 50);
});

test('a retry during the work comes after the work', () => {
  const queue = queueOf();
  queue.enqueue(a1, 0);
  queue.take(0);
  queue.retry(a1, 0);
  queue.done(a1);
  assert.deepEqual(queue.take(99), []);
  assert.deepEqual(queue.take(100), [a1]);
});

test('takes beyond the burst are spaced; empty takes cost nothing', () => {
  const queue = queueOf({ takesPerSecond: 10, takeBurst: 2 });
  const takeAt = (now: number): number => {
    queue.enqueue({ key: `${now}`, version: 0 }, now);
    return queue.take(now).length;
  };
  assert.equal(queue.take(0).length, 0);
  assert.equal(takeAt(0), 1);
  assert.equal(takeAt(1), 1);
  assert.equal(takeAt(2), 0);
  assert.equal(queue.nextAt(), 100);
  assert.equal(queue.take(99).length, 0);
  assert.equal(queue.take(100).length, 1);
});
