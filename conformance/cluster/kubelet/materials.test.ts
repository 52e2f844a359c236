import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podNeeds, readData, tokenRenewalSeconds } from './materials.ts';
import type { ProjectedSource } from './pod.ts';
import { samplePod } from './sample-pod.ts';

const token = (serviceAccountToken: NonNullable<ProjectedSource['serviceAccountToken']>) => ({
  name: `token-${serviceAccountToken.audience ?? ''}`,
  projected: { sources: [{ serviceAccountToken }] },
});

test('needs come from volumes and variables of all containers, each once', () => {
  const level = { configMapKeyRef: { name: 'settings', key: 'level', optional: true } };
  const pod = samplePod({
    initContainers: [
      {
        name: 'init',
        image: 'x',
        env: [{ name: 'P', valueFrom: { secretKeyRef: { name: 'keys', key: 'p' } } }],
      },
    ],
    containers: [{ env: [{ name: 'L', valueFrom: level }] }],
    volumes: [
      { name: 'a', secret: { secretName: 'keys', optional: true } },
      { name: 'b', emptyDir: {} },
      {
        name: 'c',
        projected: {
          sources: [
            { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
            { configMap: { name: 'kube-root-ca.crt' } },
            { downwardAPI: { items: [] } },
          ],
        },
      },
    ],
  });
  assert.deepEqual(podNeeds(pod), [
    // Needed by the init container, though the volume could do without it.
    { kind: 'Secret', name: 'keys', optional: false },
    { kind: 'Token', name: '', optional: false, expirationSeconds: 3607 },
    { kind: 'ConfigMap', name: 'kube-root-ca.crt', optional: false },
    { kind: 'ConfigMap', name: 'settings', optional: true },
  ]);
});

test('tokens are renewed well before the first of them expires', () => {
  assert.equal(tokenRenewalSeconds(samplePod()), undefined);
  const path = 'token';
  assert.equal(tokenRenewalSeconds(samplePod({ volumes: [token({ path })] })), 2_880);
  const both = [
    token({ path, expirationSeconds: 1_000 }),
    token({ path, audience: 'vault', expirationSeconds: 600 }),
  ];
  assert.equal(tokenRenewalSeconds(samplePod({ volumes: both })), 480);
});

test('a token that lives for years is renewed daily, as no timer waits for longer', () => {
  const volumes = [token({ path: 'token', expirationSeconds: 2 ** 32 })];
  assert.ok((tokenRenewalSeconds(samplePod({ volumes })) ?? 0) <= 24 * 3600);
});

test('data of Secrets is base64, data of ConfigMaps text, binaryData base64', () => {
  const data = { key: Buffer.from('grün').toString('base64') };
  assert.equal(readData({ kind: 'Secret', data }).get('key')?.toString(), 'grün');
  const settings = { kind: 'ConfigMap', data: { a: 'grün' }, binaryData: { b: 'AP8=' } };
  assert.deepEqual(
    [...readData(settings)],
    [
      ['a', Buffer.from('grün')],
      ['b', Buffer.from([0, 255])],
    ],
  );
  assert.equal(readData({ kind: 'ConfigMap' }).size, 0);
});
