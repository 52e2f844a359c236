import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Materials } from './materials.ts';
import type { Volume } from './pod.ts';
import { samplePod } from './sample-pod.ts';
import { planVolume } from './volumes.ts';

const facts = { nodeName: 'node-1', hostIp: '10.0.0.1', podIp: '10.0.1.1' };
const materials: Materials = new Map([
  [
    'Secret/keys',
    new Map([
      ['tls.crt', Buffer.from('certificate')],
      ['tls.key', Buffer.from('key')],
    ]),
  ],
  ['ConfigMap/settings', new Map([['level', Buffer.from('debug')]])],
  ['Token/', new Map([['token', Buffer.from('own')]])],
  ['Token/vault', new Map([['token', Buffer.from('for vault')]])],
]);
const plan = (volume: Volume) => planVolume(volume, { pod: samplePod(), materials, facts });
const filesOf = (volume: Volume) =>
  Object.fromEntries([...plan(volume).files].map(([path, octets]) => [path, octets.toString()]));

const name = 'volume';
const downwardAPI = { items: [{ path: 'me', fieldRef: { fieldPath: 'metadata.name' } }] };
const cases: readonly [title: string, volume: Volume, files: Readonly<Record<string, string>>][] = [
  [
    'all keys of a Secret',
    { name, secret: { secretName: 'keys' } },
    { 'tls.crt': 'certificate', 'tls.key': 'key' },
  ],
  [
    'some keys of a Secret, under other names',
    { name, secret: { secretName: 'keys', items: [{ key: 'tls.crt', path: 'a/b.pem' }] } },
    { 'a/b.pem': 'certificate' },
  ],
  ['a ConfigMap', { name, configMap: { name: 'settings' } }, { level: 'debug' }],
  ['an optional ConfigMap that is absent', { name, configMap: { name: 'x', optional: true } }, {}],
  [
    'an optional key that is absent',
    {
      name,
      configMap: { name: 'settings', optional: true, items: [{ key: 'x', path: 'x' }] },
    },
    {},
  ],
  ['fields of the Pod', { name, downwardAPI }, { me: 'shop-1' }],
  [
    'projected sources side by side',
    {
      name,
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token' } },
          { serviceAccountToken: { path: 'vault', audience: 'vault' } },
          { configMap: { name: 'settings' } },
          { downwardAPI },
        ],
      },
    },
    { token: 'own', vault: 'for vault', level: 'debug', me: 'shop-1' },
  ],
];
for (const [title, volume, files] of cases) {
  test(`a volume of ${title}`, () => assert.deepEqual(filesOf(volume), files));
}

test('only empty folders are written to by containers, and may live in memory', () => {
  const { writable, memory } = plan({ name, emptyDir: { medium: 'Memory' } });
  assert.deepEqual({ writable, memory }, { writable: true, memory: true });
  assert.equal(plan({ name, emptyDir: {} }).memory, false);
  assert.equal(plan({ name, secret: { secretName: 'keys' } }).writable, false);
});

test('a missing key, and a kind of volume that is not there, are errors', () => {
  const configMap = { name: 'settings', items: [{ key: 'x', path: 'x' }] };
  assert.throws(() => plan({ name, configMap }), /key x in ConfigMap settings/);
  const hostPath: object = { name, hostPath: { path: '/' } };
  assert.throws(() => plan(hostPath as Volume), /volume volume is of a kind/);
});
