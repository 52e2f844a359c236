/** Backends after any sequence of configs = backends of the last one; endpoints stay in use. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackendConfig } from '@sluice/model';
import * as fc from 'fast-check';
import { BackendRegistry } from './backends.ts';
import type { Endpoint } from './codec.ts';
import type { UpstreamTls } from './upstream-tls.ts';

const ids = ['a', 'b', 'c', 'd'];
const backend: fc.Arbitrary<BackendConfig> = fc
  .record({
    id: fc.constantFrom(...ids),
    endpoints: fc.array(
      fc.record({ address: fc.constantFrom('10.0.0.1', '10.0.0.2', '::1'), port: fc.nat(1) }),
      { maxLength: 3 },
    ),
    serverName: fc.constantFrom(undefined, undefined, 'one', 'damaged'),
  })
  .map(({ id, endpoints, serverName }) => ({
    id,
    object: { kind: 'Service', namespace: 'n', name: id },
    port: 80,
    protocol: 'http1' as const,
    endpoints,
    ...(serverName === undefined ? {} : { tls: { serverName, subjectAltNames: [] } }),
  }));
const edit = fc.tuple(fc.nat(4), fc.nat(2), fc.array(backend, { maxLength: 2 }));

const identity: UpstreamTls = { serial: 1, serverName: 'one', options: {} };

function applyTo(registry: BackendRegistry, configs: readonly BackendConfig[]): void {
  registry.apply(configs, ({ tls }) => {
    const usable = tls?.serverName !== 'damaged';
    return { tls: usable ? identity : undefined, usable };
  });
}

function describe(registry: BackendRegistry): unknown {
  const listed = [...registry.endpoints()].map(({ key, tls }) => `${key} ${tls?.serial ?? ''}`);
  const backends = ids.map((id) => {
    const { known, protocol, endpoints, balancer } = registry.backend(id);
    const balanced = balancer !== undefined && endpoints.length > 0;
    return { known, protocol, balanced, endpoints: endpoints.map(({ key, tls }) => [key, tls]) };
  });
  return { listed: listed.toSorted((one, other) => (one < other ? -1 : 1)), backends };
}

test('incremental = full; an endpoint is retired when, and only when, no backend has it', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 10 }), (edits) => {
      const retired: Endpoint[] = [];
      const registry = new BackendRegistry(
        () => 0,
        (endpoint) => retired.push(endpoint),
      );
      let configs: readonly BackendConfig[] = [];
      for (const [at, remove, insert] of edits) {
        const before = new Set(registry.endpoints());
        const edited = configs.toSpliced(at, remove, ...insert);
        configs = [...new Map(edited.map((one) => [one.id, one])).values()];
        applyTo(registry, configs);
        const fresh = new BackendRegistry(
          () => 0,
          () => {},
        );
        applyTo(fresh, configs);
        assert.deepEqual(describe(registry), describe(fresh));
        const now = new Set(registry.endpoints());
        assert.deepEqual(
          new Set(retired.splice(0)),
          new Set([...before].filter((endpoint) => !now.has(endpoint))),
        );
        for (const endpoint of before) assert.equal(endpoint.retired, !now.has(endpoint));
        for (const id of ids) {
          for (const endpoint of registry.backend(id).endpoints) assert.ok(now.has(endpoint));
        }
      }
    }),
    { numRuns: 500 },
  );
});
