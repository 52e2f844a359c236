/** Silence and outages, with time turned by hand: how soon they are noticed, and what they cost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '@sluice/sansio';
import { createInProcessApi } from '@sluice/testkit';
import {
  configMaps,
  type Reflection as Of,
  settleInEventLoop,
  startReflection,
} from './sample-reflection.ts';

type Reflection = Of<ReturnType<typeof createInProcessApi>>;

function openReflection(objects: number, random: () => number = () => 0.5): Reflection {
  const clock = createManualClock(1_000_000, settleInEventLoop);
  return startReflection({ clock, createApi: createInProcessApi, objects, random });
}

/** Turns time until `holds`, at most `limitMs`; says how long it took, to a hundredth of that. */
async function passUntil(
  { clock }: Reflection,
  holds: () => boolean,
  limitMs: number,
): Promise<number> {
  const stepMs = limitMs / 100;
  for (let passedMs = 0; passedMs <= limitMs; passedMs += stepMs) {
    if (holds()) return passedMs;
    await clock.advance(stepMs);
  }
  assert.fail(`not within ${limitMs} ms`);
}

const isCurrent = (reflection: Reflection) => () =>
  reflection.held().join() === reflection.stored().join();

/** In its watch, after one list. */
async function settle(reflection: Reflection): Promise<void> {
  await reflection.clock.advance(100);
  assert.deepEqual(reflection.held(), reflection.stored());
  assert.equal(reflection.api.lists(), 1);
  assert.equal(reflection.api.open(), 1);
}

test('a quiet watch of a server that answers is left alone until the server ends it', async () => {
  const reflection = openReflection(3);
  await settle(reflection);
  await reflection.clock.advance(295_000);
  assert.equal(reflection.api.watches(), 1);
  assert.equal(reflection.api.others(), 9, 'asked after each 30 seconds of silence');
  await reflection.clock.advance(10_000);
  assert.equal(reflection.api.watches(), 2);
  assert.equal(reflection.api.lists(), 1);
  assert.deepEqual(reflection.problems, []);
  await reflection.stop();
});

test('a watch that is heard of needs no question', async () => {
  const reflection = openReflection(3);
  await settle(reflection);
  for (let count = 0; count < 20; count += 1) {
    reflection.api.bookmark();
    await reflection.clock.advance(10_000);
  }
  assert.equal(reflection.api.others(), 0);
  await reflection.stop();
});

for (const random of [0, 0.999]) {
  test(`three minutes without a word from the server, then all is known at once (${random})`, async () => {
    const reflection = openReflection(3, () => random);
    await settle(reflection);
    reflection.api.stall();
    const noticedMs = await passUntil(reflection, () => reflection.problems.length > 0, 60_000);
    assert(noticedMs <= 40_200, `noticed after ${noticedMs} ms`);
    assert.match(reflection.problems[0] ?? '', /^watch configmaps: it is silent, and the server/);
    reflection.api.put('o1', 'meanwhile');
    await reflection.clock.advance(180_000 - noticedMs);
    assert.match(reflection.problems[1] ?? '', /^watch configmaps: no answer within 10000 ms$/);
    reflection.api.wake();
    const knownMs = await passUntil(reflection, isCurrent(reflection), 5_000);
    assert(knownMs <= 2_100, `known after ${knownMs} ms`);
    assert.equal(reflection.api.lists(), 1);
    await reflection.stop();
  });
}

test('a version that is gone after an outage costs one list', async () => {
  const reflection = openReflection(1200);
  await reflection.clock.advance(100);
  const pages = reflection.api.lists();
  reflection.api.stall();
  await reflection.clock.advance(180_000);
  reflection.api.remove('o7');
  reflection.api.compact();
  reflection.api.wake();
  await passUntil(reflection, isCurrent(reflection), 5_000);
  await reflection.clock.advance(60_000);
  assert.deepEqual([pages, reflection.api.lists()], [3, 6]);
  await reflection.stop();
});

test('a watch that hears nothing more while others do ends with its time', async () => {
  const reflection = openReflection(3);
  await settle(reflection);
  reflection.api.muteWatches();
  reflection.api.put('o1', 'unheard');
  const knownMs = await passUntil(reflection, isCurrent(reflection), 400_000);
  assert(knownMs <= 316_000, `known after ${knownMs} ms`);
  assert.deepEqual(reflection.problems, ['watch configmaps: the server does not end it']);
  assert.equal(reflection.api.lists(), 1);
  await reflection.stop();
});

test('while it is refused a reflector asks about once a second, and as late as it is told', async () => {
  const reflection = openReflection(3);
  await settle(reflection);
  for (let count = 0; count < 10; count += 1) reflection.api.refuse({ on: 'watch', code: 500 });
  reflection.api.endWatches('reset');
  const backMs = await passUntil(reflection, () => reflection.api.open() === 1, 30_000);
  assert(backMs > 5_000 && backMs < 11_000, `after ${backMs} ms`);
  reflection.api.refuse({ on: 'watch', code: 429, retryAfterSeconds: 7 });
  reflection.api.endWatches('end');
  const laterMs = await passUntil(reflection, () => reflection.api.open() === 1, 30_000);
  assert(laterMs >= 7_000 && laterMs <= 9_500, `after ${laterMs} ms`);
  await reflection.stop();
});

for (const random of [0, 0.999]) {
  test(`a server that starts anew is followed within 5 seconds, chance ${random}`, async () => {
    const reflection = openReflection(3, () => random);
    await settle(reflection);
    for (let count = 0; count < 10; count += 1) reflection.api.refuse({ on: 'watch', code: 500 });
    reflection.api.refuse({ on: 'watch', code: 503, retryAfterSeconds: 5 });
    reflection.api.endWatches('reset');
    await passUntil(reflection, () => reflection.problems.length > 11, 60_000);
    reflection.api.put('o1', 'anew');
    reflection.api.compact();
    const knownMs = await passUntil(reflection, isCurrent(reflection), 20_000);
    assert(knownMs <= 5_000, `known after ${knownMs} ms`);
    await reflection.stop();
  });
}

test('a stopped reflector leaves no timer and no watch', async () => {
  const reflection = openReflection(3);
  await settle(reflection);
  await reflection.stop();
  assert.equal(reflection.api.open(), 0);
  assert.equal(reflection.clock.pendingTimers, 0);
});

test('a request that is not answered is given up in time, and named', async () => {
  const reflection = openReflection(3);
  await settle(reflection);
  reflection.api.stall();
  const message = 'list configmaps in a: no answer within 10000 ms';
  const refused = assert.rejects(reflection.client.list(configMaps, { namespace: 'a' }), {
    message,
  });
  await reflection.clock.advance(10_000);
  await refused;
  await reflection.stop();
});
