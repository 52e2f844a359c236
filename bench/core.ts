/**
 * How long the core takes for 10,000 routes: once from nothing, then for one change at a time.
 *
 * Prints processor time, for people or with `--json` for machines. Figures, not a test: the goals
 * are 500 ms for the full build and 5 ms for one change.
 */
import { parseArgs } from 'node:util';
import { buildSnapshot, reconcile, type SnapshotInputs, type WorldSnapshot } from '@sluice/core';
import type { EndpointSlice, Gateway, GatewayClass, HTTPRoute, Service } from '@sluice/spec';

const CONTROLLER = 'sluice.dev/gateway-controller';
const CHANGES = 50;

const options = parseArgs({
  options: {
    routes: { type: 'string', default: '10000' },
    services: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
}).values;

main();

function main(): void {
  const world = buildWorld(Number(options.routes), Number(options.services));
  warmUp();
  const started = process.cpuUsage();
  let result = reconcile(world.snapshot());
  const fullMs = cpuMs(started);
  for (let turn = 0; turn < 3; turn += 1) {
    world.settle(result);
    result = reconcile(world.snapshot());
  }
  const changes = measureChanges(world);
  report({ fullMs, ...changes });
}

interface BenchWorld {
  snapshot(): WorldSnapshot;
  /** Writes what the result wants written, as an API server would. */
  settle(result: ReturnType<typeof reconcile>): void;
  changeRoute(index: number): void;
  changeEndpoints(index: number): void;
}

function measureChanges(world: BenchWorld): Record<string, number> {
  const measure = (change: (index: number) => void): number[] => {
    const times: number[] = [];
    for (let index = 0; index < CHANGES; index += 1) {
      change(index * 7);
      const snapshot = world.snapshot();
      const started = process.cpuUsage();
      const result = reconcile(snapshot);
      times.push(cpuMs(started));
      world.settle(result);
      reconcile(world.snapshot());
    }
    return times.sort((one, other) => one - other);
  };
  const routes = measure((index) => world.changeRoute(index));
  const endpoints = measure((index) => world.changeEndpoints(index));
  return {
    routeChangeP50Ms: quantile(routes, 0.5),
    routeChangeP99Ms: quantile(routes, 0.99),
    endpointChangeP50Ms: quantile(endpoints, 0.5),
    endpointChangeP99Ms: quantile(endpoints, 0.99),
  };
}

/** Milliseconds of processor time, garbage collection included; other programs do not count. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function report(figures: Record<string, number>): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ routes: Number(options.routes), ...figures })}\n`);
    return;
  }
  for (const [name, value] of Object.entries(figures)) {
    process.stdout.write(`${name.padEnd(22)} ${value.toFixed(2)}\n`);
  }
}

/** Compiles the code paths, so that the full build measures work rather than the compiler. */
function warmUp(): void {
  for (let turn = 0; turn < 3; turn += 1) reconcile(buildWorld(500, 50).snapshot());
}

function buildWorld(routeCount: number, serviceCount: number): BenchWorld {
  const objects = new Map<string, Bench>();
  const put = (object: Bench): void => {
    objects.set(`${object.kind}/${object.metadata.name}`, object);
  };
  put(gatewayClass());
  put(gateway());
  for (let index = 0; index < serviceCount; index += 1) {
    put(service(index));
    put(slice(index, 0));
  }
  for (let index = 0; index < routeCount; index += 1) put(route(index, serviceCount, 0));
  const acks = new Map<string, string>();
  const written = new Map<string, object>();
  let revision = 0;
  return {
    snapshot: () => buildSnapshot([...objects.values()], inputs(acks)),
    settle: (result) => {
      for (const effect of result.effects) {
        if (effect.kind === 'publish-config') acks.set('bench/edge', effect.version);
        if (effect.kind !== 'patch-status') continue;
        const key = `${effect.target.kind}/${effect.target.name}`;
        const object = objects.get(key);
        if (object === undefined || written.get(key) === effect.status) continue;
        written.set(key, effect.status);
        if (!('status' in object) && object.kind !== 'HTTPRoute') continue;
        if (JSON.stringify(object.status) === JSON.stringify(effect.status)) continue;
        objects.set(key, { ...object, status: effect.status } as Bench);
      }
    },
    changeRoute: (index) => {
      revision += 1;
      const before = objects.get(`HTTPRoute/${routeName(index % routeCount)}`);
      const after = route(index % routeCount, serviceCount, revision);
      put(
        before?.kind === 'HTTPRoute' && before.status ? { ...after, status: before.status } : after,
      );
    },
    changeEndpoints: (index) => {
      revision += 1;
      put(slice(index % serviceCount, revision));
    },
  };
}

type Bench = GatewayClass | Gateway | HTTPRoute | Service | EndpointSlice;

function inputs(acks: ReadonlyMap<string, string>): SnapshotInputs {
  return {
    now: 1_800_000_000_000,
    secrets: [],
    acks: [...acks].map(([name, version]) => ({ gateway: name, version })),
    capabilities: { channel: 'standard' },
    settings: {
      controllerName: CONTROLLER,
      namespaces: 'implied',
      portMapping: {},
      addresses: { 'bench/edge': ['192.0.2.1'] },
      usableAddresses: [],
      allowLoopbackEndpoints: false,
    },
  };
}

function gatewayClass(): GatewayClass {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'sluice', generation: 1 },
    spec: { controllerName: CONTROLLER },
    status: { conditions: [] },
  };
}

function gateway(): Gateway {
  const allowedRoutes = { namespaces: { from: 'Same' as const } };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { namespace: 'bench', name: 'edge', generation: 1 },
    spec: {
      gatewayClassName: 'sluice',
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes }],
    },
    status: { conditions: [] },
  };
}

function routeName(index: number): string {
  return `route-${String(index).padStart(6, '0')}`;
}

function route(index: number, serviceCount: number, revision: number): HTTPRoute {
  const parentRefs = [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'edge' }];
  const name = `service-${String(index % serviceCount).padStart(6, '0')}`;
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: {
      namespace: 'bench',
      name: routeName(index),
      generation: 1 + revision,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {
      parentRefs,
      hostnames: [`host-${index}.example.com`],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: `/v${revision}` } }],
          backendRefs: [{ group: '', kind: 'Service', name, port: 80, weight: 1 }],
        },
      ],
    },
  };
}

function service(index: number): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'bench', name: `service-${String(index).padStart(6, '0')}` },
    spec: { type: 'ClusterIP', ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }] },
  };
}

function slice(index: number, revision: number): EndpointSlice {
  const name = `service-${String(index).padStart(6, '0')}`;
  const labels = { 'kubernetes.io/service-name': name };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'bench', name: `${name}-1`, labels },
    addressType: 'IPv4',
    endpoints: [0, 1, 2].map((pod) => ({
      addresses: [`10.${revision % 250}.${index % 250}.${pod + 1}`],
    })),
    ports: [{ name: '', protocol: 'TCP', port: 8080 }],
  };
}
