import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from './pod.ts';
import { decidePod, type PodAction, podAddress } from './pods.ts';
import { samplePod } from './sample-pod.ts';

const deleted = { deletionTimestamp: '2026-01-02T03:04:05Z' };
const here = { nodeName: 'here' };

const cases: readonly [title: string, pod: Pod, action: PodAction][] = [
  ['new', samplePod(), 'bind'],
  ['deleted before it had a node', samplePod({}, deleted), 'ignore'],
  ['of another node', samplePod({ nodeName: 'there' }), 'ignore'],
  ['deleted, of another node', samplePod({ nodeName: 'there' }, deleted), 'ignore'],
  ['of this node', samplePod(here), 'run'],
  ['of this node, running', { ...samplePod(here), status: { phase: 'Running' } }, 'run'],
  ['of this node, done', { ...samplePod(here), status: { phase: 'Succeeded' } }, 'ignore'],
  ['of this node, failed', { ...samplePod(here), status: { phase: 'Failed' } }, 'ignore'],
  ['deleted', samplePod(here, deleted), 'stop'],
  ['deleted, done', { ...samplePod(here, deleted), status: { phase: 'Succeeded' } }, 'stop'],
];
for (const [title, pod, action] of cases) {
  test(`a Pod ${title}: ${action}`, () => assert.equal(decidePod(pod, 'here'), action));
}

test('every Pod has an address of its own, beyond those of the node', () => {
  assert.equal(podAddress(0, '10.244.0.1'), '10.244.1.1');
  assert.equal(podAddress(249, '10.244.0.1'), '10.244.1.250');
  assert.equal(podAddress(250, '10.244.0.1'), '10.244.2.1');
  const addresses = Array.from({ length: 5_000 }, (_, index) => podAddress(index, '10.244.0.1'));
  assert.equal(new Set(addresses).size, addresses.length);
});
