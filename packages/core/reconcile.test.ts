/** The first way through: routes on a Gateway become a config and statuses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HTTPRoute } from '@sluice/spec';
import { reconcile } from './index.ts';
import {
  sampleClass,
  sampleGateway,
  sampleRoute,
  sampleRule,
  sampleService,
  sampleSlice,
  sampleWorld,
} from './sample-world.ts';

const world = sampleWorld({
  gatewayClasses: [sampleClass()],
  gateways: [sampleGateway()],
  httpRoutes: [
    sampleRoute({ hostnames: ['a.example.com'] }, 'a'),
    sampleRoute({ rules: [sampleRule({ name: 'all' })] }, 'b'),
  ],
  services: [sampleService()],
  endpointSlices: [sampleSlice()],
});

test('two routes on a Gateway give one config', () => {
  const { configs, findings } = reconcile(world);
  assert.deepEqual(
    findings.filter(
      (finding) => finding.severity === 'error' && finding.reason !== 'AddressNotAssigned',
    ),
    [],
  );
  const config = configs['infra/edge'];
  assert.deepEqual(config?.binds, [
    {
      port: 80,
      bindPort: 80,
      protocol: 'http',
      listeners: [
        {
          owner: { kind: 'Gateway', namespace: 'infra', name: 'edge' },
          name: 'http',
          routes: ['HTTPRoute/infra/a', 'HTTPRoute/infra/b'],
        },
      ],
    },
  ]);
  assert.deepEqual(config.backends, [
    {
      id: 'Service/infra/web:80',
      object: { kind: 'Service', namespace: 'infra', name: 'web' },
      port: 80,
      protocol: 'http1',
      endpoints: [{ address: '10.0.0.1', port: 8080 }],
    },
  ]);
});

test('a config is published before statuses, each effect with an id of its own', () => {
  const { effects } = reconcile(world);
  assert.deepEqual(
    effects.map((effect) => effect.id),
    [
      'publish-config/Gateway/infra/edge',
      'patch-status/GatewayClass/sluice',
      'patch-status/Gateway/infra/edge',
      'patch-status/HTTPRoute/infra/a',
      'patch-status/HTTPRoute/infra/b',
    ],
  );
});

test('a change of endpoints alone is a new version with the new endpoints', () => {
  const before = reconcile(world).configs['infra/edge'];
  const after = reconcile({ ...world, endpointSlices: [sampleSlice(['10.0.0.2'])] });
  const config = after.configs['infra/edge'];
  assert.deepEqual(config?.backends[0]?.endpoints, [{ address: '10.0.0.2', port: 8080 }]);
  assert.notEqual(config.version, before?.version);
  assert.deepEqual(reconcile(structuredClone(world)).configs['infra/edge'], before);
});

test('among hundreds of routes, each edit gives what a full build gives', () => {
  const name = (index: number) => `r${String(index).padStart(4, '0')}`;
  const at = (index: number, value: string) =>
    sampleRoute(
      { rules: [sampleRule({ matches: [{ path: { type: 'Exact', value } }] })] },
      name(index),
    );
  let httpRoutes = Array.from({ length: 300 }, (_, index) => at(2 * index, `/${index}`));
  const edits: readonly ((routes: readonly HTTPRoute[]) => HTTPRoute[])[] = [
    (routes) => routes.with(0, at(0, '/first')),
    (routes) => routes.with(130, at(260, '/middle')),
    (routes) => routes.toSpliced(64, 1),
    (routes) => [...routes, at(301, '/added')],
    (routes) => routes.toReversed(),
    (routes) => routes.slice(100),
  ];
  for (const edit of edits) {
    httpRoutes = edit(httpRoutes);
    const edited = { ...world, httpRoutes };
    assert.deepEqual(reconcile(edited), reconcile(structuredClone(edited)));
  }
});
