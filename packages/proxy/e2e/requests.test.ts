import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildConfig,
  buildRule,
  connectRaw,
  fetchOnce,
  headerOf,
  respondWith,
  startOrigin,
  startProxy,
} from '@sluice/testkit';

test('Expect: 100-continue is answered when the endpoint is connected, and not sent on', async () => {
  await using origin = await startOrigin((request) =>
    respondWith(`got ${request.body.toString()}`),
  );
  const rules = [buildRule({ prefix: '/app', backends: ['app'] })];
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] }, rules }));
  using client = await connectRaw({ port: running.port });
  const head = (path: string) =>
    `PUT ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n`;
  client.send(head('/app'));
  await client.until((text) => text === 'HTTP/1.1 100 Continue\r\n\r\n');
  client.send('body');
  await client.until((text) => text.endsWith('got body'));
  const [request] = origin.requests;
  assert.ok(request);
  assert.equal(headerOf(request, 'expect'), undefined);
  // Without a route there is no 100; the body that was never asked for can't be the next request.
  client.send(head('/none'));
  const received = await client.untilEnd();
  assert.match(received, /got bodyHTTP\/1\.1 404 Not Found\r\n[^]*Connection: close/);
  assert.equal(origin.requests.length, 1);
});

test('interim responses pass to clients that know them, 100 does not', async () => {
  await using origin = await startOrigin(
    () =>
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${respondWith('ok')}`,
  );
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using client = await connectRaw({ port: running.port });
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const received = await client.until((text) => text.endsWith('ok'));
  assert.match(received, /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a>\r\n\r\nHTTP\/1\.1 200/);
  using old = await connectRaw({ port: running.port });
  old.send('GET / HTTP/1.0\r\nHost: a\r\n\r\n');
  assert.match(await old.untilEnd(), /^HTTP\/1\.1 200/);
});

test('X-Forwarded-* of a stranger is replaced, with its aliases; that of a trusted peer stays', async () => {
  await using origin = await startOrigin();
  const config = buildConfig({ backends: { app: [origin.port] } });
  await using strict = await startProxy(config);
  await using trusting = await startProxy(config, { trustedProxies: ['127.0.0.0/8'] });
  const headers = {
    'x-forwarded-for': '1.2.3.4',
    x_forwarded_for: '1.2.3.4',
    'x-forwarded-proto': 'https',
    forwarded: 'for=1.2.3.4',
    'x-real-ip': '1.2.3.4',
  };
  await fetchOnce({ port: strict.port, host: 'shop.example', headers });
  await fetchOnce({ port: trusting.port, host: 'shop.example', headers });
  const [one, other] = origin.requests;
  assert.ok(one !== undefined && other !== undefined);
  assert.equal(headerOf(one, 'x-forwarded-for'), '127.0.0.1');
  assert.equal(headerOf(one, 'x-forwarded-proto'), 'http');
  assert.equal(headerOf(one, 'x-forwarded-host'), 'shop.example');
  for (const name of ['x_forwarded_for', 'forwarded', 'x-real-ip']) {
    assert.equal(headerOf(one, name), undefined, name);
  }
  assert.equal(headerOf(other, 'x-forwarded-for'), '1.2.3.4, 127.0.0.1');
  assert.equal(headerOf(other, 'x-forwarded-proto'), 'https');
  assert.equal(headerOf(other, 'x_forwarded_for'), undefined);
});

test('limits: long heads, many fields, slow heads, idle connections, too many connections', async () => {
  await using origin = await startOrigin();
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }), {
    limits: { requestHeadMs: 100, idleMs: 100, connectionsPerBind: 3 },
  });
  const ask = async (request: string): Promise<string> => {
    using client = await connectRaw({ port: running.port });
    client.send(request);
    return await client.untilEnd();
  };
  const start = 'GET / HTTP/1.1\r\nHost: a\r\n';
  assert.match(await ask(`${start}X: ${'x'.repeat(17_000)}\r\n\r\n`), /^HTTP\/1\.1 431 /);
  assert.match(await ask(`${start}${'X: x\r\n'.repeat(101)}\r\n`), /^HTTP\/1\.1 431 /);
  assert.match(await ask(`GET /${'x'.repeat(17_000)} HTTP/1.1\r\n`), /^HTTP\/1\.1 414 /);
  assert.match(await ask(start), /^HTTP\/1\.1 408 /);
  assert.equal(await ask(''), '');
  assert.match(await ask(`${start}\r\n`), /^HTTP\/1\.1 200 OK\r\n[^]*ok$/);
  const clients = await Promise.all(
    Array.from({ length: 3 }, () => connectRaw({ port: running.port })),
  );
  for (const client of clients) client.send(`${start}\r\n`);
  await Promise.all(clients.map((client) => client.until((text) => text.endsWith('ok'))));
  assert.equal(await ask(`${start}\r\n`), '');
  assert.match(running.proxy.metrics(), /sluice_downstream_connections_refused_total 1/);
  for (const client of clients) client.socket.destroy();
});

/** Each is refused, or its one reading is what the origin sees. */
const corpus: readonly (readonly [name: string, request: string, statusCode: number])[] = [
  [
    'CL.TE',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG',
    400,
  ],
  [
    'TE.TE',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n',
    400,
  ],
  [
    'TE with a tab',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  [
    'TE list',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  [
    'TE in HTTP/1.0',
    'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello',
    400,
  ],
  ['signed length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello', 400],
  ['space before colon', 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello', 400],
  ['bare LF', 'GET / HTTP/1.1\nHost: a\n\n', 400],
  ['bare CR', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n', 400],
  ['NUL', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n', 400],
  ['folded line', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n', 400],
  ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ['bad Host', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
  ['fragment', 'GET /#a HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['above root', 'GET /../x HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['encoded NUL', 'GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['CONNECT', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['unknown method', 'FROB / HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['HTTP/2.0', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
  [
    'bad chunk size',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n',
    400,
  ],
  [
    'chunk without end',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n',
    400,
  ],
  [
    'LF in a chunk line',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n',
    400,
  ],
];

test('smuggling: every ambiguous request is refused and its connection closed', async () => {
  await using origin = await startOrigin();
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  for (const [name, request, statusCode] of corpus) {
    using client = await connectRaw({ port: running.port });
    client.send(`${request}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
    const received = await client.untilEnd();
    const codes = Array.from(received.matchAll(/HTTP\/1\.1 (\d+)/g), (match) => Number(match[1]));
    assert.deepEqual(codes, [statusCode], name);
  }
  assert.deepEqual(origin.violations, []);
  assert.deepEqual(
    origin.requests.map(({ target }) => target).filter((target) => target === '/smuggled'),
    [],
  );
});

test('an absolute target chooses no endpoint and replaces Host', async () => {
  await using origin = await startOrigin();
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using client = await connectRaw({ port: running.port });
  client.send('GET http://b.example:81/x?y HTTP/1.1\r\nHost: a.example\r\n\r\n');
  await client.until((text) => text.endsWith('ok'));
  const [request] = origin.requests;
  assert.equal(request?.target, '/x?y');
  assert.equal(request && headerOf(request, 'host'), 'b.example:81');
});
