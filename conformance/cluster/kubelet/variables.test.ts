import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Materials } from './materials.ts';
import type { Variable } from './pod.ts';
import { samplePod } from './sample-pod.ts';
import { expandReferences, readField, resolveVariables } from './variables.ts';

const facts = { nodeName: 'node-1', hostIp: '10.0.0.1', podIp: '10.0.1.1' };
const pod = samplePod(
  { serviceAccountName: 'clerk' },
  { labels: { app: 'shop', tier: 'a b' }, annotations: { 'example.org/x': 'y' } },
);
const materials: Materials = new Map([
  ['Secret/keys', new Map([['password', Buffer.from('geheim')]])],
  ['ConfigMap/settings', new Map([['level', Buffer.from('debug')]])],
]);

const references: readonly [text: string, expanded: string][] = [
  ['', ''],
  ['plain', 'plain'],
  ['a$(NAME)b$(NAME)', 'ashopbshop'],
  ['$(UNKNOWN)', '$(UNKNOWN)'],
  ['$$(NAME)', '$(NAME)'],
  ['$$$(NAME)', '$shop'],
  ['$NAME and $', '$NAME and $'],
  ['$(NAME', '$(NAME'],
];
for (const [text, expanded] of references) {
  test(`"${text}" expands to "${expanded}"`, () => {
    assert.equal(expandReferences(text, { NAME: 'shop' }), expanded);
  });
}

const fields: readonly [path: string, value: string][] = [
  ['metadata.name', 'shop-1'],
  ['metadata.namespace', 'store'],
  ['metadata.uid', 'uid-1'],
  ['metadata.labels', 'app="shop"\ntier="a b"'],
  ["metadata.labels['app']", 'shop'],
  ["metadata.labels['none']", ''],
  ["metadata.annotations['example.org/x']", 'y'],
  ['spec.nodeName', 'node-1'],
  ['spec.serviceAccountName', 'clerk'],
  ['status.hostIP', '10.0.0.1'],
  ['status.podIP', '10.0.1.1'],
  ['status.podIPs', '10.0.1.1'],
];
for (const [path, value] of fields) {
  test(`field ${path}`, () => assert.equal(readField(pod, path, facts), value));
}

test('a field that Pods cannot read is refused', () => {
  assert.throws(() => readField(pod, 'spec.containers', facts), /"spec\.containers" is not one/);
});

const resolve = (variables: readonly Variable[]) =>
  resolveVariables(variables, { BASE: 'base' }, { pod, materials, facts });

test('variables come from values, fields, Secrets and ConfigMaps; later ones see earlier ones', () => {
  assert.deepEqual(
    resolve([
      { name: 'A', value: '$(BASE)/$(LATER)' },
      { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'LATER', value: '$(A)+$(NAME)' },
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'keys', key: 'password' } } },
      { name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'settings', key: 'level' } } },
      { name: 'EMPTY' },
    ]),
    {
      BASE: 'base',
      A: 'base/$(LATER)',
      NAME: 'shop-1',
      LATER: 'base/$(LATER)+shop-1',
      PASSWORD: 'geheim',
      LEVEL: 'debug',
      EMPTY: '',
    },
  );
});

test('a key that is missing is an error unless it is optional', () => {
  const missing = { name: 'keys', key: 'user' };
  assert.throws(
    () => resolve([{ name: 'USER', valueFrom: { secretKeyRef: missing } }]),
    /key user in Secret keys/,
  );
  assert.deepEqual(
    resolve([{ name: 'USER', valueFrom: { secretKeyRef: { ...missing, optional: true } } }]),
    { BASE: 'base' },
  );
});
