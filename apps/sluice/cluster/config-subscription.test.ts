/** From what is published to what a data plane has in force, and what it makes of damage. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { ProxyConfig } from '@sluice/model';
import type { KeyStore } from '@sluice/proxy';
import { createLog } from '../log.ts';
import type { ConfigMapContent } from './config-index.ts';
import { type ConfigObjects, subscribeConfig } from './config-subscription.ts';
import { openLastGood } from './last-good.ts';
import { createPublisher } from './publisher.ts';
import { createSampleStore, type SampleStore } from './sample-object-store.ts';
import {
  type SampleCertificate,
  sampleCertificate,
  sampleConfig,
  samplePublication,
  sampleRoute,
} from './sample-publication.ts';

let directory = '';
let certificates: readonly SampleCertificate[] = [];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-last-good-'));
  certificates = await Promise.all(['shop/one', 'shop/two'].map(sampleCertificate));
});

after(() => rm(directory, { recursive: true, force: true }));

/** What a watch would tell, told when the test says so. */
function objectsOf(store: SampleStore) {
  const followers = new Map<string, () => void>();
  const contentOf = (key: string) => store.objects.get(key) as ConfigMapContent | undefined;
  const objects: ConfigObjects = {
    followIndex(onState) {
      followers.set('ConfigMap edge-sluice', () => onState(contentOf('ConfigMap edge-sluice')));
      return () => followers.delete('ConfigMap edge-sluice');
    },
    followSecret(onState) {
      followers.set('Secret edge-sluice', () => onState(contentOf('Secret edge-sluice')?.data));
      return () => followers.delete('Secret edge-sluice');
    },
    readPart: async (name) => contentOf(`ConfigMap ${name}`),
  };
  const tell = (key: string): void => followers.get(key)?.();
  return { objects, tell, tellAll: () => [...followers.keys()].forEach(tell) };
}

async function startDataPlane(store: SampleStore, name: string) {
  const applied: { readonly config: ProxyConfig; readonly keys: KeyStore }[] = [];
  const lines: string[] = [];
  const wakers: (() => void)[] = [];
  const log = createLog({
    level: 'debug',
    format: 'text',
    now: () => new Date(0),
    write: (line) => {
      lines.push(line);
      for (const wake of wakers.splice(0)) wake();
    },
  });
  const { objects, tell, tellAll } = objectsOf(store);
  const subscription = await subscribeConfig({
    objects,
    lastGood: openLastGood({ directory: join(directory, name), onProblem: assert.fail }),
    apply: async (config, keys) => {
      applied.push({ config, keys });
      return { version: config.version, problems: [] };
    },
    log,
  });
  /** Resolves with the line that says so. */
  const logged = async (sign: RegExp): Promise<string> => {
    for (;;) {
      const found = lines.find((line) => sign.test(line));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => wakers.push(resolve));
    }
  };
  return { subscription, applied, lines, logged, tell, tellAll };
}

test('a published config is applied with its keys, then a change of it', async () => {
  const store = createSampleStore();
  const publisher = createPublisher({ store });
  const plane = await startDataPlane(store, 'plain');
  const routes = Array.from({ length: 40 }, (_, index) => sampleRoute(`r${10 + index}`));
  const first = sampleConfig({ routes, certificates });
  await publisher.publish(samplePublication(first, certificates));
  plane.tellAll();
  await plane.logged(new RegExp(first.version));
  const second = sampleConfig({ routes: routes.with(3, sampleRoute('r13', 'x')), certificates });
  await publisher.publish(samplePublication(second, certificates));
  plane.tellAll();
  await plane.logged(new RegExp(second.version));
  await plane.subscription.stop();
  assert.deepEqual(
    plane.applied.map(({ config }) => config),
    [first, second],
  );
  for (const { id, fingerprint, pair } of certificates) {
    assert.deepEqual(plane.applied[1]!.keys.get(id), { ...pair, fingerprint });
  }
  const fresh = plane.applied[1]!.config.routes.filter(
    (route) => !plane.applied[0]!.config.routes.includes(route),
  );
  assert.deepEqual(fresh, [second.routes[3]]);
});

test('an index that comes before its Secret is waited with', async () => {
  const store = createSampleStore();
  const plane = await startDataPlane(store, 'early');
  const config = sampleConfig({ certificates });
  await createPublisher({ store }).publish(samplePublication(config, certificates));
  plane.tell('ConfigMap edge-sluice');
  const line = await plane.logged(/certificate shop\/one .* is not in the Secret yet/);
  assert.match(line, /what is served stays/);
  assert.deepEqual(plane.applied, []);
  assert.match(plane.subscription.state.problem ?? '', /shop\/one/);
  plane.tell('Secret edge-sluice');
  await plane.logged(new RegExp(`serving.*${config.version}`));
  assert.equal(plane.applied.length, 1);
  await plane.subscription.stop();
  assert.deepEqual(plane.subscription.state, { wanted: config.version });
});

const damages: readonly [name: string, damage: (map: ConfigMapContent) => object, sign: RegExp][] =
  [
    [
      'a part with other octets',
      ({ binaryData = {} }) => ({
        binaryData: { ...binaryData, 'base.gz': Buffer.from('other').toString('base64') },
      }),
      /part base can't be read: its content has hash/,
    ],
    [
      'a part that is not there',
      () => ({ binaryData: {} }),
      /part base of version .* not there yet/,
    ],
    ['no index', () => ({ data: {} }), /key index.json is missing/],
    ['an index that is no JSON', () => ({ data: { 'index.json': '{' } }), /is not JSON/],
    [
      'an index of another format',
      () => ({ data: { 'index.json': '{"format":2}' } }),
      /its format is 2, this program reads 1/,
    ],
    [
      'an index without one of the parts',
      ({ data = {} }) => {
        const index = JSON.parse(data['index.json']!) as { parts: { name: string }[] };
        const parts = index.parts.filter((part) => !part.name.startsWith('routes'));
        return { data: { 'index.json': JSON.stringify({ ...index, parts }) } };
      },
      /version .* is no config: /,
    ],
  ];

for (const [name, damage, sign] of damages) {
  test(`damage: ${name}: the last good config stays`, async () => {
    const store = createSampleStore();
    const publisher = createPublisher({ store });
    const plane = await startDataPlane(store, `damage ${name}`);
    const first = sampleConfig({ routes: [sampleRoute('a'), sampleRoute('b')] });
    await publisher.publish(samplePublication(first));
    plane.tellAll();
    await plane.logged(new RegExp(first.version));

    const second = sampleConfig({ routes: [sampleRoute('c'), sampleRoute('d')] });
    // A listener that names its routes, so that an absent one is missed.
    const [bind] = second.binds;
    const listeners = bind!.listeners.map((one) => ({ ...one, routes: one.routes.toReversed() }));
    await publisher.publish(samplePublication({ ...second, binds: [{ ...bind!, listeners }] }));
    const whole = store.objects.get('ConfigMap edge-sluice')!;
    store.objects.set('ConfigMap edge-sluice', { ...whole, ...damage(whole as ConfigMapContent) });
    plane.tellAll();
    await plane.logged(sign);
    assert.equal(plane.applied.length, 1);

    store.objects.set('ConfigMap edge-sluice', whole);
    plane.tellAll();
    await plane.logged(new RegExp(`serving.*${second.version}`));
    assert.equal(plane.applied.length, 2);
    await plane.subscription.stop();
  });
}

test('parts in ConfigMaps of their own are fetched; one that comes late is waited for', async () => {
  const store = createSampleStore();
  const plane = await startDataPlane(store, 'large');
  const routes = Array.from({ length: 30 }, (_, index) =>
    sampleRoute(`r${100 + index}`, randomBytes(30_000).toString('base64')),
  );
  const config = sampleConfig({ routes });
  await createPublisher({ store }).publish(samplePublication(config));
  const [late] = [...store.objects].find(([key]) => key.includes('-part-'))!;
  const kept = store.objects.get(late)!;
  store.objects.delete(late);
  plane.tellAll();
  await plane.logged(/is not there yet/);
  store.objects.set(late, kept);
  await plane.logged(new RegExp(`serving.*${config.version}`));
  // A difference would be printed, and it is long.
  assert.ok(isDeepStrictEqual(plane.applied[0]?.config, config));
  await plane.subscription.stop();
});

test('of configs that follow each other fast, the last is kept when it stops', async () => {
  const store = createSampleStore();
  const publisher = createPublisher({ store });
  const plane = await startDataPlane(store, 'fast');
  const configs = ['a', 'b', 'c'].map((name) => sampleConfig({ routes: [sampleRoute(name)] }));
  for (const config of configs) {
    await publisher.publish(samplePublication(config));
    plane.tellAll();
    await plane.logged(new RegExp(`serving.*${config.version}`));
  }
  await plane.subscription.stop();
  const again = await startDataPlane(createSampleStore(), 'fast');
  assert.deepEqual(
    again.applied.map(({ config }) => config),
    configs.slice(-1),
  );
  await again.subscription.stop();
});

test('the last good config is kept for its owner alone, and served from at the start', async () => {
  const store = createSampleStore();
  const plane = await startDataPlane(store, 'kept');
  const config = sampleConfig({ certificates });
  await createPublisher({ store }).publish(samplePublication(config, certificates));
  plane.tellAll();
  await plane.logged(new RegExp(config.version));
  await plane.subscription.stop();
  const file = join(directory, 'kept', 'last-good.json');
  assert.equal((await stat(file)).mode & 0o777, 0o600);

  const again = await startDataPlane(createSampleStore(), 'kept');
  assert.deepEqual(again.applied, plane.applied);
  await again.subscription.stop();

  const text = await readFile(file, 'utf8');
  for (const broken of [text.slice(0, -9), '{}', text.replace(/"hash":"./, '"hash":"-')]) {
    await writeFile(file, broken);
    const refused = await startDataPlane(createSampleStore(), 'kept');
    assert.deepEqual(refused.applied, []);
    await refused.logged(/the last good config is not served/);
    await refused.subscription.stop();
  }
  const [{ pair }] = certificates as [SampleCertificate];
  const key = pair.privateKeyPem.split('\n')[1]!;
  assert.ok(![...plane.lines, ...again.lines].some((line) => line.includes(key)));
});

test('a last good config that can not be read does not keep a data plane from starting', async () => {
  await mkdir(join(directory, 'unreadable', 'last-good.json'), { recursive: true });
  const plane = await startDataPlane(createSampleStore(), 'unreadable');
  await plane.logged(/the last good config is not served: it can't be read/);
  await plane.subscription.stop();
});
