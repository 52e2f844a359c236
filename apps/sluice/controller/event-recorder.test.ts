import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EmitEventEffect } from '@sluice/sansio';
import { createEventRecorder } from './event-recorder.ts';
import { createSampleCluster } from './sample-cluster.ts';

const subject = { group: '', kind: 'Service', namespace: 'default', name: 'app' };
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'default', name: 'app', uid: 'u' },
};

const effectOf = (message: string): EmitEventEffect => ({
  kind: 'emit-event',
  id: `emit-event/${message}`,
  subject,
  type: 'Warning',
  reason: 'Wrong',
  message,
});

function createSample(limits: { burst: number; perMinute: number }) {
  const cluster = createSampleCluster();
  let now = 0;
  const recorder = createEventRecorder({
    client: cluster.client,
    find: ({ name }) => (name === 'app' ? service : undefined),
    controllerName: 'sluice.dev/gateway-controller',
    instance: 'test',
    now: () => now,
    ...limits,
  });
  return { cluster, recorder, pass: (durationMs: number) => (now += durationMs) };
}

test('an Event regards its object and is one object however often it is said', async () => {
  const { cluster, recorder } = createSample({ burst: 9, perMinute: 1 });
  await recorder.record(effectOf('it is wrong'));
  await recorder.record(effectOf('it is wrong'));
  await recorder.record(effectOf('it is worse'));
  const names = cluster.writes.map((write) => write.split(' ')[2]);
  assert.equal(new Set(names).size, 2);
  const event = cluster.find('Event', names[0]!);
  assert.equal((event!['regarding'] as { uid: string }).uid, 'u');
  assert.equal(event!['note'], 'it is wrong');
});

test('beyond the limit Events are dropped and counted, and come again with time', async () => {
  const { cluster, recorder, pass } = createSample({ burst: 2, perMinute: 60 });
  for (const text of ['a', 'b', 'c']) await recorder.record(effectOf(text));
  assert.equal(cluster.writes.length, 2);
  assert.equal(recorder.dropped, 1);
  pass(1_000);
  await recorder.record(effectOf('d'));
  assert.equal(cluster.writes.length, 3);
});
