import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildConfig, fetchOnce, startOrigin, startProxy } from '@sluice/testkit';
import { createProxy, startAdmin } from './index.ts';

test('the admin port tells health, readiness, metrics and the config', async () => {
  await using origin = await startOrigin();
  const config = buildConfig({ backends: { app: [origin.port] } });
  await using running = await startProxy(config);
  const admin = await startAdmin({ proxy: running.proxy, port: 0 });
  await fetchOnce({ port: running.port });
  const get = (path: string) => fetchOnce({ port: admin.port, path });
  assert.equal((await get('/healthz')).statusCode, 200);
  assert.equal((await get('/readyz')).statusCode, 200);
  assert.match(
    (await get('/metrics')).text,
    /sluice_requests_total\{route="route",status="2xx"\} 1/,
  );
  assert.deepEqual(JSON.parse((await get('/config')).text), structuredClone(config));
  assert.equal((await get('/other')).statusCode, 404);
  assert.equal((await fetchOnce({ port: admin.port, method: 'POST' })).statusCode, 405);
  await admin.close();
});

test('a proxy without a config is healthy and not ready', async () => {
  const proxy = createProxy();
  const admin = await startAdmin({ proxy, port: 0 });
  assert.equal((await fetchOnce({ port: admin.port, path: '/healthz' })).statusCode, 200);
  assert.equal((await fetchOnce({ port: admin.port, path: '/readyz' })).statusCode, 503);
  assert.deepEqual(JSON.parse((await fetchOnce({ port: admin.port, path: '/config' })).text), {
    version: null,
  });
  await admin.close();
  await proxy.close();
});
