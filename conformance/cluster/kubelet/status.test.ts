import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplePod } from './sample-pod.ts';
import { type ContainerFacts, type ContainerState, renderPodStatus } from './status.ts';

const at = '2026-01-02T03:04:05.000Z';
const pod = samplePod({ containers: [{ name: 'a' }, { name: 'b' }] });
const running: ContainerState = { kind: 'running', startedAt: at };
const ended = (exitCode: number): ContainerState => ({
  kind: 'terminated',
  exitCode,
  finishedAt: at,
});
const backingOff: ContainerState = { kind: 'waiting', reason: 'CrashLoopBackOff', message: 'no' };

interface Status {
  readonly phase: string;
  readonly podIP?: string;
  readonly conditions: readonly { type: string; status: string; reason?: string }[];
  readonly containerStatuses: readonly {
    ready: boolean;
    restartCount: number;
    state: Readonly<Record<string, object>>;
  }[];
}

function render(containers: Readonly<Record<string, Partial<ContainerFacts>>>): Status {
  const facts = Object.entries(containers).map(
    ([name, fact]) => [name, { state: running, restarts: 0, ready: false, ...fact }] as const,
  );
  return renderPodStatus(pod, {
    hostIp: '10.0.0.1',
    podIp: '10.0.1.1',
    startedAt: at,
    containers: new Map(facts),
    initialized: true,
    changedAt: at,
  }) as Status;
}

const conditionOf = ({ conditions }: Status, type: string) =>
  conditions.find((condition) => condition.type === type);

type Case = readonly [
  title: string,
  containers: Readonly<Record<string, Partial<ContainerFacts>>>,
  phase: string,
  ready: boolean,
];
const cases: readonly Case[] = [
  ['nothing started', {}, 'Pending', false],
  ['one of two started', { a: { ready: true } }, 'Running', false],
  ['both ready', { a: { ready: true }, b: { ready: true } }, 'Running', true],
  ['one not ready', { a: { ready: true }, b: {} }, 'Running', false],
  ['one failing again and again', { a: { state: backingOff, restarts: 2 } }, 'Running', false],
  ['both done', { a: { state: ended(0) }, b: { state: ended(0) } }, 'Succeeded', false],
  ['one failed', { a: { state: ended(0) }, b: { state: ended(3) } }, 'Failed', false],
  ['one done, one running', { a: { state: ended(0) }, b: { ready: true } }, 'Running', false],
];
for (const [title, containers, phase, ready] of cases) {
  test(`${title}: ${phase}, ${ready ? 'Ready' : 'not Ready'}`, () => {
    const status = render(containers);
    assert.equal(status.phase, phase);
    assert.equal(conditionOf(status, 'Ready')?.status, ready ? 'True' : 'False');
    assert.equal(conditionOf(status, 'ContainersReady')?.status, ready ? 'True' : 'False');
  });
}

test('states are shown as the API has them, and why a Pod is not ready', () => {
  const status = render({ a: { state: backingOff, restarts: 2 }, b: { state: ended(137) } });
  assert.deepEqual(status.containerStatuses[0]?.state, {
    waiting: { reason: 'CrashLoopBackOff', message: 'no' },
  });
  assert.equal(status.containerStatuses[0]?.restartCount, 2);
  assert.deepEqual(status.containerStatuses[1]?.state, {
    terminated: { exitCode: 137, reason: 'Error', finishedAt: at },
  });
  assert.equal(conditionOf(status, 'Ready')?.reason, 'CrashLoopBackOff');
  assert.equal(status.podIP, '10.0.1.1');
});
