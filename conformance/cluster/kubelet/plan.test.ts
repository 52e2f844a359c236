import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planPod } from './plan.ts';
import type { Container, PodSpec } from './pod.ts';
import { samplePod } from './sample-pod.ts';

const program = { command: ['/echo-basic'], files: [], user: 65_532, drains: false };
const sources = {
  images: new Map([
    ['echo-basic', program],
    ['sluice', { ...program, command: ['/node', '/sluice.js'], drains: true }],
  ]),
  materials: new Map(),
  facts: { nodeName: 'node-1', hostIp: '10.0.0.1', podIp: '10.0.1.1' },
  variables: { KUBERNETES_SERVICE_HOST: '10.96.0.1' },
};
function planned(container: Partial<Container>, spec: Partial<PodSpec> = {}) {
  const [plan] = planPod(samplePod({ ...spec, containers: [container] }), sources).containers;
  assert.ok(plan !== undefined);
  return plan;
}

const images: readonly [image: string, command: string | undefined][] = [
  ['echo-basic', '/echo-basic'],
  ['echo-basic:v1', '/echo-basic'],
  ['registry.example/a/echo-basic:v1', '/echo-basic'],
  ['registry.example:5000/a/echo-basic', '/echo-basic'],
  ['registry.example:5000/echo-basic:v1@sha256:0123abcd', '/echo-basic'],
  ['registry.example/sluice:v1', '/node'],
  ['registry.example/sluice/other:v1', undefined],
  ['registry.example/not-sluice', undefined],
];
for (const [image, command] of images) {
  test(`${image} is ${command ?? 'refused'}`, () => {
    if (command === undefined) {
      assert.throws(() => planned({ image }), { message: `no program stands for image ${image}` });
    } else {
      assert.equal(planned({ image }).argv[0], command);
    }
  });
}

test('arguments are added to the command of the image, and see the variables', () => {
  const env = [{ name: 'PORT', value: '80' }];
  const args = ['--port=$(PORT)', '$(KUBERNETES_SERVICE_HOST)', '$(HOSTNAME)'];
  assert.deepEqual(planned({ env, args }).argv, [
    '/echo-basic',
    '--port=80',
    '10.96.0.1',
    'shop-1',
  ]);
  assert.deepEqual(planned({ command: ['/other'], args: ['x'] }).argv, ['/other', 'x']);
});

test('the container says who runs it, else the Pod, else the image', () => {
  const identity = ({ user, group }: { user: number; group: number }) => [user, group];
  assert.deepEqual(identity(planned({})), [65_532, 65_532]);
  const securityContext = { runAsUser: 7, runAsGroup: 8 };
  assert.deepEqual(identity(planned({}, { securityContext })), [7, 8]);
  const own = { securityContext: { runAsUser: 9 } };
  assert.deepEqual(identity(planned(own, { securityContext })), [9, 8]);
});

test('a container that must not run as root does not', () => {
  const securityContext = { runAsNonRoot: true, runAsUser: 0 };
  assert.throws(() => planned({ securityContext }), /main must not run as root/);
  assert.throws(() => planned({}, { securityContext }), /main must not run as root/);
  assert.equal(planned({ securityContext: { runAsNonRoot: true } }).user, 65_532);
});

test('what the Pod forbids its container is carried over', () => {
  const { restricted, readOnlyRoot } = planned({});
  assert.deepEqual({ restricted, readOnlyRoot }, { restricted: false, readOnlyRoot: false });
  const drop = { securityContext: { capabilities: { drop: ['ALL'] } } };
  assert.equal(planned(drop).restricted, true);
  assert.equal(planned({ securityContext: { allowPrivilegeEscalation: false } }).restricted, true);
  assert.equal(planned({ securityContext: { readOnlyRootFilesystem: true } }).readOnlyRoot, true);
});
