import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EndpointSlice, Service } from '@sluice/spec';
import { applyLocalServices, parseMapOptions } from './local-service.ts';

test('--map reads namespace, service, port and a host with port', async () => {
  assert.deepEqual(await parseMapOptions(['shop/cart:8080=127.0.0.1:3000', 'web:80=[::1]:81']), [
    { namespace: 'shop', service: 'cart', port: 8080, address: '127.0.0.1', localPort: 3000 },
    { namespace: 'default', service: 'web', port: 80, address: '::1', localPort: 81 },
  ]);
});

for (const option of [
  'cart',
  'cart:80',
  'cart:80=3000',
  'a/b/c:1=h:2',
  'cart:0=h:1',
  'cart:1=h:0',
]) {
  test(`--map ${option} is refused with an example`, async () => {
    await assert.rejects(parseMapOptions([option]), /--map .*for example --map default/);
  });
}

test('a mapped Service port replaces the slices of the Service and keeps its port name', () => {
  const service = {
    metadata: { namespace: 'shop', name: 'cart' },
    spec: { ports: [{ name: 'http', port: 8080 }] },
  } as unknown as Service;
  const slice = {
    metadata: { namespace: 'shop', labels: { 'kubernetes.io/service-name': 'cart' } },
  } as unknown as EndpointSlice;
  const mapped = applyLocalServices(
    [service],
    [slice],
    [{ namespace: 'shop', service: 'cart', port: 8080, address: '127.0.0.1', localPort: 3000 }],
  );
  assert.deepEqual(
    mapped.map(({ ports, endpoints }) => ({ ports, addresses: endpoints[0]?.addresses })),
    [{ ports: [{ name: 'http', port: 3000, protocol: 'TCP' }], addresses: ['127.0.0.1'] }],
  );
});
