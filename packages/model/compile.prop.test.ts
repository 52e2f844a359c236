/** A table made from the one before = a table made from nothing, after any sequence of changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compileConfig } from './compile.ts';
import type { BindConfig, HttpRouteConfig, ListenerConfig, ProxyConfig } from './config.ts';
import { matchRequest, selectListener } from './match.ts';
import { buildRequest } from './request.ts';
import { sampleConfig, sampleRoute } from './sample-config.ts';
import type { RouteTable } from './table.ts';

const hosts = ['a.com', 'b.a.com', 'x.org'];
const hostnames = ['a.com', '*.a.com', 'x.org', '*.com'];
const names = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6'];
const route: fc.Arbitrary<HttpRouteConfig> = fc
  .record({
    name: fc.constantFrom(...names),
    createdAt: fc.nat(2),
    hostnames: fc.subarray(hostnames, { maxLength: 2 }),
    path: fc.constantFrom('/', '/a', '/a/b', '('),
    kind: fc.constantFrom('exact' as const, 'prefix' as const, 'regex' as const),
  })
  .map(({ name, path, kind, ...sample }) => {
    const value = path === '(' && kind !== 'regex' ? '/' : path;
    return sampleRoute(name, { ...sample, rules: [[{ path: { kind, value } }]] });
  });
const { gateway: owner } = sampleConfig([]);
const listener: fc.Arbitrary<ListenerConfig> = fc
  .record({
    name: fc.constantFrom('one', 'two', 'three'),
    hostname: fc.constantFrom(undefined, 'a.com', '*.com'),
    // Some are not there, and some stand twice.
    routes: fc.array(
      fc.constantFrom(...names).map((name) => sampleRoute(name).id),
      { maxLength: 8 },
    ),
  })
  .map(({ hostname, ...rest }) => ({ owner, ...rest, ...(hostname && { hostname }) }));

type Step = (config: ProxyConfig) => ProxyConfig;

const place = fc.nat(7);
const uniqueIds = (routes: readonly HttpRouteConfig[]) => [
  ...new Map(routes.map((one) => [one.id, one])).values(),
];
const editListeners = (edit: (bind: BindConfig) => readonly ListenerConfig[]): Step => {
  return (config) => ({
    ...config,
    binds: config.binds.map((bind) => ({ ...bind, listeners: edit(bind) })),
  });
};
const attachAll = (config: ProxyConfig): ProxyConfig =>
  editListeners(({ listeners }) =>
    listeners.map((one) => ({ ...one, routes: config.routes.map(({ id }) => id) })),
  )(config);

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(place, fc.nat(2), fc.array(route, { maxLength: 2 }), fc.boolean())
    .map(([at, remove, insert, attached]): Step => {
      return (config) => {
        const routes = uniqueIds(config.routes.toSpliced(at, remove, ...insert));
        return attached ? attachAll({ ...config, routes }) : { ...config, routes };
      };
    }),
  fc.constant<Step>((config) => attachAll({ ...config, routes: config.routes.toReversed() })),
  fc.constant<Step>((config) => structuredClone(config)),
  fc
    .tuple(place, fc.nat(1), fc.array(listener, { maxLength: 1 }))
    .map(([at, remove, insert]) =>
      editListeners(({ listeners }) => listeners.toSpliced(at % 3, remove, ...insert)),
    ),
  fc.constant(editListeners(({ listeners }) => listeners.toReversed())),
);

const action = (context: { route: HttpRouteConfig; ruleIndex: number }) =>
  `${context.route.id} ${context.route.createdAt} ${context.ruleIndex}`;

function answers(table: RouteTable<string>): unknown {
  return table.binds.map((bind) => [
    bind.listeners.map(({ identity, routes }) => [identity, routes.map((one) => one.route.id)]),
    hosts.map((host) => {
      const selected = selectListener(bind, host);
      const found = ['/', '/a', '/a/b/c'].map((target) => {
        const match = selected && matchRequest(selected, buildRequest({ host, target }));
        return match && [match.action, match.route, match.matchIndex];
      });
      return [selected?.identity, found];
    }),
  ]);
}

test('incremental = full, and tables that are in use stay as they are', () => {
  fc.assert(
    fc.property(
      fc.array(route, { maxLength: 7 }),
      fc.array(step, { minLength: 1, maxLength: 8 }),
      (routes, steps) => {
        let config = sampleConfig(uniqueIds(routes));
        let { table } = compileConfig(config, action);
        for (const next of steps) {
          const before = table;
          const said = answers(before);
          config = next(config);
          const full = compileConfig(config, action);
          const incremental = compileConfig(config, action, before);
          assert.deepEqual(incremental.problems, full.problems);
          assert.deepEqual(answers(incremental.table), answers(full.table));
          assert.equal(incremental.table.config, config);
          assert.deepEqual(answers(before), said);
          ({ table } = incremental);
        }
      },
    ),
    { numRuns: 500 },
  );
});
