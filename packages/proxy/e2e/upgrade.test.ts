import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  buildConfig,
  connectRaw,
  headerOf,
  respondWith,
  startOrigin,
  startProxy,
} from '@sluice/testkit';

const upgradeRequest =
  'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

/** Accepts a WebSocket as RFC 6455 says, then sends back every byte. */
function startEcho() {
  return startOrigin((request, socket) => {
    if (headerOf(request, 'upgrade') !== 'websocket') return respondWith('plain');
    const key = headerOf(request, 'sec-websocket-key') ?? '';
    const accept = createHash('sha1')
      .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.on('data', (bytes) => socket.write(bytes));
    return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\nearly`;
  });
}

test('a WebSocket handshake passes, then bytes both ways, then half-close', async () => {
  await using origin = await startEcho();
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using client = await connectRaw({ port: running.port });
  client.send(upgradeRequest);
  const head = await client.until((text) => text.includes('\r\n\r\n'));
  assert.match(head, /^HTTP\/1\.1 101 Switching Protocols\r\n/);
  assert.match(head, /\r\nConnection: Upgrade\r\n/i);
  assert.match(head, /\r\nUpgrade: websocket\r\n/i);
  assert.match(head, /s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/);
  await client.until((text) => text.endsWith('early'));
  client.send('\x81\x05hello');
  await client.until((text) => text.endsWith('\x81\x05hello'));
  const large = 'x'.repeat(3_000_000);
  client.send(large);
  await client.until((text) => text.endsWith('x'.repeat(1_000)) && text.length > large.length);
  client.socket.end();
  await client.untilEnd();
  assert.equal((await running.logged())[0]?.status, 101);
  assert.match(running.proxy.metrics(), /sluice_downstream_connections\{bind="80"\} 0/);
});

test('what a client sends before the 101 waits for it', async () => {
  let accept: (() => void) | undefined;
  let tunnelled = '';
  await using origin = await startOrigin((_request, socket) => {
    accept = () => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      );
    };
    socket.on('data', (bytes) => {
      tunnelled += bytes.toString('latin1');
    });
    return undefined;
  });
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using client = await connectRaw({ port: running.port });
  client.send(`${upgradeRequest}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
  while (accept === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(tunnelled, '');
  accept();
  await client.until((text) => text.includes('101'));
  while (tunnelled === '') await new Promise((resolve) => setTimeout(resolve, 5));
  assert.match(tunnelled, /^GET \/smuggled/);
  assert.equal(origin.requests.length, 1);
});

test('an upgrade that is refused is an ordinary response on a connection that goes on', async () => {
  await using origin = await startOrigin((request) => respondWith(request.target));
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using client = await connectRaw({ port: running.port });
  client.send(upgradeRequest);
  await client.until((text) => text.endsWith('/ws'));
  client.send('GET /next HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until((text) => text.endsWith('/next'));
});

test('an open WebSocket survives reloads that take its route and its backend away', async () => {
  await using origin = await startEcho();
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using client = await connectRaw({ port: running.port });
  client.send(upgradeRequest);
  await client.until((text) => text.endsWith('early'));
  for (let reload = 0; reload < 5; reload += 1) {
    const { problems } = await running.proxy.apply(
      buildConfig({ backends: { other: [1] } }),
      new Map(),
    );
    assert.deepEqual(problems, []);
    client.send(`reload-${reload}`);
    await client.until((text) => text.endsWith(`reload-${reload}`));
  }
});
