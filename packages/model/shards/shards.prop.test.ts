/** Splitting and joining are inverse, and a change touches the part that it is in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  type BackendConfig,
  type ConfigPart,
  createConfigJoiner,
  createConfigSplitter,
  type HttpRouteConfig,
  type ProxyConfig,
} from '../index.ts';

// Few words each, so that names meet, repeat and stand out of order.
const word = fc.constantFrom('a', 'a-b', 'b', 'a/b', '', '__proto__');
const kind = fc.constantFrom('HTTPRoute', 'Gateway', 'ListenerSet');
const object = fc.record({ kind, namespace: word, name: word });
const id = fc.constantFrom('HTTPRoute/a/b', 'HTTPRoute/a-b/c', 'x', 'y', '__proto__');
const route: fc.Arbitrary<HttpRouteConfig> = fc.record({
  id,
  object,
  createdAt: fc.nat(3),
  hostnames: fc.array(word, { maxLength: 2 }),
  rules: fc.constant([]),
});
const backend: fc.Arbitrary<BackendConfig> = fc.record({
  id,
  object,
  port: fc.nat(3),
  protocol: fc.constantFrom('http1', 'h2c'),
  endpoints: fc.array(fc.record({ address: word, port: fc.nat(3) }), { maxLength: 2 }),
});
const listener = fc.record(
  { owner: object, name: word, hostname: word, routes: fc.array(id, { maxLength: 4 }) },
  { requiredKeys: ['owner', 'name', 'routes'] },
);
const bind = fc.record({
  port: fc.constantFrom(80, 443),
  bindPort: fc.nat(9),
  protocol: fc.constantFrom('http' as const, 'https' as const),
  listeners: fc.array(listener, { maxLength: 3 }),
});
const anyConfig = fc
  .record({
    version: word,
    gateway: object,
    binds: fc.array(bind, { maxLength: 3 }),
    routes: fc.array(route, { maxLength: 6 }),
    backends: fc.array(backend, { maxLength: 6 }),
  })
  .map((config): ProxyConfig => structuredClone(config));

test('join(split(config)) = config, in order or not, for any order of the parts', () => {
  fc.assert(
    fc.property(fc.array(anyConfig, { minLength: 1, maxLength: 3 }), fc.nat(), (configs, turn) => {
      const split = createConfigSplitter();
      const join = createConfigJoiner();
      for (const config of configs) {
        const parts = split(config);
        const at = turn % parts.length;
        const turned = [...parts.slice(at), ...parts.slice(0, at)];
        assert.deepEqual(join(config.version, turned), config);
      }
    }),
    { numRuns: 1_000 },
  );
});

const place = fc.nat(6);
const routeEdit = fc.tuple(place, fc.nat(2), fc.array(route, { maxLength: 2 }));
const backendEdit = fc.tuple(place, fc.nat(2), fc.array(backend, { maxLength: 2 }));
type Edit = (config: ProxyConfig) => ProxyConfig;
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  routeEdit.map(
    ([at, remove, insert]): Edit =>
      (config) => ({ ...config, routes: config.routes.toSpliced(at, remove, ...insert) }),
  ),
  backendEdit.map(
    ([at, remove, insert]): Edit =>
      (config) => ({ ...config, backends: config.backends.toSpliced(at, remove, ...insert) }),
  ),
  fc.array(bind, { maxLength: 3 }).map(
    (binds): Edit =>
      (config) => ({ ...config, binds: structuredClone(binds) }),
  ),
  fc.constant<Edit>((config) => ({ ...config, routes: config.routes.toReversed() })),
  fc.constant<Edit>((config) => ({ ...config, routes: sortedByName(config.routes) })),
  // What the core does: each listener names its routes in their order.
  fc.nat(2).map(
    (modulus): Edit =>
      (config) =>
        carryAll({ ...config, routes: sortedByName(config.routes) }, modulus + 1),
  ),
);

function withoutOrder(parts: readonly ConfigPart[]): ConfigPart[] {
  return parts.map((part) =>
    part.name === 'base'
      ? { ...part, entries: part.entries.filter(({ kind: of }) => !of.endsWith('-order')) }
      : part,
  );
}

function sortedByName(routes: readonly HttpRouteConfig[]): HttpRouteConfig[] {
  const nameOf = ({ object: { namespace, name } }: HttpRouteConfig) => `${namespace} ${name}`;
  return routes.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

function carryAll(config: ProxyConfig, modulus: number): ProxyConfig {
  const ids = config.routes.map((one) => one.id);
  const binds = config.binds.map((one) => ({
    ...one,
    listeners: one.listeners.map((each, index) => ({
      ...each,
      routes: ids.filter((_, at) => (at + index) % modulus === 0),
    })),
  }));
  return { ...config, binds };
}

test('a joiner that remembers gives what one without memory gives, whatever the changes', () => {
  fc.assert(
    fc.property(anyConfig, fc.array(anyEdit, { maxLength: 12 }), (first, edits) => {
      const split = createConfigSplitter();
      const join = createConfigJoiner();
      const joinUnordered = createConfigJoiner();
      let config = first;
      join(config.version, split(config));
      for (const change of edits) {
        const carriesAll = (config.routes.length + edits.length) % 2 === 0;
        config = carriesAll ? carryAll(change(config), 2) : change(config);
        const parts = split(config);
        assert.deepEqual(join(config.version, parts), config);
        // Parts of unknown origin may not say in which order routes stand that have one name.
        const unordered = withoutOrder(parts);
        const expected = createConfigJoiner()('', unordered);
        assert.deepEqual(joinUnordered('', unordered), expected);
      }
    }),
    { numRuns: 500 },
  );
});

/** A config as the core writes them: names ascend, each listener carries its routes in order. */
function orderly(count: number): ProxyConfig {
  const gateway = { kind: 'Gateway', namespace: 'n', name: 'edge' };
  const names = Array.from({ length: count }, (_, index) => `r${String(index).padStart(4, '0')}`);
  const routes = names.map((name) => orderlyRoute(name, 0));
  const ids = routes.map((one) => one.id);
  const listeners = [
    { owner: gateway, name: 'all', routes: ids },
    { owner: gateway, name: 'even', hostname: 'a', routes: ids.filter((_, at) => at % 2 === 0) },
  ];
  return {
    version: '1',
    gateway,
    binds: [{ port: 80, bindPort: 8080, protocol: 'http', listeners }],
    routes,
    backends: names.map((name) => orderlyBackend(name, 1)),
  };
}

function orderlyRoute(name: string, createdAt: number): HttpRouteConfig {
  const owner = { kind: 'HTTPRoute', namespace: 'n', name };
  return { id: `HTTPRoute/n/${name}`, object: owner, createdAt, hostnames: [], rules: [] };
}

function orderlyBackend(name: string, port: number): BackendConfig {
  const owner = { kind: 'Service', namespace: 'n', name };
  return { id: `Service/n/${name}:80`, object: owner, port, protocol: 'http1', endpoints: [] };
}

test('what does not change stays the same object; a change touches one entry of one part', () => {
  const count = 300;
  fc.assert(
    fc.property(
      fc.constantFrom('change-route', 'remove-route', 'change-backend', 'nothing' as const),
      fc.nat(count - 1),
      (change, at) => {
        const split = createConfigSplitter();
        const before = orderly(count);
        const parts = split(before);
        const edited = edit(before, change, at);
        const after = split(edited);
        const join = createConfigJoiner();
        const joined = join(before.version, parts);
        assert.deepEqual(joined, before);
        const joinedAfter = join(edited.version, after);
        assert.deepEqual(joinedAfter, edited);
        const changesRoutes = change === 'change-route' || change === 'remove-route';
        assert.equal(joinedAfter.binds === joined.binds, change !== 'remove-route');
        assert.equal(joinedAfter.routes === joined.routes, !changesRoutes);
        assert.equal(joinedAfter.backends === joined.backends, change !== 'change-backend');
        const changed = after.filter((part) => !parts.includes(part));
        assert.equal(after.length, parts.length);
        assert.equal(changed.length, change === 'nothing' ? 0 : 1);
        for (const { name, entries } of changed) {
          const old = parts.find((part) => part.name === name)?.entries ?? [];
          const fresh = entries.filter((entry) => !old.includes(entry));
          assert.equal(fresh.length, change === 'remove-route' ? 0 : 1);
        }
      },
    ),
    { numRuns: 60 },
  );
});

function edit(config: ProxyConfig, change: string, at: number): ProxyConfig {
  // Binds are made anew by the core at each turn.
  const binds = structuredClone(config.binds);
  const name = config.routes[at]!.object.name;
  switch (change) {
    case 'change-route':
      return { ...config, binds, routes: config.routes.with(at, orderlyRoute(name, 1)) };
    case 'remove-route': {
      const gone = config.routes[at]!.id;
      const less = binds.map((one) => ({
        ...one,
        listeners: one.listeners.map((each) => ({
          ...each,
          routes: each.routes.filter((carried) => carried !== gone),
        })),
      }));
      return { ...config, binds: less, routes: config.routes.toSpliced(at, 1) };
    }
    case 'change-backend':
      return { ...config, binds, backends: config.backends.with(at, orderlyBackend(name, 2)) };
    default:
      return { ...config, binds };
  }
}
