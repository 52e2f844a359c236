/**
 * What the route table costs: compile time, one changed route, memory, and a lookup, for one to
 * 5,000 routes with a host each, or with a path each under one host.
 *
 * `npm run bench:match`. "From bytes": host and path are cut out of a buffer for each
 * lookup, as a proxy does, so that no hash of theirs is known before. "Miss": a host of no route.
 */
import {
  buildRequest,
  compileConfig,
  type HttpRouteConfig,
  matchRequest,
  type ProxyConfig,
  type RequestView,
  type RouteTable,
} from '@sluice/model';

type Shape = 'hosts' | 'paths';

const LOOKUPS = 1_000_000;
const REQUESTS = 1024;
const CHANGES = 100;

const titles = ['shape', 'routes', 'compile ms', 'change ms', 'MiB', 'lookup ns', 'from bytes ns'];
printRow([...titles, 'miss ns']);
for (const shape of ['hosts', 'paths'] as const) {
  for (const count of [1, 1000, 5000]) measure(shape, count);
}

function measure(shape: Shape, count: number): void {
  const routes = Array.from({ length: count }, (_, index) => buildRoute(shape, index));
  const config = buildConfig(routes);
  const before = usedBytes();
  const start = performance.now();
  const { table } = compileConfig(config, () => ({}));
  const compileMs = performance.now() - start;
  const mebibytes = (usedBytes() - before) / 2 ** 20;
  // Scattered: never neighbour after neighbour.
  const hits = Array.from({ length: REQUESTS }, (_, index) => hit(shape, (index * 7919) % count));
  const misses = hits.map(({ path }) => buildRequest({ host: 'no.example.org', target: path }));
  const bytes = hits.map(({ host, path }) => Buffer.from(host + path, 'latin1'));
  const lengths = hits.map(({ host }) => host.length);
  const viewAt = (index: number) => viewBytes(bytes[index], lengths[index] ?? 0);
  printRow([
    shape,
    String(count),
    compileMs.toFixed(1),
    medianChangeMs(shape, routes, table).toFixed(2),
    mebibytes.toFixed(1),
    lookupNanoseconds(table, (index) => hits[index], REQUESTS),
    lookupNanoseconds(table, viewAt, REQUESTS),
    lookupNanoseconds(table, (index) => misses[index], 0),
  ]);
}

/** The median of many single lookups' cost would be the clock's; so the mean over a million. */
function lookupNanoseconds(
  table: RouteTable<object>,
  requestAt: (index: number) => RequestView | undefined,
  matchesExpected: number,
): string {
  const [listener] = table.binds[0]?.listeners ?? [];
  if (listener === undefined) throw new Error('the table has no listener');
  const run = (lookups: number) => {
    let matches = 0;
    for (let index = 0; index < lookups; index++) {
      const request = requestAt(index % REQUESTS);
      if (request !== undefined && matchRequest(listener, request) !== undefined) matches++;
    }
    return matches;
  };
  if (run(REQUESTS) !== matchesExpected) throw new Error('requests did not match as they should');
  run(LOOKUPS / 10);
  const start = performance.now();
  run(LOOKUPS);
  return (((performance.now() - start) * 1e6) / LOOKUPS).toFixed(0);
}

/** One route replaced by an equal one, all others the same objects. */
function medianChangeMs(
  shape: Shape,
  routes: readonly HttpRouteConfig[],
  first: RouteTable<object>,
): number {
  let table = first;
  const times = Array.from({ length: CHANGES }, (_, change) => {
    const changed = (change * 7919) % routes.length;
    const config = buildConfig(routes.with(changed, buildRoute(shape, changed)));
    const start = performance.now();
    ({ table } = compileConfig(config, () => ({}), table));
    return performance.now() - start;
  });
  return times.toSorted((one, other) => one - other)[CHANGES >> 1] ?? Number.NaN;
}

function buildRoute(shape: Shape, index: number): HttpRouteConfig {
  const name = `route-${index}`;
  const value = shape === 'hosts' ? '/api/v1' : `/api/v1/service-${index}`;
  const path = { kind: 'prefix', value } as const;
  return {
    id: `HTTPRoute/default/${name}`,
    object: { kind: 'HTTPRoute', namespace: 'default', name },
    createdAt: index,
    hostnames: [hostOf(shape, index)],
    rules: [{ matches: [{ path, headers: [], query: [] }], filters: [], backends: [] }],
  };
}

function buildConfig(routes: readonly HttpRouteConfig[]): ProxyConfig {
  const gateway = { kind: 'Gateway', namespace: 'default', name: 'bench' };
  const listener = { owner: gateway, name: 'http', routes: routes.map((route) => route.id) };
  const bind = { port: 80, bindPort: 8080, protocol: 'http', listeners: [listener] } as const;
  return { version: '1', gateway, binds: [bind], routes, backends: [] };
}

function hit(shape: Shape, index: number): RequestView {
  const rest = shape === 'hosts' ? 'users/42/orders' : `service-${index}/users/42/orders`;
  return buildRequest({ host: hostOf(shape, index), target: `/api/v1/${rest}` });
}

function hostOf(shape: Shape, index: number): string {
  return shape === 'hosts' ? `host-${index}.example.com` : 'www.example.com';
}

function viewBytes(bytes: Buffer | undefined, hostLength: number): RequestView | undefined {
  if (bytes === undefined) return undefined;
  return {
    host: bytes.toString('latin1', 0, hostLength),
    path: bytes.toString('latin1', hostLength),
    method: 'GET',
    query: '',
    header: () => undefined,
  };
}

function usedBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function printRow(cells: readonly string[]): void {
  console.log(cells.map((cell) => cell.padStart(14)).join(''));
}
