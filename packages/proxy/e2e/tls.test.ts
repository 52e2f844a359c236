import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from 'node:tls';
import type { BindConfig, ListenerConfig } from '@sluice/model';
import {
  buildConfig,
  buildRoute,
  buildRule,
  clientCertificatePem,
  clientKeyPem,
  connectRaw,
  fetchOnce,
  headerOf,
  makeKeyPair,
  respondWith,
  startOrigin,
  startProxy,
} from '@sluice/testkit';

const owner = { kind: 'Gateway', namespace: 'test', name: 'gateway' };

function httpsBind(listeners: readonly Omit<ListenerConfig, 'owner' | 'routes'>[]): BindConfig {
  const routes = ['route'];
  return {
    port: 443,
    bindPort: 0,
    protocol: 'https',
    listeners: listeners.map((listener) => ({ owner, routes, ...listener })),
  };
}

test('HTTPS: the certificate follows SNI, and Host must be of the same listener', async () => {
  await using origin = await startOrigin(() => respondWith('secret'));
  const a = await makeKeyPair('a', ['a.example', '*.a.example']);
  const b = await makeKeyPair('b', ['b.example']);
  const binds = [
    httpsBind([
      { name: 'a', hostname: 'a.example', tls: { certificates: [a.reference] } },
      { name: 'b', hostname: 'b.example', tls: { certificates: [b.reference] } },
    ]),
  ];
  const routes = [buildRoute('route', [buildRule({ backends: ['app'] })])];
  const config = buildConfig({ backends: { app: [origin.port] }, binds, routes });
  const keys = new Map([...a.keys, ...b.keys]);
  await using running = await startProxy(config, { keys });
  const ask = (host: string, pair: typeof a, servername = host) =>
    fetchOnce({ port: running.port, host, tls: { servername, ca: pair.caPem } });
  assert.equal((await ask('a.example', a)).text, 'secret');
  assert.equal((await ask('b.example', b)).text, 'secret');
  assert.equal((await ask('b.example', a, 'a.example')).statusCode, 421);
  // A name that no listener has fails its handshake, and only that.
  await assert.rejects(ask('c.example', a));
  assert.equal((await ask('a.example', a)).text, 'secret');
  assert.equal(origin.requests.length, 3);
  const [request] = origin.requests;
  assert.equal(request && headerOf(request, 'x-forwarded-proto'), 'https');
});

test('a client that sends no name gets the listener for every host, and nothing of the others', async () => {
  await using origin = await startOrigin(() => respondWith('served'));
  const any = await makeKeyPair('any', ['127.0.0.1']);
  const guarded = await makeKeyPair('guarded', ['guarded.example']);
  const guard = { caCertificates: [guarded.caPem], mode: 'allow-valid-only' } as const;
  const everyHost = { name: 'any', tls: { certificates: [any.reference] } };
  const oneHost = {
    name: 'guarded',
    hostname: 'guarded.example',
    tls: { certificates: [guarded.reference], clientValidation: guard },
  };
  const configWith = (...listeners: Parameters<typeof httpsBind>[0]) =>
    buildConfig({
      backends: { app: [origin.port] },
      binds: [httpsBind(listeners)],
      routes: [buildRoute('route', [buildRule({ backends: ['app'] })])],
    });
  const keys = new Map([...any.keys, ...guarded.keys]);
  await using running = await startProxy(configWith(oneHost, everyHost), { keys });
  const ask = async (host: string): Promise<string> => {
    using client = await connectRaw({ port: running.port, tls: { servername: '', ca: any.caPem } });
    client.send(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    return (await client.untilEnd()).slice(0, 'HTTP/1.1 200'.length);
  };
  assert.equal(await ask('127.0.0.1'), 'HTTP/1.1 200');
  // Its clients have to show a certificate, which this one was not asked for by that listener.
  assert.equal(await ask('guarded.example'), 'HTTP/1.1 421');
  assert.equal(origin.requests.length, 1);
  await running.proxy.apply(configWith(oneHost), keys);
  await assert.rejects(ask('127.0.0.1'));
});

test('a new certificate serves new handshakes; a connection that exists goes on', async () => {
  await using origin = await startOrigin();
  const before = await makeKeyPair('a', ['a.example']);
  const after = await makeKeyPair('a', ['a.example']);
  const configWith = (pair: typeof before) =>
    buildConfig({
      backends: { app: [origin.port] },
      binds: [httpsBind([{ name: 'a', tls: { certificates: [pair.reference] } }])],
      routes: [buildRoute('route', [buildRule({ backends: ['app'] })])],
    });
  await using running = await startProxy(configWith(before), { keys: before.keys });
  const open = (pair: typeof before) =>
    connectRaw({ port: running.port, tls: { servername: 'a.example', ca: pair.caPem } });
  using old = await open(before);
  const request = 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n';
  old.send(request);
  await old.until((text) => text.endsWith('ok'));
  const { problems } = await running.proxy.apply(configWith(after), after.keys);
  assert.deepEqual(problems, []);
  await assert.rejects(open(before));
  using fresh = await open(after);
  fresh.send(request);
  await fresh.until((text) => text.endsWith('ok'));
  old.send(request);
  await old.until((text) => text.split('HTTP/1.1 200').length === 3 && text.endsWith('ok'));
});

test('a key pair that is missing is a problem; the other listeners serve', async () => {
  await using origin = await startOrigin();
  const a = await makeKeyPair('a', ['a.example']);
  const b = await makeKeyPair('b', ['b.example']);
  const binds = [
    httpsBind([
      { name: 'a', hostname: 'a.example', tls: { certificates: [a.reference] } },
      { name: 'b', hostname: 'b.example', tls: { certificates: [b.reference] } },
    ]),
  ];
  const routes = [buildRoute('route', [buildRule({ backends: ['app'] })])];
  const config = buildConfig({ backends: { app: [origin.port] }, binds, routes });
  await using running = await startProxy(buildConfig({ backends: {}, routes: [] }));
  const { problems } = await running.proxy.apply(config, a.keys);
  assert.deepEqual(
    problems.map(({ message }) => message),
    ['certificate test/b: there is no such key pair'],
  );
  const port = running.proxy.addresses.find(({ protocol }) => protocol === 'https')?.boundPort ?? 0;
  const tls = { servername: 'a.example', ca: a.caPem };
  assert.equal((await fetchOnce({ port, host: 'a.example', tls })).text, 'ok');
});

test('client certificates: required, or asked for and not insisted on', async () => {
  await using origin = await startOrigin();
  const server = await makeKeyPair('a', ['a.example']);
  for (const mode of ['allow-valid-only', 'allow-insecure-fallback'] as const) {
    const clientValidation = { caCertificates: [clientCertificatePem], mode };
    const tls = { certificates: [server.reference], clientValidation };
    const config = buildConfig({
      backends: { app: [origin.port] },
      binds: [httpsBind([{ name: 'a', tls }])],
      routes: [buildRoute('route', [buildRule({ backends: ['app'] })])],
    });
    await using running = await startProxy(config, { keys: server.keys });
    const answers = async (own: { cert?: string; key?: string }): Promise<boolean> => {
      const options = { servername: 'a.example', ca: server.caPem, ...own };
      const socket = connect({ port: running.port, host: '127.0.0.1', ...options });
      socket.on('error', () => {});
      socket.write('GET / HTTP/1.0\r\nHost: a.example\r\n\r\n');
      let text = '';
      for await (const part of socket) text += part;
      return text.endsWith('ok');
    };
    const own = { cert: clientCertificatePem, key: clientKeyPem };
    assert.equal(await answers(own), true, mode);
    const without = await answers({}).catch(() => false);
    assert.equal(without, mode === 'allow-insecure-fallback', mode);
  }
});

test('garbage instead of a handshake costs its connection only', async () => {
  const a = await makeKeyPair('a', ['a.example']);
  const binds = [httpsBind([{ name: 'a', tls: { certificates: [a.reference] } }])];
  const routes = [buildRoute('route', [buildRule({})])];
  const config = buildConfig({ backends: {}, binds, routes });
  await using running = await startProxy(config, { keys: a.keys });
  using client = await connectRaw({ port: running.port });
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.untilEnd();
  const tls = { servername: 'a.example', ca: a.caPem };
  assert.equal((await fetchOnce({ port: running.port, host: 'a.example', tls })).statusCode, 500);
});
