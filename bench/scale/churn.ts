/**
 * Many routes in many namespaces, and small changes all the time: one route a second comes or
 * goes, a Pod comes or goes every two seconds. What controller and data plane cost meanwhile.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, KubeObject } from '@sluice/kube';
import { startLoad } from '../../conformance/trials/load.ts';
import { figure, type ScenarioFigures, spread } from './figures.ts';
import {
  BACKEND,
  backend,
  fixedService,
  GATEWAY,
  hostOf,
  namespace,
  RESOURCES,
  route,
  service,
} from './objects.ts';
import { untilServed } from './probe.ts';
import { findRole, measureUsage } from './processes.ts';
import { createAll, type Site } from './site.ts';

export interface ChurnOptions {
  readonly routes: number;
  readonly namespaces: number;
  readonly seconds: number;
  readonly gatewayClass: string;
  /** Process id of the cluster, below which all of its processes are. */
  readonly cluster: number;
}

const CHURNED = 'churned';
const loadPerSecond = 20;
const restMs = 5_000;

export async function measureChurn(site: Site, options: ChurnOptions): Promise<ScenarioFigures> {
  const { client, address } = site;
  await prepare(site, options);
  await untilServed(address, hostOf(`many-${options.routes - 1}`), 60_000);
  // What building all of it took is not what keeping it takes.
  await delay(restMs);
  const owned = `${site.namespace}/${GATEWAY}-${options.gatewayClass}`;
  const endWindow = measureUsage([
    findRole('controller', options.cluster, ['controller']),
    findRole('data plane', options.cluster, ['gateway', owned]),
  ]);
  const load = startLoad({
    address,
    host: hostOf(site.steadyRoute),
    path: '/',
    perSecond: loadPerSecond,
    allKept: true,
  });
  const livesMs = await churn(site, options.seconds);
  const { sent, failed, failures, tookMs } = await load.stop();
  const usage = endWindow();
  await removeAll(client, options);
  return {
    scenario: 'churn',
    title: `${options.routes} routes in ${options.namespaces} namespaces, 1 route/s and 1 Pod/2 s`,
    figures: [
      ...usage.flatMap(({ name, corePercent, residentMiB }) => [
        figure(`${name}: resident`, residentMiB, 'MiB', name === 'controller' ? 250 : 120),
        figure(`${name}: of a core`, corePercent, '%', name === 'controller' ? undefined : 1),
      ]),
      ...spread('created → served', livesMs, { p50: 50, p99: 50 }),
      figure(`requests beside it (${loadPerSecond}/s)`, sent, ''),
      figure('of them failed', failed, '', 0),
      ...spread('latency of a request beside it', tookMs),
    ],
    problems: failures,
  };
}

async function prepare({ client, namespace: home }: Site, options: ChurnOptions): Promise<void> {
  const names = namesOf(options);
  await client.create(RESOURCES.deployments, backend(home, CHURNED, 2));
  await client.create(RESOURCES.services, service(home, CHURNED));
  const slices = await client.list(RESOURCES.endpointSlices, {
    namespace: home,
    labelSelector: `kubernetes.io/service-name=${BACKEND}`,
  });
  const addresses = slices.items.flatMap(addressesOf);
  const fixed = names.map((name) => fixedService(name, addresses));
  await createAll(client, RESOURCES.namespaces, names.map(namespace));
  await createAll(
    client,
    RESOURCES.services,
    fixed.map(([each]) => each),
  );
  await createAll(
    client,
    RESOURCES.endpointSlices,
    fixed.map(([, slice]) => slice),
  );
  const routes = Array.from({ length: options.routes }, (_, index) =>
    route({
      namespace: names[index % names.length] ?? home,
      name: `many-${index}`,
      gateway: home,
    }),
  );
  await createAll(client, RESOURCES.routes, routes);
  const churned = { namespace: home, name: CHURNED, gateway: home, service: CHURNED };
  await client.create(RESOURCES.routes, route(churned));
}

/** From each route's creation until it was served. */
async function churn({ client, namespace: home, address }: Site, seconds: number) {
  const livesMs: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const startedAt = performance.now();
    const name = `turn-${second >> 1}`;
    if (second % 2 === 0) {
      const created = route({ namespace: home, name, gateway: home });
      await client.create(RESOURCES.routes, created);
      livesMs.push((await untilServed(address, hostOf(name))).tookMs);
    } else {
      await client.delete(RESOURCES.routes, { namespace: home, name });
    }
    if (second % 2 === 0) {
      const replicas = second % 4 === 0 ? 3 : 2;
      await client.apply(RESOURCES.deployments, backend(home, CHURNED, replicas));
    }
    await delay(Math.max(0, 1_000 - (performance.now() - startedAt)));
  }
  return livesMs;
}

async function removeAll(client: Client, options: ChurnOptions): Promise<void> {
  for (const name of namesOf(options)) await client.delete(RESOURCES.namespaces, { name });
}

function namesOf({ namespaces }: ChurnOptions): string[] {
  return Array.from({ length: namespaces }, (_, index) => `scale-many-${index}`);
}

function addressesOf(slice: KubeObject): string[] {
  const endpoints = slice['endpoints'] as readonly { readonly addresses: readonly string[] }[];
  return endpoints.flatMap(({ addresses }) => addresses);
}
