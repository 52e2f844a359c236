/**
 * Convergence: whatever happens to the world and whichever handlers fail, hang or throw in the
 * meantime, once the faults end the world becomes as wanted, and then the loop is quiet.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createManualClock,
  type Effect,
  effectId,
  type HandlerResult,
  type ManualClock,
  runController,
} from './index.ts';

const names = ['a', 'b', 'c', 'd'];
const step = fc.record({
  name: fc.constantFrom(...names),
  /** 0 removes. */
  value: fc.nat(3),
  pauseMs: fc.nat(2_000),
  leads: fc.boolean(),
});
const fault = fc.constantFrom('none', 'refuse', 'throw', 'hang', 'slow');

const refOf = (name: string) => ({ group: '', kind: 'Thing', name });

function effectsFor(wanted: Map<string, number>, actual: Map<string, number>): Effect[] {
  return names.flatMap((name): Effect[] => {
    const value = wanted.get(name);
    if (value === actual.get(name)) return [];
    const target = refOf(name);
    if (value === undefined) {
      return [{ kind: 'delete', target, id: effectId({ kind: 'delete', target }) }];
    }
    const intent = { kind: 'apply', target, object: { value } } as const;
    return [{ ...intent, id: effectId(intent) }];
  });
}

async function suffer(kind: string, clock: ManualClock): Promise<HandlerResult> {
  if (kind === 'throw') throw new Error('broken');
  if (kind === 'hang') await new Promise(() => {});
  if (kind === 'slow') {
    await new Promise<void>((resolve) => {
      clock.setTimer(clock.now() + 700, resolve);
    });
  }
  return kind === 'refuse'
    ? { kind: 'failed', reason: 'unavailable', message: 'later' }
    : { kind: 'done' };
}

function startWorld(faults: readonly string[]) {
  const clock = createManualClock();
  const wanted = new Map<string, number>();
  const actual = new Map<string, number>();
  const state = { leads: true, faulty: true, turns: 0, calls: 0 };
  const act = async (change: () => void): Promise<HandlerResult> => {
    state.calls += 1;
    const kind = state.faulty ? (faults[state.calls % faults.length] ?? 'none') : 'none';
    const result = await suffer(kind, clock);
    if (result.kind === 'done') change();
    return result;
  };
  const unchanged = async (): Promise<HandlerResult> => ({ kind: 'unchanged' });
  const controller = runController({
    snapshot: () => ({ wanted: new Map(wanted), actual: new Map(actual) }),
    reconcile: (world) => ({ effects: effectsFor(world.wanted, world.actual) }),
    handlers: {
      emitEvent: unchanged,
      patchStatus: unchanged,
      publishConfig: unchanged,
      apply: ({ target, object }) =>
        act(() => actual.set(target.name, (object as { value: number }).value)),
      delete: ({ target }) => act(() => actual.delete(target.name)),
    },
    isLeader: () => state.leads,
    clock,
    random: () => 0.5,
    onTurn: () => {
      state.turns += 1;
    },
  });
  return { clock, wanted, actual, state, controller };
}

test('the world becomes as wanted once the faults end, and then nothing moves', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 15 }),
      fc.array(fault, { minLength: 1, maxLength: 7 }),
      async (steps, faults) => {
        const { clock, wanted, actual, state, controller } = startWorld(faults);
        for (const { name, value, pauseMs, leads } of steps) {
          if (value === 0) wanted.delete(name);
          else wanted.set(name, value);
          state.leads = leads;
          controller.wake({ kind: 'leadership' });
          controller.wake({ kind: 'object-event', object: refOf(name) });
          await clock.advance(pauseMs);
        }
        state.faulty = false;
        state.leads = true;
        controller.wake({ kind: 'leadership' });
        await clock.advance(120_000);
        assert.deepEqual(actual, wanted);
        const { turns } = state;
        await clock.advance(3_600_000);
        assert.equal(state.turns, turns, 'the loop is quiet');
        await controller.stop();
      },
    ),
    { numRuns: 60 },
  );
});
