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

test('who waits for a version is answered when it is in force', async () => {
  await using running = await startProxy(buildConfig({ backends: {} }));
  const { proxy } = running;
  const first = proxy.config!;
  const describe = () => ({ problem: 'none' });
  const admin = await startAdmin({ proxy, port: 0, describe });
  const ask = (version: string) =>
    fetchOnce({ port: admin.port, path: `/config?wait=${version}` }).then(({ text }) => text);
  assert.deepEqual(JSON.parse(await ask(first.version)), {
    version: first.version,
    problem: 'none',
  });

  let answered = false;
  const waiting = ask('a%20b').then((text) => {
    answered = true;
    return text;
  });
  await proxy.apply({ ...first, version: 'other' }, new Map());
  admin.applied();
  assert.equal(JSON.parse(await ask('other')).version, 'other');
  assert.equal(answered, false);
  await proxy.apply({ ...first, version: 'a b' }, new Map());
  admin.applied();
  assert.equal(JSON.parse(await waiting).version, 'a b');
  await admin.close();
});

test('those who wait are limited, and leave when the admin port closes', async () => {
  const proxy = createProxy();
  const admin = await startAdmin({ proxy, port: 0 });
  const ask = () =>
    fetchOnce({ port: admin.port, path: '/config?wait=1' }).then(
      ({ statusCode }) => statusCode,
      () => 'closed' as const,
    );
  const answers = Array.from({ length: 65 }, ask);
  assert.equal(await Promise.race(answers), 503);
  await admin.close();
  const all = await Promise.all(answers);
  assert.equal(all.filter((answer) => answer === 'closed').length, 64);
  await proxy.close();
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
