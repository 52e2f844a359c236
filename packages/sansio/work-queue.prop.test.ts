import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createWorkQueue } from './index.ts';

interface Item {
  readonly key: string;
  readonly serial: number;
}

const step = fc.record({
  act: fc.constantFrom('enqueue', 'take', 'done', 'retry', 'forget'),
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  pauseMs: fc.nat(300),
  delayMs: fc.nat(500),
});

const drain = (queue: ReturnType<typeof newQueue>): Item[] => {
  const taken: Item[] = [];
  for (let at = queue.nextAt(); at !== undefined; at = queue.nextAt()) {
    const items = queue.take(at);
    assert.ok(items.length > 0, 'nextAt names a time at which something is taken');
    for (const item of items) queue.done(item);
    taken.push(...items);
  }
  return taken;
};

const newQueue = () =>
  createWorkQueue<Item>({
    keyOf: ({ key }) => key,
    random: () => 0.5,
    limits: { backoffInitialMs: 50, backoffMaxMs: 400, takesPerSecond: 20, takeBurst: 3 },
  });

test('no item is lost, no key is in work twice, and the latest item of a key wins', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const queue = newQueue();
      const working = new Map<string, Item>();
      const latest = new Map<string, number>();
      const seen = new Map<string, number>();
      let now = 0;
      const see = (item: Item): void => {
        assert.ok(item.serial >= (seen.get(item.key) ?? -1), 'never older than what was seen');
        seen.set(item.key, item.serial);
      };
      steps.forEach(({ act, key, pauseMs, delayMs }, serial) => {
        now += pauseMs;
        const item = { key, serial };
        if (act === 'enqueue') queue.enqueue(item, now + delayMs);
        if (act === 'retry') queue.retry(item, now);
        if (act === 'enqueue' || act === 'retry') latest.set(key, serial);
        if (act === 'forget') queue.forget(item);
        if (act === 'done' && working.has(key)) {
          queue.done(item);
          working.delete(key);
        }
        if (act !== 'take') return;
        for (const taken of queue.take(now)) {
          assert.ok(!working.has(taken.key));
          working.set(taken.key, taken);
          see(taken);
        }
      });
      for (const item of working.values()) queue.done(item);
      for (const item of drain(queue)) see(item);
      assert.deepEqual(seen, latest);
    }),
    { numRuns: 500 },
  );
});

test('the long-run rate of takes stays within the limit', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { minLength: 50, maxLength: 200 }), (pauses) => {
      const queue = newQueue();
      let now = 0;
      let taken = 0;
      for (const [serial, pauseMs] of pauses.entries()) {
        now += pauseMs;
        queue.enqueue({ key: `${serial}`, serial }, now);
        if (queue.take(now).length > 0) taken += 1;
      }
      assert.ok(taken <= 3 + Math.ceil((now / 1000) * 20), `${taken} takes in ${now} ms`);
    }),
  );
});
