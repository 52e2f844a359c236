import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createManualClock,
  type Effect,
  type EffectHandlers,
  type EffectIntent,
  effectId,
  execute,
  type HandlerResult,
} from './index.ts';

const target = { group: 'example.test', kind: 'Thing', namespace: 'ns', name: 'x' };
const withId = (intent: EffectIntent): Effect => ({ ...intent, id: effectId(intent) });

const every: Effect[] = [
  withId({ kind: 'delete', target }),
  withId({ kind: 'publish-config', target, version: '1', content: {} }),
  withId({ kind: 'requeue-at', at: 5, reason: 'expiry' }),
  withId({ kind: 'apply', target, object: {} }),
  withId({ kind: 'patch-status', target, status: {} }),
  withId({ kind: 'emit-event', subject: target, type: 'Normal', reason: 'Seen', message: '' }),
];
const orderedKinds = [
  'apply',
  'publish-config',
  'patch-status',
  'emit-event',
  'delete',
  'requeue-at',
];

type Answer = (effect: Effect) => Promise<HandlerResult>;

function handlersThat(answer: Answer): EffectHandlers {
  return {
    emitEvent: answer,
    patchStatus: answer,
    apply: answer,
    publishConfig: answer,
    delete: answer,
  };
}

const portsThat = (answer: Answer, clock = createManualClock()) => ({
  handlers: handlersThat(answer),
  clock,
  isLeader: () => true,
  isBackingOff: (_id: string) => false,
  limits: { concurrencyMax: 2, effectTimeoutMs: 1_000 },
});

const done = async (): Promise<HandlerResult> => ({ kind: 'done' });

test('phases run in the fixed order, each after the one before has ended', async () => {
  const log: string[] = [];
  const outcomes = await execute(
    every,
    portsThat(async ({ kind }) => {
      log.push(`${kind} begins`);
      await Promise.resolve();
      log.push(`${kind} ends`);
      return { kind: 'done' };
    }),
  );
  const acting = orderedKinds.filter((kind) => kind !== 'requeue-at');
  assert.deepEqual(
    log,
    acting.flatMap((kind) => [`${kind} begins`, `${kind} ends`]),
  );
  assert.deepEqual(
    outcomes.map(({ effect, kind }) => [effect.kind, kind]),
    orderedKinds.map((kind) => [kind, kind === 'requeue-at' ? 'scheduled' : 'done']),
  );
});

test('a failure and a throw stay with their effect', async () => {
  const outcomes = await execute(
    every,
    portsThat(async ({ kind }) => {
      if (kind === 'patch-status') throw new Error('socket hang up');
      if (kind === 'apply') return { kind: 'failed', reason: 'conflict', message: 'changed' };
      return { kind: 'done' };
    }),
  );
  const of = (kind: string) => outcomes.find(({ effect }) => effect.kind === kind);
  const thrown = of('patch-status');
  assert.ok(thrown?.kind === 'failed' && thrown.reason === 'unexpected');
  assert.match(thrown.message, /socket hang up/);
  const failed = of('apply');
  assert.ok(failed?.kind === 'failed' && failed.reason === 'conflict');
  assert.equal(of('publish-config')?.kind, 'done');
  assert.equal(of('delete')?.kind, 'done');
});

test('a handler that throws before it returns a promise is isolated too', async () => {
  const [outcome] = await execute(
    [every[0]!],
    portsThat(() => {
      throw new TypeError('not a promise');
    }),
  );
  assert.ok(outcome?.kind === 'failed' && outcome.reason === 'unexpected');
});

test('without leadership nothing acts, but requeues are kept', async () => {
  const outcomes = await execute(every, {
    ...portsThat(() => assert.fail('acted')),
    isLeader: () => false,
  });
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['skipped', 'skipped', 'skipped', 'skipped', 'skipped', 'scheduled'],
  );
});

test('a lease lost in the middle stops the rest', async () => {
  let leads = true;
  const outcomes = await execute(every, {
    ...portsThat(async ({ kind }) => {
      if (kind === 'patch-status') leads = false;
      return { kind: 'done' };
    }),
    isLeader: () => leads,
  });
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['done', 'done', 'done', 'skipped', 'skipped', 'scheduled'],
  );
});

test('an effect that is backing off is left alone', async () => {
  const held = every.find(({ kind }) => kind === 'apply')!.id;
  const outcomes = await execute(every, { ...portsThat(done), isBackingOff: (id) => id === held });
  const skipped = outcomes.filter((outcome) => outcome.kind === 'skipped');
  assert.deepEqual(
    skipped.map(({ effect, because }) => [effect.id, because]),
    [[held, 'backing-off']],
  );
});

test('the second effect of one id is refused', async () => {
  const apply = every.find(({ kind }) => kind === 'apply')!;
  const outcomes = await execute([apply, { ...apply }], portsThat(done));
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.kind === 'failed' ? outcome.reason : outcome.kind)),
    ['done', 'duplicate'],
  );
});

test('no more than concurrencyMax effects of a phase run at once', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const applies = names.map((name) =>
    withId({ kind: 'apply', target: { ...target, name }, object: {} }),
  );
  let running = 0;
  let peak = 0;
  const outcomes = await execute(
    applies,
    portsThat(async () => {
      running += 1;
      peak = Math.max(peak, running);
      await Promise.resolve();
      await Promise.resolve();
      running -= 1;
      return { kind: 'done' };
    }),
  );
  assert.equal(peak, 2);
  assert.deepEqual(
    outcomes.map(({ effect }) => effect),
    applies,
  );
});

test('a handler that never ends is a timeout, and the turn goes on', async () => {
  const clock = createManualClock();
  const execution = execute(
    every,
    portsThat(({ kind }) => (kind === 'apply' ? new Promise(() => {}) : done()), clock),
  );
  await clock.advance(1_000);
  const outcomes = await execution;
  const hung = outcomes.find(({ effect }) => effect.kind === 'apply');
  assert.ok(hung?.kind === 'failed' && hung.reason === 'timeout');
  assert.equal(outcomes.filter(({ kind }) => kind === 'done').length, 4);
});

test('a timer that calls early ends nothing early', async () => {
  const clock = createManualClock();
  const early = {
    now: clock.now,
    setTimer: (at: number, callback: () => void) =>
      clock.setTimer(Math.min(at, clock.now() + 300), callback),
  };
  let finish = (_result: HandlerResult): void => {};
  const answer = (): Promise<HandlerResult> =>
    new Promise((resolve) => {
      finish = resolve;
    });
  const execution = execute([every[0]!], { ...portsThat(answer), clock: early });
  await clock.advance(900);
  finish({ kind: 'done' });
  assert.deepEqual(
    (await execution).map(({ kind }) => kind),
    ['done'],
  );
  assert.equal(clock.pendingTimers, 0);
});

test('ids tell kinds, scopes and reasons apart', () => {
  const cluster = { group: '', kind: 'Thing', name: 'x' };
  const ids = [
    ...every.map(({ id }) => id),
    effectId({ kind: 'delete', target: cluster }),
    effectId({ kind: 'delete', target: { ...cluster, namespace: 'ns' } }),
    effectId({ kind: 'requeue-at', at: 9, reason: 'other' }),
    effectId({ kind: 'emit-event', subject: target, type: 'Normal', reason: 'Other', message: '' }),
  ];
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(every[0]!.id, 'delete/example.test/Thing/ns/x');
});
