import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import {
  buildConfig,
  buildRoute,
  buildRule,
  connectRaw,
  fetchOnce,
  respondWith,
  startOrigin,
  startProxy,
} from '@sluice/testkit';

/** A port on which nothing listens. */
async function refusingPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('each way to fail has its status, and its name in the log', async () => {
  await using garbage = await startOrigin(() => 'HTTP/1.1 20x\r\n\r\n');
  await using reset = await startOrigin((_request, socket) => {
    socket.resetAndDestroy();
    return undefined;
  });
  await using silent = await startOrigin(() => undefined);
  await using unasked = await startOrigin(
    () => 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
  );
  const rules = [
    buildRule({ prefix: '/no-endpoints', backends: ['empty'] }),
    buildRule({ prefix: '/connect-failed', backends: ['refusing'] }),
    buildRule({ prefix: '/upstream-invalid', backends: ['garbage'] }),
    buildRule({ prefix: '/upstream-reset', backends: ['reset'] }),
    buildRule({
      prefix: '/upstream-timeout',
      backends: ['silent'],
      timeouts: { backendRequestMs: 50 },
    }),
    buildRule({ prefix: '/request-timeout', backends: ['silent'], timeouts: { requestMs: 50 } }),
    buildRule({ prefix: '/no-backend', backends: [{ invalid: 'x', weight: 1, filters: [] }] }),
    buildRule({ prefix: '/invalid-rule', backends: ['silent'], invalid: 'bad' }),
    buildRule({ prefix: '/upstream-unsupported', backends: ['h2c'] }),
    buildRule({ prefix: '/unasked', backends: ['unasked'] }),
  ];
  const backends = {
    empty: [],
    refusing: [await refusingPort()],
    garbage: [garbage.port],
    reset: [reset.port],
    silent: [silent.port],
    unasked: [unasked.port],
    h2c: { protocol: 'h2c' as const, endpoints: [{ address: '127.0.0.1', port: 1 }] },
  };
  const routes = [buildRoute('route', rules, ['a.example'])];
  await using running = await startProxy(buildConfig({ backends, routes }));
  const statusOf = async (path: string, host = 'a.example') =>
    (await fetchOnce({ port: running.port, path, host })).statusCode;
  const expected: Record<string, number> = {
    'no-endpoints': 503,
    'connect-failed': 503,
    'upstream-invalid': 502,
    'upstream-reset': 502,
    'upstream-timeout': 504,
    'request-timeout': 504,
    'no-backend': 500,
    'invalid-rule': 500,
    'upstream-unsupported': 502,
    'no-route': 404,
  };
  for (const [name, statusCode] of Object.entries(expected)) {
    assert.equal(await statusOf(`/${name}`), statusCode, name);
    assert.equal((await running.logged()).at(-1)?.flags, name);
    assert.equal((await running.logged()).at(-1)?.status, statusCode);
  }
  assert.equal(await statusOf('/', 'b.example'), 404);
  assert.equal(await statusOf('/unasked'), 502);
});

test('of two endpoints one refuses: with attempts every request is answered', async () => {
  await using origin = await startOrigin();
  const rules = [
    buildRule({ backends: ['app'], retry: { attempts: 100, codes: [], backoffMs: 1 } }),
    buildRule({ prefix: '/default', backends: ['app'] }),
    buildRule({
      prefix: '/off',
      backends: ['app'],
      retry: { attempts: 0, codes: [], backoffMs: 1 },
    }),
  ];
  const backends = { app: [origin.port, await refusingPort()] };
  await using running = await startProxy(buildConfig({ backends, rules }));
  const statuses = async (path: string): Promise<number[]> => {
    const all: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      const body = index % 2 === 0 ? '' : 'body';
      const { statusCode } = await fetchOnce({ port: running.port, path, method: 'POST', body });
      all.push(statusCode);
    }
    return all;
  };
  assert.deepEqual(new Set(await statuses('/')), new Set([200]));
  assert.deepEqual(new Set(await statuses('/default')), new Set([200]));
  assert.deepEqual(new Set(await statuses('/off')), new Set([200, 503]));
});

test('listed status codes are tried again with the same body, the last answer counts', async () => {
  let failing = 2;
  await using origin = await startOrigin(() => {
    failing -= 1;
    return failing >= 0 ? respondWith('busy', { status: '503 Busy' }) : respondWith('done');
  });
  const rules = [
    buildRule({ backends: ['app'], retry: { attempts: 2, codes: [503], backoffMs: 1 } }),
  ];
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] }, rules }));
  const send = (body: string | Buffer) => fetchOnce({ port: running.port, method: 'POST', body });
  assert.equal((await send('again')).text, 'done');
  assert.deepEqual(
    origin.requests.map(({ body }) => body.toString()),
    ['again', 'again', 'again'],
  );
  assert.equal((await running.logged()).at(-1)?.retries, 2);
  failing = 3;
  assert.equal((await send('again')).statusCode, 503);
  failing = 1;
  // Longer than what is kept: sent once.
  assert.equal((await send(Buffer.alloc(70_000))).statusCode, 503);
  assert.deepEqual(origin.violations, []);
});

test('a request that was sent is sent again for a listed timeout, never for a broken connection', async () => {
  await using reset = await startOrigin((_request, socket) => {
    socket.resetAndDestroy();
    return undefined;
  });
  let silences = 2;
  await using slow = await startOrigin(() => {
    silences -= 1;
    return silences >= 0 ? undefined : respondWith('at last');
  });
  const retry = { attempts: 3, codes: [504], backoffMs: 1 };
  const timeouts = { backendRequestMs: 40 };
  const rules = [
    buildRule({ prefix: '/reset', backends: ['reset'], retry }),
    buildRule({ prefix: '/slow', backends: ['slow'], retry, timeouts }),
    buildRule({ prefix: '/once', backends: ['slow'], retry: { ...retry, codes: [] }, timeouts }),
  ];
  const backends = { reset: [reset.port], slow: [slow.port] };
  await using running = await startProxy(buildConfig({ backends, rules }));
  const statusOf = async (path: string) =>
    (await fetchOnce({ port: running.port, path, method: 'POST', body: 'x' })).statusCode;
  assert.equal(await statusOf('/reset'), 502);
  assert.equal(reset.requests.length, 1);
  assert.equal(await statusOf('/slow'), 200);
  assert.equal(slow.requests.length, 3);
  silences = 1;
  assert.equal(await statusOf('/once'), 504);
  assert.equal(slow.requests.length, 4);
});

test('a client that leaves ends its exchange, and the origin learns of it', async () => {
  await using origin = await startOrigin(() => undefined);
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  const client = await connectRaw({ port: running.port });
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  while (origin.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  client.socket.destroy();
  while (origin.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  while ((await running.logged()).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(
    (await running.logged()).map(({ flags, status }) => [flags, status]),
    [['client-gone', 499]],
  );
});

test('a response cut short is cut short for the client, never completed', async () => {
  await using origin = await startOrigin((_request, socket) => {
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    return undefined;
  });
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using client = await connectRaw({ port: running.port });
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const received = await client.untilEnd();
  assert.ok(received.endsWith('half'));
  assert.equal((await running.logged())[0]?.flags, 'upstream-reset');
});
