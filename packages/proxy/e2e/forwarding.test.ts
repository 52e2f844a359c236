import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  buildConfig,
  connectRaw,
  fetchOnce,
  headerOf,
  respondWith,
  startOrigin,
  startProxy,
} from '@sluice/testkit';

test('a request and its response pass with one framing and without hop-by-hop fields', async () => {
  await using origin = await startOrigin(() =>
    respondWith('hello', { headers: 'X-Origin: yes\r\nKeep-Alive: timeout=5\r\n' }),
  );
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  const response = await fetchOnce({
    port: running.port,
    path: '/a/../b?c=%41',
    host: 'Shop.example:8080',
    headers: { connection: 'close, x-private', 'x-private': '1', te: 'gzip', 'x-kept': 'v' },
  });
  assert.equal(response.statusCode, 200);
  assert.equal(response.text, 'hello');
  assert.equal(response.headers['x-origin'], 'yes');
  assert.equal(response.headers['keep-alive'], undefined);
  const [request] = origin.requests;
  assert.ok(request);
  assert.equal(request.target, '/b?c=%41');
  assert.deepEqual(request.headers.map(([name]) => name.toLowerCase()).toSorted(), [
    'host',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-kept',
  ]);
  assert.equal(headerOf(request, 'host'), 'Shop.example:8080');
  assert.deepEqual(origin.violations, []);
});

test('request bodies pass with a length and in chunks, with trailers', async () => {
  await using origin = await startOrigin();
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  const body = Buffer.alloc(1_000_000, 'abc');
  await fetchOnce({ port: running.port, method: 'POST', body });
  using client = await connectRaw({ port: running.port });
  client.send(
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n' +
      '5;name="x"\r\nhello\r\n6\r\n world\r\n0\r\nX-Check: 42\r\nHost: evil\r\n\r\n',
  );
  await client.until((text) => text.endsWith('ok'));
  assert.deepEqual(origin.violations, []);
  const [long, chunked] = origin.requests;
  assert.ok(long?.body.equals(body));
  assert.equal(chunked?.body.toString(), 'hello world');
  assert.deepEqual(chunked?.trailers, [['X-Check', '42']]);
});

test('response bodies pass whatever their framing, and HTTP/1.0 clients can read them', async () => {
  const bodies: Record<string, string> = {
    '/chunked':
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-t\r\n\r\n' +
      '3\r\nabc\r\n3\r\ndef\r\n0\r\nx-t: 1\r\n\r\n',
    '/close': 'HTTP/1.1 200 OK\r\n\r\nabcdef',
    '/length': respondWith('abcdef'),
  };
  await using origin = await startOrigin((request, socket) => {
    const response = bodies[request.target];
    if (request.target !== '/close') return response;
    socket.end(response ?? '');
    return undefined;
  });
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  for (const path of Object.keys(bodies)) {
    const response = await fetchOnce({ port: running.port, path });
    assert.equal(response.text, 'abcdef', path);
    if (path === '/chunked') assert.deepEqual({ ...response.trailers }, { 'x-t': '1' });
    using old = await connectRaw({ port: running.port });
    old.send(`GET ${path} HTTP/1.0\r\nHost: a\r\n\r\n`);
    const received = await old.untilEnd();
    assert.match(received, /^HTTP\/1\.1 200 OK\r\n/);
    assert.doesNotMatch(received, /chunked/i);
    assert.ok(received.endsWith('\r\n\r\nabcdef'), received);
  }
});

test('HEAD, 204 and 304 have no body, and the connection stays usable', async () => {
  await using origin = await startOrigin(({ method, target }) => {
    if (method === 'HEAD') return 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n';
    if (target === '/204') return 'HTTP/1.1 204 No Content\r\n\r\n';
    if (target === '/304') return 'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n';
    return respondWith('last');
  });
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using client = await connectRaw({ port: running.port });
  client.send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until((text) => text.endsWith('\r\n\r\n'));
  client.send('GET /204 HTTP/1.1\r\nHost: a\r\n\r\nGET /304 HTTP/1.1\r\nHost: a\r\n\r\n');
  client.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
  const received = await client.until((text) => text.endsWith('last'));
  const codes = Array.from(received.matchAll(/HTTP\/1\.1 (\d+)/g), (match) => match[1]);
  assert.deepEqual(codes, ['200', '204', '304', '200']);
  assert.match(received, /200 OK\r\nContent-Length: 10\r\n\r\nHTTP/);
  assert.equal(origin.connections, 1);
});

test('a slow reader slows its origin down, and gets every byte', async () => {
  const body = Buffer.alloc(24_000_000, '0123456789');
  await using origin = await startOrigin((_request, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.write(body);
    return undefined;
  });
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using client = await connectRaw({ port: running.port });
  client.socket.pause();
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const [socket] = origin.sockets;
  assert.ok((socket?.writableLength ?? 0) > 0, 'the origin could send everything');
  client.socket.resume();
  const received = await client.until((text) => text.length >= body.length + 40);
  assert.ok(received.endsWith(body.toString().slice(-100)));
  assert.equal(received.length, received.indexOf('\r\n\r\n') + 4 + body.length);
});

test('a client that sends requests and reads no answer is held back, then gets every answer', async () => {
  await using running = await startProxy(buildConfig({ backends: { app: [] }, rules: [] }));
  using client = await connectRaw({ port: running.port });
  client.socket.pause();
  const sent = 200_000;
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(sent - 1));
  client.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const answered = () => {
    const counts = running.proxy.metrics().matchAll(/^sluice_requests_total.* (\d+)$/gm);
    return Array.from(counts, ([, count]) => Number(count)).reduce((sum, count) => sum + count, 0);
  };
  for (let before = -1; answered() === 0 || answered() > before; ) {
    before = answered();
    await delay(100);
  }
  assert.ok(answered() < sent, `${answered()} requests were answered to nobody`);
  client.socket.resume();
  const text = await client.untilEnd();
  assert.equal(text.split('HTTP/1.1 404').length - 1, sent);
});

test('thousands of interleaved requests on few connections: every answer is the right one', async () => {
  await using origin = await startOrigin((request) =>
    respondWith(`${request.target}${'.'.repeat(request.target.length % 7)}`),
  );
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < 2_000) {
      next += 1;
      const path = `/${next}`;
      const { text } = await fetchOnce({ port: running.port, path, agent });
      assert.equal(text.replaceAll('.', ''), path);
    }
  };
  await Promise.all(Array.from({ length: 20 }, work));
  using client = await connectRaw({ port: running.port });
  const paths = Array.from({ length: 1_000 }, (_, index) => `/p${index}`);
  client.send(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  const last = paths.at(-1) ?? '';
  const received = await client.until((text) =>
    text.endsWith(`\r\n\r\n${last}${'.'.repeat(last.length % 7)}`),
  );
  const answers = Array.from(received.matchAll(/\r\n\r\n(\/p\d+)/g), (match) => match[1]);
  assert.deepEqual(answers, paths);
  agent.destroy();
  assert.ok(origin.connections <= 21, `${origin.connections} connections`);
  assert.deepEqual(origin.violations, []);
});

test('two requests on a connection that the origin closed while idle: the second is sent again', async () => {
  await using origin = await startOrigin();
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  await fetchOnce({ port: running.port });
  // The next request meets a reset instead of an answer, on a connection that was kept.
  let resets = 1;
  origin.handler = (_request, socket) => {
    if (resets === 0) return respondWith('again');
    resets -= 1;
    socket.resetAndDestroy();
    return undefined;
  };
  const response = await fetchOnce({ port: running.port });
  assert.equal(response.text, 'again');
  assert.equal(origin.connections, 2);
});

test('bytes that nobody asked for are never the next answer', async () => {
  await using origin = await startOrigin((_request, socket) => {
    setTimeout(() => socket.write(respondWith('poison')), 20);
    return respondWith('ok');
  });
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  assert.equal((await fetchOnce({ port: running.port })).text, 'ok');
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal((await fetchOnce({ port: running.port })).text, 'ok');
  assert.equal(origin.connections, 2);
});
