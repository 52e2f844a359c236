/**
 * Whatever is written and whatever goes wrong, in whatever order: when it is over, the sink holds
 * what a fresh LIST gives.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '@sluice/sansio';
import { createInProcessApi } from '@sluice/testkit';
import fc from 'fast-check';
import {
  configMaps,
  type Reflection as Of,
  settleInEventLoop,
  startReflection,
} from './sample-reflection.ts';

type Reflection = Of<ReturnType<typeof createInProcessApi>>;

function openReflection(objects: number, random: () => number): Reflection {
  const clock = createManualClock(1_000_000, settleInEventLoop);
  return startReflection({ clock, createApi: createInProcessApi, objects, random });
}

interface Action {
  readonly name: string;
  readonly act: (reflection: Reflection) => void | Promise<void>;
}

const action = (name: string, act: Action['act']): Action => ({ name, act });

const names = fc.integer({ min: 0, max: 5 }).map((index) => `o${index}`);
const refusals = fc.record({
  on: fc.constantFrom<'list' | 'watch'>('list', 'watch'),
  code: fc.constantFrom(410, 429, 500, 503),
  retryAfterSeconds: fc.integer({ min: 0, max: 3 }),
});

const writes: readonly fc.Arbitrary<Action>[] = [
  fc
    .tuple(names, fc.integer({ min: 0, max: 3 }))
    .map(([name, value]) => action(`put ${name}`, ({ api }) => api.put(name, `${value}`))),
  names.map((name) => action(`remove ${name}`, ({ api }) => api.remove(name))),
];

const passing = fc
  .oneof(fc.constantFrom(0, 1, 40_000), fc.integer({ min: 0, max: 3_000 }))
  .map((ms) => action(`${ms} ms pass`, ({ clock }) => clock.advance(ms)));

const expired = '{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n';
const failed = '{"type":"ERROR","object":{"kind":"Status","code":500,"reason":"Unknown"}}\n';

const faults: readonly fc.Arbitrary<Action>[] = [
  refusals.map((refusal) =>
    action(`the next ${refusal.on} gets a ${refusal.code}`, ({ api }) => api.refuse(refusal)),
  ),
  fc
    .integer({ min: 1, max: 4 })
    .map((back) => action(`late event -${back}`, ({ api }) => api.tellLate(back))),
  fc.constantFrom(
    action('reset', ({ api }) => api.endWatches('reset')),
    action('end', ({ api }) => api.endWatches('end')),
    action('compaction', ({ api }) => api.compact()),
    action('410 event', ({ api }) => api.writeRaw(expired)),
    action('500 event', ({ api }) => api.writeRaw(failed)),
    action('damaged line', ({ api }) => api.writeRaw('{"type":"ADDED","object":{"me\n')),
    action('half a line', ({ api }) => api.writeRaw('{"type":"MODI')),
    action('cut-off line', ({ api }) => {
      api.writeRaw('{"type":"ADDED","object":{"metadata":{}}}');
      api.endWatches('end');
    }),
    action('duplicate', ({ api }) => api.repeat()),
    action('bookmark', ({ api }) => api.bookmark()),
    action('mute', ({ api }) => api.muteWatches()),
    action('stall', ({ api }) => api.stall()),
    action('wake', ({ api }) => api.wake()),
  ),
];

const traces = fc.record({
  // Writes twice, or faults would seldom have something to hide.
  actions: fc.array(fc.oneof(...writes, ...writes, passing, passing, ...faults), { maxLength: 20 }),
  chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
});

/** As long as it takes a watch that nothing comes from to end, and no longer. */
async function come(reflection: Reflection): Promise<void> {
  const { api, clock } = reflection;
  api.wake();
  api.relent();
  for (let passedMs = 0; passedMs < 330_000; passedMs += 10_000) {
    await clock.advance(10_000);
    if (reflection.held().join() === reflection.stored().join() && api.open() === 1) return;
  }
}

test('after any trace of writes and faults the sink holds what a list gives', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(traces, async ({ actions, chance }) => {
      const reflection = openReflection(2, () => chance);
      for (const { name, act } of actions) {
        await act(reflection);
        const kind = name.replace(/[-\d]+/g, '');
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
      await come(reflection);
      const fresh = reflection.client.list(configMaps);
      await reflection.clock.advance(0);
      const { items } = await fresh;
      const listed = items.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);
      assert.deepEqual(reflection.held(), listed.sort());
      await reflection.stop();
      assert.equal(reflection.clock.pendingTimers, 0);
    }),
    { numRuns: 1_000 },
  );
  assert(seen.size >= 18, `only ${[...seen.keys()].join(', ')}`);
});
