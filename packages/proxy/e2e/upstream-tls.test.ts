import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import type { BackendConfig, UpstreamTlsConfig } from '@sluice/model';
import {
  buildConfig,
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

type Pair = Awaited<ReturnType<typeof makeKeyPair>>;

function serverOptions({ keys, reference }: Pair) {
  const pair = keys.get(reference.id);
  return { cert: pair?.certificatePem, key: pair?.privateKeyPem };
}

function trusting(pair: Pair, parts: Partial<UpstreamTlsConfig> = {}): UpstreamTlsConfig {
  return {
    serverName: 'app.example',
    subjectAltNames: [],
    caCertificates: [pair.caPem],
    ...parts,
  };
}

function over(tls: UpstreamTlsConfig, port: number): Partial<BackendConfig> {
  return { tls, endpoints: [{ address: '127.0.0.1', port }] };
}

/** One rule for each backend, at its name. */
function configOf(backends: Readonly<Record<string, Partial<BackendConfig>>>) {
  const rules = Object.keys(backends).map((id) => buildRule({ prefix: `/${id}`, backends: [id] }));
  return buildConfig({ backends, rules });
}

test('a backend is reached when its certificate is the one asked for, else nothing is sent', async () => {
  const own = await makeKeyPair('own', ['app.example', '*.wild.example']);
  const other = await makeKeyPair('other', ['app.example']);
  const names: string[] = [];
  await using origin = await startOrigin(
    (_request, socket) => {
      names.push(String(Reflect.get(socket, 'servername')));
      return respondWith('secret');
    },
    { tls: serverOptions(own) },
  );
  const dns = (value: string) => ({ kind: 'dns', value }) as const;
  const reach = (parts: Partial<UpstreamTlsConfig>) => over(trusting(own, parts), origin.port);
  const config = configOf({
    right: reach({}),
    'wrong-authority': over(trusting(other), origin.port),
    'wrong-name': reach({ serverName: 'b.example' }),
    'system-authorities': over({ serverName: 'app.example', subjectAltNames: [] }, origin.port),
    listed: reach({
      serverName: 'b.example',
      subjectAltNames: [dns('x.example'), dns('app.example')],
    }),
    wildcard: reach({ serverName: 'b.example', subjectAltNames: [dns('a.wild.example')] }),
    'not-listed': reach({ subjectAltNames: [dns('x.example')] }),
    'no-uri': reach({ subjectAltNames: [{ kind: 'uri', value: 'app.example' }] }),
  });
  await using running = await startProxy(config);
  const ask = async (path: string) => (await fetchOnce({ port: running.port, path })).statusCode;
  for (const path of ['/right', '/right', '/listed', '/wildcard'])
    assert.equal(await ask(path), 200);
  assert.deepEqual(names, ['app.example', 'app.example', 'b.example', 'b.example']);
  for (const path of ['/wrong-authority', '/wrong-name', '/system-authorities', '/not-listed']) {
    assert.equal(await ask(path), 502, path);
  }
  assert.equal(await ask('/no-uri'), 502);
  assert.equal(origin.requests.length, 4);
  const flags = (await running.logged()).map(({ flags: flag }) => flag);
  assert.deepEqual(
    flags.slice(4),
    Array.from({ length: 5 }, () => 'upstream-tls'),
  );
  assert.match(running.proxy.metrics(), /sluice_failures_total\{failure="upstream-tls"\} 5/);
});

test('a backend that asks for a certificate gets the one of the config', async () => {
  const own = await makeKeyPair('own', ['app.example']);
  const tls = {
    ...serverOptions(own),
    ca: clientCertificatePem,
    requestCert: true,
    rejectUnauthorized: true,
  };
  await using origin = await startOrigin(() => respondWith('known'), { tls });
  const clientCertificate = { id: 'test/client', fingerprint: 'f' };
  const pair = { certificatePem: clientCertificatePem, privateKeyPem: clientKeyPem };
  const keys = new Map([['test/client', { ...pair, fingerprint: 'f' }]]);
  const config = configOf({
    shown: over(trusting(own, { clientCertificate }), origin.port),
    anonymous: over(trusting(own), origin.port),
  });
  await using running = await startProxy(config, { keys });
  assert.equal((await fetchOnce({ port: running.port, path: '/shown' })).text, 'known');
  assert.equal((await fetchOnce({ port: running.port, path: '/anonymous' })).statusCode, 502);
  const { problems } = await running.proxy.apply({ ...config, version: 'keyless' }, new Map());
  assert.match(problems[0]?.message ?? '', /test\/client: there is no such key pair/);
  assert.equal((await fetchOnce({ port: running.port, path: '/shown' })).statusCode, 500);
  assert.equal(origin.requests.length, 1);
});

test('other trust takes effect at the next request, kept connections included', async () => {
  const own = await makeKeyPair('own', ['app.example']);
  const other = await makeKeyPair('other', ['app.example']);
  await using origin = await startOrigin(undefined, { tls: serverOptions(own) });
  const trusts = (pair: Pair) => configOf({ app: over(trusting(pair), origin.port) });
  await using running = await startProxy(trusts(own));
  const ask = async () => (await fetchOnce({ port: running.port, path: '/app' })).statusCode;
  assert.equal(await ask(), 200);
  await running.proxy.apply(trusts(own), new Map());
  assert.equal(await ask(), 200);
  assert.equal(origin.connections, 1, 'the same trust keeps its connections');
  await running.proxy.apply(trusts(other), new Map());
  assert.equal(await ask(), 502);
  await running.proxy.apply(trusts(own), new Map());
  assert.equal(await ask(), 200);
});

test('damaged trust anchors are reported, and what serves beside them goes on', async () => {
  const own = await makeKeyPair('own', ['app.example']);
  await using origin = await startOrigin(undefined, { tls: serverOptions(own) });
  await using plain = await startOrigin(() => respondWith('plain'));
  const tls = trusting(own, { clientCertificate: { id: 'test/none', fingerprint: '' } });
  const config = configOf({
    bad: over(tls, origin.port),
    plain: { endpoints: [{ address: '127.0.0.1', port: plain.port }] },
  });
  await using running = await startProxy(configOf({ plain: { endpoints: [] } }));
  const { problems } = await running.proxy.apply(config, new Map());
  assert.deepEqual(
    problems.map(({ field }) => field),
    ['backends[bad].tls'],
  );
  assert.equal((await fetchOnce({ port: running.port, path: '/plain' })).text, 'plain');
  assert.equal((await fetchOnce({ port: running.port, path: '/bad' })).statusCode, 500);
  assert.equal(origin.connections, 0);
});

test('nothing of a request is sent to an endpoint that does not speak TLS', async () => {
  const own = await makeKeyPair('own', ['app.example']);
  let received = '';
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await using running = await startProxy(configOf({ app: over(trusting(own), port) }));
  const { statusCode } = await fetchOnce({ port: running.port, path: '/app?canary' });
  server.close();
  assert.equal(statusCode, 502);
  assert.ok(received.length > 0);
  assert.ok(!received.includes('canary'));
});

test('a WebSocket goes to a backend over TLS', async () => {
  const own = await makeKeyPair('own', ['app.example']);
  await using origin = await startOrigin(
    (_request, socket) => {
      socket.on('data', (bytes) => socket.write(bytes));
      return 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
    },
    { tls: serverOptions(own) },
  );
  const backend = { ...over(trusting(own), origin.port), protocol: 'websocket' } as const;
  await using running = await startProxy(configOf({ ws: backend }));
  using client = await connectRaw({ port: running.port });
  client.send('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await client.until((text) => text.includes('\r\n\r\n'));
  client.send('\x81\x05hello');
  await client.until((text) => text.endsWith('\x81\x05hello'));
  assert.equal(origin.requests[0] && headerOf(origin.requests[0], 'upgrade'), 'websocket');
});
