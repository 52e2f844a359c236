/** What is written for a publication, in which order, and what is not. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { type ConfigMapContent, readIndex } from './config-index.ts';
import { createPublisher } from './publisher.ts';
import { createSampleStore } from './sample-object-store.ts';
import {
  type SampleCertificate,
  sampleCertificate,
  sampleConfig,
  samplePublication,
  sampleRoute,
} from './sample-publication.ts';

let certificates: readonly SampleCertificate[] = [];

before(async () => {
  certificates = await Promise.all(['shop/one', 'shop/two'].map(sampleCertificate));
});

function indexOf(store: ReturnType<typeof createSampleStore>) {
  const reading = readIndex(store.objects.get('ConfigMap edge-sluice') as ConfigMapContent);
  assert.ok(reading.kind === 'index');
  return reading.index;
}

test('a first config is one write, the same again none, a change one', async () => {
  const store = createSampleStore();
  const publisher = createPublisher({ store });
  const publication = samplePublication(sampleConfig());
  assert.deepEqual(await publisher.publish(publication), { kind: 'done' });
  assert.deepEqual(await publisher.publish(publication), { kind: 'unchanged' });
  const changed = samplePublication(sampleConfig({ routes: [sampleRoute('b')] }));
  assert.deepEqual(await publisher.publish(changed), { kind: 'done' });
  assert.deepEqual(store.writes, ['create ConfigMap edge-sluice', 'replace ConfigMap edge-sluice']);
  assert.equal(indexOf(store).version, changed.config.version);
  const { metadata } = store.objects.get('ConfigMap edge-sluice')!;
  assert.deepEqual(metadata.labels, publication.labels);
  assert.deepEqual(metadata['ownerReferences' as never], [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      name: 'edge',
      uid: 'uid-1',
      controller: true,
    },
  ]);
});

test('another process finds what is published and writes nothing', async () => {
  const store = createSampleStore();
  const publication = samplePublication(sampleConfig({ certificates }), certificates);
  await createPublisher({ store }).publish(publication);
  const writes = store.writes.length;
  assert.deepEqual(await createPublisher({ store }).publish(publication), { kind: 'unchanged' });
  assert.equal(store.writes.length, writes);
});

test('keys go first, and go away after the index that no longer needs them', async () => {
  const store = createSampleStore();
  const publisher = createPublisher({ store });
  const publish = (used: readonly SampleCertificate[]) =>
    publisher.publish(samplePublication(sampleConfig({ certificates: used }), certificates));
  const [one, two] = certificates;
  await publish([one!]);
  assert.deepEqual(store.writes.splice(0), [
    'apply Secret edge-sluice',
    'create ConfigMap edge-sluice',
  ]);
  await publish([two!]);
  assert.deepEqual(store.writes.splice(0), [
    'apply Secret edge-sluice',
    'replace ConfigMap edge-sluice',
    'apply Secret edge-sluice',
  ]);
  const secret = store.objects.get('Secret edge-sluice')!;
  assert.deepEqual(Object.keys(secret['data'] as object), [
    `${two!.fingerprint}.crt`,
    `${two!.fingerprint}.key`,
  ]);
  const maps = [...store.objects].filter(([key]) => key.startsWith('ConfigMap'));
  assert.equal(maps.length, 1);
  for (const { pair } of certificates) {
    const key = pair.privateKeyPem;
    assert.ok(!JSON.stringify(maps).includes(key.split('\n')[1]!));
    assert.ok(!JSON.stringify(maps).includes(Buffer.from(key).toString('base64').slice(40, 80)));
  }
});

test('under another name all is published again', async () => {
  const store = createSampleStore();
  const publisher = createPublisher({ store });
  const [certificate] = certificates;
  const config = sampleConfig({ certificates: [certificate!] });
  const publication = samplePublication(config, certificates);
  await publisher.publish(publication);
  store.writes.splice(0);
  await publisher.publish({ ...publication, owned: 'edge-other' });
  assert.deepEqual(store.writes, ['apply Secret edge-other', 'create ConfigMap edge-other']);
});

/** Routes that fill the index several times over; each of them is large by itself. */
function largeRoutes(count: number, kib: number) {
  return Array.from({ length: count }, (_, index) =>
    sampleRoute(`r${100 + index}`, randomBytes(kib * 768).toString('base64')),
  );
}

test('parts that do not fit move to ConfigMaps of their own, before the index', async () => {
  const store = createSampleStore();
  const publisher = createPublisher({ store });
  const routes = largeRoutes(60, 40);
  await publisher.publish(samplePublication(sampleConfig({ routes })));
  const first = store.writes.splice(0);
  assert.equal(first.at(-1), 'create ConfigMap edge-sluice');
  const separate = indexOf(store).parts.filter((part) => part.in !== 'index');
  assert.deepEqual(
    first.slice(0, -1).sort(),
    separate.map((part) => `apply ConfigMap ${part.in}`).sort(),
  );
  assert.ok(separate.length > 0 && separate.length < indexOf(store).parts.length);

  const changed = routes.with(7, sampleRoute('r107', routes[8]!.rules[0]!.name));
  await publisher.publish(samplePublication(sampleConfig({ routes: changed })));
  assert.deepEqual(store.writes.splice(0), ['replace ConfigMap edge-sluice']);

  await publisher.publish(samplePublication(sampleConfig()));
  const last = store.writes.splice(0);
  assert.equal(last[0], 'replace ConfigMap edge-sluice');
  assert.ok(last.length > 1 && last.slice(1).every((write) => write.startsWith('delete')));
});

test('a part past all limits is refused by name, and nothing is written', async () => {
  const store = createSampleStore();
  const publisher = createPublisher({ store });
  await publisher.publish(samplePublication(sampleConfig()));
  const writes = store.writes.length;
  const large = samplePublication(sampleConfig({ routes: largeRoutes(1, 1_000) }));
  const result = await publisher.publish(large);
  assert.ok(result.kind === 'failed');
  assert.equal(result.reason, 'invalid');
  assert.match(
    result.message,
    /Gateway shop\/edge is too large .* routes-\d+ has \d+ KiB compressed, and 500 KiB/,
  );
  assert.equal(store.writes.length, writes);
});

test('failures are outcomes, and the next publication begins from what is there', async () => {
  const cases = [
    ['create ConfigMap', 403, 'forbidden'],
    ['create ConfigMap', 409, 'conflict'],
    ['create ConfigMap', 503, 'unavailable'],
    ['apply Secret', 422, 'invalid'],
  ] as const;
  for (const [write, code, reason] of cases) {
    const store = createSampleStore();
    const publisher = createPublisher({ store });
    const publication = samplePublication(sampleConfig({ certificates }), certificates);
    store.failNext(write, code);
    const result = await publisher.publish(publication);
    assert.ok(result.kind === 'failed');
    assert.equal(result.reason, reason);
    assert.match(result.message, /publishing the config of Gateway shop\/edge failed: .*\d/);
    assert.deepEqual(await publisher.publish(publication), { kind: 'done' });
  }
});

test('an index written by another process meanwhile is a conflict, then known', async () => {
  const store = createSampleStore();
  const publisher = createPublisher({ store });
  await publisher.publish(samplePublication(sampleConfig()));
  const other = samplePublication(sampleConfig({ routes: [sampleRoute('b')] }));
  await createPublisher({ store }).publish(other);
  const next = samplePublication(sampleConfig({ routes: [sampleRoute('c')] }));
  const result = await publisher.publish(next);
  assert.equal(result.kind === 'failed' && result.reason, 'conflict');
  assert.deepEqual(await publisher.publish(next), { kind: 'done' });
});

test('objects of somebody else are left alone', async () => {
  for (const kind of ['ConfigMap', 'Secret']) {
    const store = createSampleStore();
    const metadata = { name: 'edge-sluice', resourceVersion: '1' };
    store.objects.set(`${kind} edge-sluice`, { apiVersion: 'v1', kind, metadata });
    const result = await createPublisher({ store }).publish(samplePublication(sampleConfig()));
    assert.ok(result.kind === 'failed');
    assert.match(result.message, new RegExp(`${kind} shop/edge-sluice .* somebody else made it`));
    assert.deepEqual(store.writes, []);
  }
});

test('a key pair that is missing, or another than the config means, is not published', async () => {
  const [one, two] = certificates;
  const config = sampleConfig({ certificates: [one!] });
  for (const [known, reason] of [
    [[], 'not-found'],
    [[{ ...two!, id: one!.id }], 'conflict'],
  ] as const) {
    const store = createSampleStore();
    const result = await createPublisher({ store }).publish(samplePublication(config, known));
    assert.equal(result.kind === 'failed' && result.reason, reason);
    assert.deepEqual(store.writes, []);
  }
});
