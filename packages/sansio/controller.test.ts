import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ControllerLimits,
  createManualClock,
  type Effect,
  type EffectHandlers,
  effectId,
  type HandlerResult,
  runController,
  type Turn,
  type Wake,
} from './index.ts';

const target = { group: '', kind: 'Thing', name: 'x' };
const objectEvent = (name: string): Wake => ({
  kind: 'object-event',
  object: { ...target, name },
});
const applyOf = (name: string): Effect => {
  const intent = { kind: 'apply', target: { ...target, name }, object: {} } as const;
  return { ...intent, id: effectId(intent) };
};

interface Setup {
  effects?: (now: number) => Effect[];
  apply?: EffectHandlers['apply'];
  isLeader?: () => boolean;
  limits?: Partial<ControllerLimits>;
}

function start({ effects = () => [], apply, isLeader = () => true, limits = {} }: Setup) {
  const clock = createManualClock(1_000);
  const turns: Turn<{ effects: Effect[] }>[] = [];
  const unchanged = async (): Promise<HandlerResult> => ({ kind: 'unchanged' });
  const controller = runController({
    snapshot: (now) => now,
    reconcile: (now) => ({ effects: effects(now) }),
    handlers: {
      emitEvent: unchanged,
      patchStatus: unchanged,
      apply: apply ?? unchanged,
      publishConfig: unchanged,
      delete: unchanged,
    },
    isLeader,
    clock,
    random: () => 1,
    limits,
    onTurn: (turn) => turns.push(turn),
  });
  return { clock, turns, controller };
}

test('a burst of events is one turn that knows all of them', async () => {
  const { clock, turns, controller } = start({});
  for (const name of ['a', 'b', 'a', 'c']) controller.wake(objectEvent(name));
  controller.wake({ kind: 'ack', source: 'pod-1' });
  controller.wake({ kind: 'ack', source: 'pod-2' });
  controller.wake({ kind: 'leadership' });
  await clock.advance(100);
  assert.equal(turns.length, 1);
  assert.equal(turns[0]?.startedAt, 1_005);
  assert.deepEqual(turns[0]?.wakes, [
    objectEvent('a'),
    objectEvent('b'),
    objectEvent('c'),
    { kind: 'ack', source: 'pod-1' },
    { kind: 'ack', source: 'pod-2' },
    { kind: 'leadership' },
  ]);
});

test('what comes alone after a quiet time need not wait, what follows it does', async () => {
  const { clock, turns, controller } = start({ limits: { idleBatchMs: 0 } });
  controller.wake(objectEvent('a'));
  controller.wake(objectEvent('b'));
  await clock.advance(1);
  controller.wake(objectEvent('c'));
  await clock.advance(1);
  controller.wake(objectEvent('d'));
  await clock.advance(100);
  controller.wake(objectEvent('e'));
  await clock.advance(100);
  assert.deepEqual(
    turns.map(({ startedAt, wakes }) => [startedAt, wakes.length]),
    [
      [1_000, 2],
      [1_006, 2],
      [1_102, 1],
    ],
  );
});

test('who follows takes its time, and none when it begins to lead', async () => {
  let leads = false;
  const limits = { followerBatchMs: 1_000 };
  const { clock, turns, controller } = start({ limits, isLeader: () => leads });
  controller.wake(objectEvent('a'));
  await clock.advance(999);
  assert.equal(turns.length, 0);
  await clock.advance(1);
  assert.equal(turns.length, 1);
  controller.wake(objectEvent('b'));
  leads = true;
  controller.wake({ kind: 'leadership' });
  await clock.advance(5);
  assert.equal(turns.length, 2);
});

test('nothing happens without a wake', async () => {
  const { clock, turns } = start({ effects: () => [applyOf('x')] });
  await clock.advance(3_600_000);
  assert.equal(turns.length, 0);
});

test('turns do not overlap, and what comes during one is in the next', async () => {
  let release = (): void => {};
  let running = 0;
  const { clock, turns, controller } = start({
    effects: () => [applyOf('x')],
    apply: async () => {
      running += 1;
      assert.equal(running, 1);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      running -= 1;
      return { kind: 'done' };
    },
  });
  controller.wake(objectEvent('a'));
  await clock.advance(10);
  controller.wake(objectEvent('a'));
  await clock.advance(10);
  assert.equal(turns.length, 0);
  release();
  await clock.advance(10);
  assert.equal(turns.length, 1);
  release();
  await clock.advance(10);
  assert.equal(turns.length, 2);
});

test('a failed effect comes back after its back-off, also when other turns pass', async () => {
  const attemptsAt: number[] = [];
  const { clock, turns, controller } = start({
    effects: () => [applyOf('x')],
    apply: async () => {
      attemptsAt.push(clock.now());
      if (attemptsAt.length < 3) return { kind: 'failed', reason: 'unavailable', message: 'down' };
      return { kind: 'done' };
    },
  });
  controller.wake(objectEvent('a'));
  await clock.advance(50);
  controller.wake(objectEvent('b'));
  await clock.advance(50);
  assert.equal(turns.length, 2);
  assert.deepEqual(attemptsAt, [1_005]);
  await clock.advance(10_000);
  assert.deepEqual(attemptsAt, [1_005, 1_205, 1_605]);
  assert.equal(turns.length, 4);
  assert.deepEqual(turns[3]?.wakes, [{ kind: 'timer', name: `retry/${applyOf('x').id}` }]);
});

test('after a success the back-off begins afresh', async () => {
  const attemptsAt: number[] = [];
  const { clock, controller } = start({
    effects: () => [applyOf('x')],
    apply: async () => {
      attemptsAt.push(clock.now());
      if (attemptsAt.length === 3) return { kind: 'done' };
      return { kind: 'failed', reason: 'unavailable', message: 'down' };
    },
  });
  controller.wake(objectEvent('a'));
  await clock.advance(1_000);
  assert.deepEqual(attemptsAt, [1_005, 1_205, 1_605]);
  controller.wake(objectEvent('a'));
  await clock.advance(206);
  assert.deepEqual(attemptsAt.slice(3), [2_005, 2_205]);
});

test('an effect that fails and is no longer wanted leaves nothing behind', async () => {
  let wanted = true;
  const { clock, turns, controller } = start({
    effects: () => (wanted ? [applyOf('x')] : []),
    apply: async () => ({ kind: 'failed', reason: 'invalid', message: 'no' }),
  });
  controller.wake(objectEvent('a'));
  await clock.advance(50);
  wanted = false;
  await clock.advance(60_000);
  assert.equal(turns.length, 2);
  wanted = true;
  controller.wake(objectEvent('a'));
  await clock.advance(206);
  assert.equal(turns.length, 4, 'the back-off began afresh');
});

test('requeue-at brings a turn at its time, and one in the past does not spin', async () => {
  const at = 61_000;
  const requeue: Effect = { kind: 'requeue-at', id: 'requeue-at/expiry', at, reason: 'expiry' };
  const { clock, turns, controller } = start({ effects: () => [requeue] });
  controller.wake(objectEvent('a'));
  await clock.advance(59_000);
  assert.equal(turns.length, 1);
  await clock.advance(1_000);
  assert.equal(turns.length, 2);
  assert.equal(turns[1]?.startedAt, at);
  await clock.advance(10_000);
  assert.equal(turns.length, 12);
});

test('a throw of the reconciler is a crashed turn; the loop lives and tries again', async () => {
  let broken = true;
  const { clock, turns, controller } = start({
    effects: () => {
      if (broken) throw new RangeError('defect');
      return [];
    },
  });
  controller.wake(objectEvent('a'));
  await clock.advance(300);
  broken = false;
  await clock.advance(10_000);
  assert.deepEqual(
    turns.map(({ kind }) => kind),
    ['crashed', 'crashed', 'completed'],
  );
  assert.ok(turns[0]?.kind === 'crashed' && turns[0].error instanceof RangeError);
  broken = true;
  controller.wake(objectEvent('a'));
  await clock.advance(206);
  assert.equal(turns.length, 5, 'the back-off began afresh');
});

test('a new leader writes what a follower only computed', async () => {
  let leads = false;
  let writes = 0;
  const { clock, turns, controller } = start({
    effects: () => [applyOf('x')],
    isLeader: () => leads,
    apply: async () => {
      writes += 1;
      return { kind: 'done' };
    },
  });
  controller.wake(objectEvent('a'));
  await clock.advance(1_000);
  assert.equal(writes, 0);
  leads = true;
  controller.wake({ kind: 'leadership' });
  await clock.advance(1_000);
  assert.equal(writes, 1);
  assert.equal(turns.length, 2);
});

test('stop lets the turn under way end and takes no other', async () => {
  let release = (): void => {};
  const { clock, turns, controller } = start({
    effects: () => [applyOf('x')],
    apply: () =>
      new Promise((resolve) => {
        release = () => resolve({ kind: 'done' });
      }),
  });
  controller.wake(objectEvent('a'));
  await clock.advance(10);
  controller.wake(objectEvent('b'));
  let ended = false;
  const stopping = controller.stop().then(() => {
    ended = true;
  });
  await clock.advance(100);
  assert.equal(ended, false);
  release();
  await stopping;
  assert.equal(turns.length, 1);
});

test('stop ends a loop that sleeps', async () => {
  const { clock, controller, turns } = start({ effects: () => [applyOf('x')] });
  controller.wake(objectEvent('a'));
  await clock.advance(10);
  controller.wake(objectEvent('b'));
  await clock.advance(1);
  assert.equal(clock.pendingTimers, 1);
  await controller.stop();
  assert.equal(turns.length, 1);
  assert.equal(clock.pendingTimers, 0);
  controller.wake(objectEvent('a'));
  await clock.advance(1_000);
  assert.equal(turns.length, 1);
});
