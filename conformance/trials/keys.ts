/**
 * A private key that is searched for everywhere: it is in its Secret, in the Secret that the
 * controller assembles, and in the memory of data planes, and nowhere else. That the search finds
 * it is shown by planting it first.
 */
import assert from 'node:assert/strict';
import { readFileSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { apiCaller } from './api-call.ts';
import { type Canary, makeCanary } from './canary.ts';
import { type Container, dataPlaneSelector, findContainers } from './containers.ts';
import { findKey } from './key-search.ts';
import { until } from './patience.ts';
import { ask } from './request.ts';
import { configMaps, secrets } from './resources.ts';
import type { Trial, TrialContext } from './trial.ts';
import {
  apply,
  backend,
  className,
  gateway,
  httpsListener,
  route,
  tlsSecret,
  untilProgrammed,
} from './world.ts';

export const keys: Trial = {
  name: 'keys',
  about: 'a private key is nowhere but in its Secret, the managed Secret and memory',
  async run(context) {
    const canary = await makeCanary(hostname);
    const dataPlane = await serve(context, canary);
    const allowed = [
      `Secret ${context.namespace}/canary`,
      `Secret ${context.namespace}/own-${className}`,
    ];
    checkMemory(dataPlane, canary);
    const planted = await plant(context, canary);
    const found = await findKey(context, canary);
    assert.deepEqual(found.places, [...allowed, ...planted].sort(), 'what is planted is found');
    context.report(`planted in ${planted.length} places, found in all of them`);
    await unplant(context);
    const { places, searched } = await findKey(context, canary);
    assert.deepEqual(places, allowed);
    context.report(`searched: ${searched}; found only in ${places.join(' and ')}`);
  },
};

const hostname = 'canary.example.com';
const lastGood = 'run/sluice/last-good.json';
/** statfs(2) of a tmpfs. */
const tmpfsType = 0x01021994;
const othersBits = 0o077;
const plantedName = 'planted';

/** A listener with the key, serving; resolves with its data plane. */
async function serve(context: TrialContext, canary: Canary): Promise<Container> {
  const { client, namespace } = context;
  await client.create(secrets, tlsSecret({ namespace, name: 'canary' }, canary));
  await apply(
    context,
    ...backend(),
    gateway('own', [httpsListener('canary', hostname)]),
    route('own', { parents: [{ name: 'own' }], hostname }),
  );
  const { value: address } = await untilProgrammed(context, 'own');
  await until({ what: 'HTTPS is served', withinMs: 30_000 }, async () => {
    const { status } = await ask({ address, host: hostname, serverName: hostname });
    return status === 200 ? true : undefined;
  });
  const [dataPlane] = await findContainers(client, namespace, dataPlaneSelector('own'));
  assert.ok(dataPlane !== undefined);
  return dataPlane;
}

/** The copy for restarts is in memory, and its owner's alone. */
function checkMemory({ pid }: Container, canary: Canary): void {
  const path = `/proc/${pid}/root/${lastGood}`;
  assert.ok(canary.isIn(readFileSync(path)), 'the last good config has the key');
  assert.equal(statfsSync(dirname(path)).type, tmpfsType);
  assert.equal(statSync(path).mode & othersBits, 0);
}

/** In each kind of place that is searched; resolves with what the search calls them. */
async function plant(context: TrialContext, canary: Canary): Promise<readonly string[]> {
  const { client, namespace } = context;
  const metadata = { name: plantedName, namespace };
  const { privateKeyPem, piece } = canary;
  const binaryData = { part: gzipSync(JSON.stringify({ privateKeyPem })).toString('base64') };
  const kind = 'ConfigMap';
  await client.create(configMaps, { apiVersion: 'v1', kind, metadata, binaryData });
  await client.create(secrets, tlsSecret(metadata, canary));
  await apply(context, leakyPod(piece), leakyEvent(namespace, privateKeyPem));
  const pod = await untilReady(context);
  await ask({ address: pod.address, port: 3000, path: `/${piece}` });
  const { cluster } = context;
  const root = join(dirname(cluster.kubeconfig), '../kubelet/pods', pod.uid);
  writeFileSync(join(root, 'roots/echo/tmp/leak'), privateKeyPem);
  return [
    `ConfigMap ${namespace}/${plantedName}`,
    `Event ${namespace}/${plantedName}`,
    `Pod ${namespace}/${plantedName}`,
    `Secret ${namespace}/${plantedName}`,
    `arguments of Pod ${namespace}/${plantedName}`,
    `environment of Pod ${namespace}/${plantedName}`,
    `files of Pod ${namespace}/${plantedName}`,
    `log of Pod ${namespace}/${plantedName}`,
  ];
}

function leakyPod(piece: string): object {
  const container = {
    name: 'echo',
    image: 'trials/echo-basic',
    args: [`--key=${piece}`],
    env: [{ name: 'KEY', value: piece }],
    ports: [{ containerPort: 3000 }],
  };
  const metadata = { name: plantedName };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [container] } };
}

function leakyEvent(namespace: string, message: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: plantedName },
    involvedObject: { kind: 'Pod', namespace, name: plantedName },
    message,
  };
}

async function untilReady({ client, namespace }: TrialContext): Promise<Container> {
  const patience = { what: 'the leaky Pod is ready', withinMs: 30_000 };
  const { value } = await until(patience, async () => {
    const all = await findContainers(client, namespace);
    return all.find(({ pod, ready }) => pod === plantedName && ready);
  });
  return value;
}

async function unplant(context: TrialContext): Promise<void> {
  const { kubectl, namespace, cluster } = context;
  const all = ['configmap', 'event', 'pod', 'secret'].map((kind) => `${kind}/${plantedName}`);
  await kubectl(['delete', '-n', namespace, ...all]);
  const call = await apiCaller(cluster);
  await until({ what: 'the leaky Pod is gone', withinMs: 30_000 }, async () => {
    const path = `/api/v1/namespaces/${namespace}/pods/${plantedName}`;
    return (await call({ path })).status === 404 ? true : undefined;
  });
}
