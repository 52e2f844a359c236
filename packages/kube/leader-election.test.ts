/** Candidates on one API server, with time turned by hand and connections that fail or are slow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock, type ManualClock } from '@sluice/sansio';
import { createInProcessApi } from '@sluice/testkit';
import fc from 'fast-check';
import { clientOver } from './client.ts';
import { runLeaderElection } from './leader-election.ts';
import { settleInEventLoop } from './sample-reflection.ts';

const name = { namespace: 'system', name: 'controller' };
const resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};

type Api = ReturnType<typeof createInProcessApi>;

/** A candidate; its link delays each request before it arrives, or loses it. */
function join(api: Api, clock: ManualClock, identity: string, delayMs = 0) {
  const changes: boolean[] = [];
  const problems: unknown[] = [];
  const link = { isDown: false, delayMs };
  const transport: Api['transport'] = {
    async open(call) {
      if (link.isDown) throw new Error('connect ECONNREFUSED');
      if (link.delayMs > 0) {
        await new Promise<void>((resolve) => {
          clock.setTimer(clock.now() + link.delayMs, resolve);
        });
      }
      call.signal.throwIfAborted();
      return api.transport.open(call);
    },
    close: () => undefined,
  };
  const election = runLeaderElection({
    ...name,
    client: clientOver(transport, { clock }),
    identity,
    clock,
    onChange: (leads) => changes.push(leads),
    onProblem: (problem) => problems.push(problem),
  });
  const stop = async () => {
    const stopped = election.stop();
    await clock.advance(20_000);
    await stopped;
  };
  return { isLeader: election.isLeader, stop, changes, problems, link };
}

function start() {
  const clock = createManualClock(1_000_000, settleInEventLoop);
  const api = createInProcessApi(clock);
  return {
    api,
    clock,
    join: (identity: string, delayMs?: number) => join(api, clock, identity, delayMs),
  };
}

async function readSpec({ api, clock }: ReturnType<typeof start>) {
  const read = clientOver(api.transport, { clock }).get(resource, name);
  await clock.advance(0);
  return (await read)['spec'] as Readonly<Record<string, unknown>>;
}

test('of several one leads, and whoever stops gives the Lease back', async () => {
  const world = start();
  const one = world.join('one');
  await world.clock.advance(1);
  const two = world.join('two');
  await world.clock.advance(60_000);
  assert.deepEqual([one.isLeader(), two.isLeader()], [true, false]);
  const { acquireTime, renewTime, ...spec } = await readSpec(world);
  const expected = { holderIdentity: 'one', leaseDurationSeconds: 15, leaseTransitions: 1 };
  assert.deepEqual(spec, expected);
  assert.match(String(renewTime), /^1970-01-01T00:17:[34]\d\.\d{6}Z$/);
  assert.notEqual(acquireTime, renewTime);
  const stopped = one.stop();
  await world.clock.advance(2_000);
  await stopped;
  assert.deepEqual([one.isLeader(), two.isLeader()], [false, true]);
  assert.deepEqual([one.changes, two.changes], [[true], [true]]);
  await two.stop();
  assert.equal((await readSpec(world))['holderIdentity'], '');
  assert.equal(world.clock.pendingTimers, 0);
});

test('who can not renew steps down, and says so, before another takes over', async () => {
  const world = start();
  const one = world.join('one');
  await world.clock.advance(2_001);
  const two = world.join('two');
  await world.clock.advance(2_000);
  one.link.isDown = true;
  await world.clock.advance(10_000);
  assert.deepEqual([one.isLeader(), one.changes], [false, [true, false]]);
  assert.equal(two.isLeader(), false);
  await world.clock.advance(10_000);
  assert.equal(two.isLeader(), true);
  one.link.isDown = false;
  await world.clock.advance(10_000);
  assert.deepEqual([one.isLeader(), two.isLeader()], [false, true]);
  await one.stop();
  assert.equal(two.isLeader(), true, 'a follower that stops gives nothing back');
  await two.stop();
});

test('a follower counts from when it saw the Lease, not from when it asked', async () => {
  const world = start();
  const one = world.join('one');
  await world.clock.advance(1);
  const two = world.join('two');
  await world.clock.advance(20_000);
  // Its look at the Lease arrives late, and shows a renewal that is newer than the question.
  two.link.delayMs = 9_000;
  await world.clock.advance(11_000);
  one.link.isDown = true;
  two.link.delayMs = 0;
  for (let passedMs = 0; passedMs < 30_000; passedMs += 100) {
    await world.clock.advance(100);
    assert(!(one.isLeader() && two.isLeader()), `two lead after ${passedMs} ms`);
  }
  assert.equal(two.isLeader(), true);
  await Promise.all([one.stop(), two.stop()]);
});

test('a renewal that took too long makes nobody a leader', async () => {
  const world = start();
  const one = world.join('one', 6_000);
  await world.clock.advance(60_000);
  assert.deepEqual([one.isLeader(), one.changes], [false, []]);
  one.link.delayMs = 0;
  await world.clock.advance(15_000);
  assert.equal(one.isLeader(), true);
  await one.stop();
});

test('whatever happens to their links, two never lead at once, and in the end one does', async () => {
  const step = fc.record({
    who: fc.constantFrom(0, 1),
    isDown: fc.boolean(),
    delayMs: fc.constantFrom(0, 0, 500, 3_000, 8_000, 12_000),
    passMs: fc.integer({ min: 0, max: 12_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      const world = start();
      const candidates = [world.join('one'), world.join('two')];
      const pass = async (durationMs: number) => {
        for (let passedMs = 0; passedMs < durationMs; passedMs += 1_000) {
          await world.clock.advance(1_000);
          assert(!candidates.every(({ isLeader }) => isLeader()));
        }
      };
      for (const { who, passMs, ...link } of steps) {
        Object.assign(candidates[who]?.link ?? {}, link);
        await pass(passMs);
      }
      for (const { link } of candidates) Object.assign(link, { isDown: false, delayMs: 0 });
      await pass(40_000);
      assert(candidates.some(({ isLeader }) => isLeader()));
      for (const candidate of candidates) await candidate.stop();
      assert.equal(world.clock.pendingTimers, 0);
    }),
    { numRuns: 40 },
  );
});
