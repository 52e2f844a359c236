import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock, type ManualClock } from '@sluice/sansio';
import { startLeaseElection } from './lease-election.ts';
import { createSampleCluster, type SampleCluster } from './sample-cluster.ts';

const limits = { durationMs: 15_000, renewWithinMs: 10_000, retryMs: 2_000 };

function join(cluster: SampleCluster, clock: ManualClock, identity: string) {
  const changes: boolean[] = [];
  const problems: unknown[] = [];
  const election = startLeaseElection({
    client: cluster.client,
    namespace: 'sluice-system',
    name: 'sluice-controller',
    identity,
    clock,
    limits,
    onChange: (leads) => changes.push(leads),
    onProblem: (problem) => problems.push(problem),
  });
  return { ...election, changes, problems };
}

const stop = async (clock: ManualClock, election: { stop(): Promise<void> }): Promise<void> => {
  const stopped = election.stop();
  await clock.advance(0);
  await stopped;
};

test('of several one leads, and whoever stops gives the Lease back', async () => {
  const cluster = createSampleCluster();
  const clock = createManualClock(1_000);
  const one = join(cluster, clock, 'one');
  const two = join(cluster, clock, 'two');
  await clock.advance(60_000);
  assert.notEqual(one.isLeader(), two.isLeader());
  const [leader, follower] = one.isLeader() ? [one, two] : [two, one];
  await stop(clock, leader);
  await clock.advance(limits.retryMs);
  assert.equal(leader.isLeader(), false);
  assert.equal(follower.isLeader(), true);
  assert.deepEqual(follower.changes, [true]);
  await stop(clock, follower);
  assert.equal(clock.pendingTimers, 0);
});

test('who can not renew steps down before another may take over', async () => {
  const cluster = createSampleCluster();
  const clock = createManualClock(1_000);
  const client = { ...cluster.client };
  const one = join({ ...cluster, client }, clock, 'one');
  await clock.advance(limits.retryMs);
  const two = join(cluster, clock, 'two');
  await clock.advance(limits.retryMs);
  assert.equal(one.isLeader(), true);
  Object.assign(client, {
    get: async () => assert.fail('connect ECONNREFUSED'),
    replace: async () => assert.fail('connect ECONNREFUSED'),
  });
  for (let passed = 0; passed < 30_000; passed += 500) {
    await clock.advance(500);
    assert.ok(!(one.isLeader() && two.isLeader()), `two lead after ${passed} ms`);
  }
  assert.equal(two.isLeader(), true);
  assert.ok(one.problems.length > 0);
  assert.deepEqual(one.changes, [true, false]);
  await stop(clock, one);
  await stop(clock, two);
});

test('who was killed and comes back under its name leads again at once', async () => {
  const cluster = createSampleCluster();
  const clock = createManualClock(1_000);
  const client = { ...cluster.client };
  const killed = join({ ...cluster, client }, clock, 'one');
  await clock.advance(limits.retryMs);
  const gone = async () => assert.fail('killed');
  Object.assign(client, { get: gone, replace: gone });
  const two = join(cluster, clock, 'two');
  const back = join(cluster, clock, 'one');
  await clock.advance(limits.retryMs);
  assert.deepEqual(
    [back, two].map((each) => each.isLeader()),
    [true, false],
  );
  for (const each of [killed, back, two]) await stop(clock, each);
});
