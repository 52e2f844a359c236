import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ack, Settings } from '@sluice/core';
import { createPublisher } from '../cluster/publisher.ts';
import { createLog } from '../log.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { createClusterWorld } from './cluster-world.ts';
import { createConfigPublication } from './config-publication.ts';
import { startControlLoop } from './control-loop.ts';
import { createControllerMetrics } from './controller-metrics.ts';
import { createEventRecorder } from './event-recorder.ts';
import { createObjectStore } from './object-store.ts';
import { createObjectWriter } from './object-writer.ts';
import { createSampleCluster, type SampleCluster } from './sample-cluster.ts';
import { createStatusWriter } from './status-writer.ts';

const CONTROLLER = 'sluice.dev/gateway-controller';
const GROUP = 'gateway.networking.k8s.io/v1';
const parentRef = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'web' };

const gatewayClass = {
  apiVersion: GROUP,
  kind: 'GatewayClass',
  metadata: { name: 'sluice', generation: 1 },
  spec: { controllerName: CONTROLLER },
};
const gateway = {
  apiVersion: GROUP,
  kind: 'Gateway',
  metadata: { namespace: 'default', name: 'web', generation: 1 },
  spec: {
    gatewayClassName: 'sluice',
    listeners: [
      {
        name: 'http',
        port: 80,
        protocol: 'HTTP',
        allowedRoutes: { namespaces: { from: 'Same' } },
      },
    ],
  },
};
const foreignEntry = {
  parentRef: { ...parentRef, name: 'other' },
  controllerName: 'example.com/other',
  conditions: [{ type: 'Odd', status: 'True', note: ['kept', 1.5, null] }],
};
const route = (name: string) => ({
  apiVersion: GROUP,
  kind: 'HTTPRoute',
  metadata: { namespace: 'default', name, generation: 1 },
  spec: {
    parentRefs: [parentRef],
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        backendRefs: [{ group: '', kind: 'Service', name: 'app', port: 80, weight: 1 }],
      },
    ],
  },
  status: { parents: [foreignEntry] },
});

/** A replica on a cluster in memory. Its data planes serve what they are told to expect. */
function startReplica(
  cluster: SampleCluster,
  isLeader = () => true,
  more: Pick<Settings, 'provisioning'> = {},
) {
  const served = new Map<string, string>();
  const log: string[] = [];
  const store = createObjectStore({
    onChange: (object) => loop.wake({ kind: 'object-event', object }),
  });
  const acknowledgements: Acknowledgements = {
    expect: (name, version) => void served.set(name, version),
    follow: () => {},
    list: () => [...served].map(([name, version]): Ack => ({ gateway: name, version })),
    stop: () => {},
  };
  const { client } = cluster;
  const resourceOf = ({ group, kind }: { group: string; kind: string }) => ({
    group,
    kind,
    version: 'v1',
    plural: `${kind.toLowerCase()}s`,
    namespaced: true,
  });
  const world = createClusterWorld({
    store,
    acks: acknowledgements.list,
    capabilities: () => ({ channel: 'standard' }),
    settings: {
      controllerName: CONTROLLER,
      namespaces: 'known',
      portMapping: {},
      addresses: { 'default/web': ['192.0.2.1'] },
      usableAddresses: [],
      allowLoopbackEndpoints: false,
      ...more,
    },
  });
  const writePorts = { client, store, resourceOf };
  const publisher = createPublisher({ store: client });
  const publication = createConfigPublication({ store, world, publisher, acknowledgements });
  const loop = startControlLoop({
    snapshot: world.snapshot,
    publication,
    statusWriter: createStatusWriter({ ...writePorts, controllerName: CONTROLLER }),
    objectWriter: createObjectWriter(writePorts),
    events: createEventRecorder({
      client,
      find: store.find,
      controllerName: CONTROLLER,
      instance: 'test',
      now: () => Date.now(),
    }),
    metrics: createControllerMetrics(),
    isLeader,
    log: createLog({
      level: 'debug',
      format: 'json',
      write: (line) => log.push(line),
      now: () => new Date(0),
    }),
  });
  cluster.connect(store);
  return { loop, publication, log };
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

const conditionOf = (cluster: SampleCluster, type: string): string | undefined => {
  const status = cluster.find('Gateway', 'web')?.['status'] as { conditions?: Condition[] };
  return status?.conditions?.find((condition) => condition.type === type)?.status;
};

async function until(isTrue: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`not within 5 s: ${what}`);
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));

function createPopulated(): SampleCluster {
  const cluster = createSampleCluster();
  for (const object of [gatewayClass, gateway, route('one')]) cluster.put(object);
  return cluster;
}

test('a Gateway and its route: published, told, acknowledged, programmed; then silence', async () => {
  const cluster = createPopulated();
  const { loop } = startReplica(cluster);
  await until(() => conditionOf(cluster, 'Programmed') === 'True', 'Programmed');
  await settle();
  const { parents } = cluster.find('HTTPRoute', 'one')!['status'] as { parents: object[] };
  assert.equal(JSON.stringify(parents[0]), JSON.stringify(foreignEntry));
  assert.equal(parents.length, 2);
  assert.ok(cluster.find('GatewayClass', 'sluice')?.['status']);
  const order = cluster.writes.map((write) => write.split(' ').slice(1).join(' '));
  const index = order.findIndex((name) => name.startsWith('ConfigMap'));
  assert.ok(index >= 0 && index < order.indexOf('HTTPRoute one'), 'published before it is told');
  assert.equal(order.filter((name) => name === 'HTTPRoute one').length, 1, 'written once');
  const before = cluster.writes.length;
  loop.wake({ kind: 'timer', name: 'again' });
  await settle();
  assert.equal(cluster.writes.length, before, 'a world at rest is not written to');
  await loop.stop();
});

test('what a Gateway owns is written once, and goes with the class it was for', async () => {
  const cluster = createPopulated();
  cluster.put({ ...gatewayClass, metadata: { name: 'second', generation: 1 } });
  const serviceAccount = { namespace: 'system', name: 'controller' };
  const provisioning = { image: 'registry.test/sluice', serviceAccount };
  const { loop } = startReplica(cluster, () => true, { provisioning });
  await until(() => conditionOf(cluster, 'Programmed') === 'False', 'status is written');
  await settle();
  const owned = () => cluster.writes.filter((write) => /^apply \w+ web-/.test(write)).sort();
  const names = (name: string) => [
    `apply Deployment ${name}`,
    `apply Role ${name}`,
    `apply RoleBinding ${name}`,
    `apply RoleBinding ${name}-writer`,
    `apply Service ${name}`,
    `apply ServiceAccount ${name}`,
  ];
  assert.deepEqual(owned(), names('web-sluice'));
  assert.ok(cluster.find('ConfigMap', 'web-sluice'));
  cluster.writes.splice(0);
  const live = cluster.find('Gateway', 'web');
  cluster.put({ ...live, spec: { ...gateway.spec, gatewayClassName: 'second' } });
  await until(() => cluster.writes.includes('delete RoleBinding web-sluice-writer'), 'all is gone');
  await settle();
  assert.deepEqual(owned(), names('web-second'));
  assert.ok(cluster.find('ConfigMap', 'web-second'), 'published under the new name');
  for (const kind of ['Deployment', 'Role', 'RoleBinding', 'Service', 'ServiceAccount']) {
    assert.equal(cluster.find(kind, 'web-sluice'), undefined, kind);
  }
  await loop.stop();
});

test('who does not lead writes nothing; whoever takes over goes on', async () => {
  const cluster = createPopulated();
  let leads = false;
  const { loop, publication } = startReplica(cluster, () => leads);
  await settle();
  assert.deepEqual(cluster.writes, []);
  leads = true;
  publication.forget();
  loop.wake({ kind: 'leadership' });
  await until(() => conditionOf(cluster, 'Programmed') === 'True', 'Programmed');
  await loop.stop();
});

test('an API server that is away stops nothing; what failed is written when it is back', async () => {
  const cluster = createPopulated();
  cluster.away(true);
  const { loop, log } = startReplica(cluster);
  await until(() => log.some((line) => line.includes('ECONNREFUSED')), 'a failure is logged');
  cluster.away(false);
  await until(() => conditionOf(cluster, 'Programmed') === 'True', 'Programmed');
  await loop.stop();
});
