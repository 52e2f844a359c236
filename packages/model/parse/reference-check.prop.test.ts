/** What is remembered of earlier configs never changes what is said of the next. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { BackendConfig, BindConfig, HttpRouteConfig, ProxyConfig } from '../config.ts';
import { createReferenceCheck } from './reference-check.ts';
import { findReferenceProblems } from './references.ts';

// The same objects again and again, as they stay from config to config, and others of their ids.
const ids = ['a', 'b', 'c', 'd'];
const owner = { kind: 'Gateway', namespace: 'n', name: 'edge' };
const backends = ids.flatMap((id) => [backendOf(id, 1), backendOf(id, 2)]);
const routes = ids.flatMap((id, index) => [routeOf(id, ids[index]), routeOf(id, 'b'), routeOf(id)]);

function backendOf(id: string, port: number): BackendConfig {
  return { id, object: owner, port, protocol: 'http1', endpoints: [] };
}

function routeOf(id: string, backend?: string): HttpRouteConfig {
  const backendRefs = backend === undefined ? [] : [{ backend, weight: 1, filters: [] }];
  const rules = [{ matches: [], filters: [], backends: backendRefs }];
  return { id, object: owner, createdAt: 0, hostnames: [], rules };
}

const listener = fc.record({
  owner: fc.constant(owner),
  name: fc.constantFrom('x', 'y'),
  hostname: fc.constantFrom('one', 'two', 'three'),
  routes: fc.oneof(fc.subarray(ids), fc.array(fc.constantFrom(...ids), { maxLength: 3 })),
});
const bind: fc.Arbitrary<BindConfig> = fc.record({
  port: fc.constant(80),
  bindPort: fc.constantFrom(80, 81, 82, 83),
  protocol: fc.constantFrom('http' as const, 'http' as const, 'http' as const, 'https' as const),
  listeners: fc.array(listener, { maxLength: 2 }),
});

type Step = (config: ProxyConfig) => ProxyConfig;

const place = fc.nat(8);
const listStep = <Item>(items: readonly Item[]) =>
  fc.record({ at: place, remove: fc.nat(1), insert: fc.subarray([...items], { maxLength: 1 }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  listStep(routes).map(
    ({ at, remove, insert }): Step =>
      (config) => ({ ...config, routes: config.routes.toSpliced(at, remove, ...insert) }),
  ),
  listStep(backends).map(
    ({ at, remove, insert }): Step =>
      (config) => ({ ...config, backends: config.backends.toSpliced(at, remove, ...insert) }),
  ),
  fc.array(bind, { maxLength: 2 }).map(
    (binds): Step =>
      (config) => ({ ...config, binds }),
  ),
  fc.constant<Step>((config) => ({ ...config, routes: config.routes.toReversed() })),
);
const whole: ProxyConfig = {
  version: '1',
  gateway: owner,
  binds: [
    {
      port: 80,
      bindPort: 80,
      protocol: 'http',
      listeners: [{ owner, name: 'x', routes: ids }],
    },
  ],
  routes: routes.filter((_, index) => index % 3 === 0),
  backends: backends.filter((_, index) => index % 2 === 0),
};

test('the check of what changed = the check of all, whatever the changes', () => {
  let fine = 0;
  let wrong = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const check = createReferenceCheck();
      check(whole);
      let config = whole;
      for (const next of steps) {
        config = next(config);
        const expected = findReferenceProblems(config);
        assert.deepEqual(check(config), expected);
        if (expected.length === 0) fine += 1;
        else {
          wrong += 1;
          // What is wrong is not taken: the next change is one of what is in force.
          config = whole;
          check(whole);
        }
      }
    }),
    { numRuns: 1_500 },
  );
  assert.ok(fine > 500 && wrong > 500, `${fine} of ${fine + wrong} configs were fine`);
});
