/** One object followed through everything that may happen to a watch. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject, WatchEnd, WatchEvent, WatchOptions } from '@sluice/kube';
import { CONFIG_MAPS, type WatchClient } from './kube-port.ts';
import { followObject } from './object-follow.ts';

interface Step {
  /** What the call answers: an object, or the code of the error. */
  readonly get?: string | number;
  readonly events?: readonly (readonly [WatchEvent['kind'], string])[];
  /** How the watch ends; absent: in the usual way. */
  readonly end?: 'expired' | 'damaged' | 'failed';
}

/** Plays the steps in order; the last watch stays open. Records what was asked. */
async function play(steps: readonly Step[]) {
  const calls: string[] = [];
  const states: (string | undefined)[] = [];
  const problems: unknown[] = [];
  const waiting = [...steps];
  let finish = (): void => {};
  let close = (_: WatchEnd): void => {};
  const done = new Promise<void>((resolve) => (finish = resolve));
  const open = new Promise<WatchEnd>((resolve) => (close = resolve));
  const client: WatchClient = {
    async get() {
      calls.push('get');
      const { get } = waiting.shift() ?? assert.fail('one get too many');
      if (typeof get === 'number') throw coded(get);
      return objectOf(get ?? '');
    },
    watch(_, { resourceVersion, namespace, fieldSelector }: WatchOptions, onEvent) {
      assert.equal(namespace, 'shop');
      assert.equal(fieldSelector, 'metadata.name=edge');
      calls.push(`watch ${resourceVersion ?? 'from now'}`);
      const step = waiting.shift();
      for (const [kind, version] of step?.events ?? []) onEvent(eventOf(kind, version));
      if (step === undefined) {
        finish();
        return { end: open, stop: () => close({ kind: 'stopped' }) };
      }
      return { end: Promise.resolve(endOf(step.end)), stop: () => {} };
    },
  };
  const followed = followObject({
    client,
    resource: CONFIG_MAPS,
    name: { namespace: 'shop', name: 'edge' },
    onState: (object) => states.push(object?.metadata.resourceVersion),
    onProblem: (error) => problems.push(error),
    random: () => 0,
  });
  await done;
  followed.stop();
  await open;
  return { calls, states, problems: problems.length };
}

function eventOf(kind: WatchEvent['kind'], resourceVersion: string): WatchEvent {
  if (kind === 'bookmark') return { kind, resourceVersion };
  return { kind, object: objectOf(resourceVersion) };
}

function endOf(kind: Step['end']): WatchEnd {
  return kind === undefined ? { kind: 'ended' } : { kind, error: new Error(kind) };
}

function objectOf(resourceVersion: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'edge', resourceVersion } };
}

function coded(code: number): Error {
  return Object.assign(new Error(`answered ${code}`), { code });
}

test('reads, then watches from there, and goes on where a watch ended', async () => {
  const played = await play([
    { get: '1' },
    {
      events: [
        ['modified', '2'],
        ['bookmark', '7'],
      ],
    },
    {
      events: [
        ['deleted', '8'],
        ['added', '9'],
      ],
    },
  ]);
  assert.deepEqual(played, {
    calls: ['get', 'watch 1', 'watch 7', 'watch 9'],
    states: ['1', '2', undefined, '9'],
    problems: 0,
  });
});

test('an object that is not there yet is waited for', async () => {
  const played = await play([{ get: 404 }, { events: [['added', '3']] }]);
  assert.deepEqual(played.calls, ['get', 'watch from now', 'watch 3']);
  assert.deepEqual(played.states, [undefined, '3']);
});

test('a version that is too old is not watched from again, though it is the newest', async () => {
  const played = await play([
    { get: '1' },
    { end: 'expired' },
    { get: '1' },
    {
      events: [
        ['added', '1'],
        ['bookmark', '9'],
      ],
    },
  ]);
  assert.deepEqual(played, {
    calls: ['get', 'watch 1', 'get', 'watch from now', 'watch 9'],
    states: ['1', '1', '1'],
    problems: 0,
  });
});

test('after a damaged line, which may have been a change, the object is read anew', async () => {
  const played = await play([{ get: '1' }, { end: 'damaged' }, { get: '2' }]);
  assert.deepEqual(played.calls, ['get', 'watch 1', 'get', 'watch 2']);
});

test('failures are told and tried again: a read is read again, a watch goes on', async () => {
  const played = await play([
    { get: 503 },
    { get: '1' },
    { events: [['modified', '2']], end: 'failed' },
    { end: 'failed' },
  ]);
  assert.deepEqual(played, {
    calls: ['get', 'get', 'watch 1', 'watch 2', 'watch 2'],
    states: ['1', '2'],
    problems: 3,
  });
});
