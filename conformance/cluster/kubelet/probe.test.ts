import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { Probe } from './pod.ts';
import { probeContainer } from './probe.ts';

const address = '127.0.0.1';
const paths: string[] = [];
const server = createServer((request, response) => {
  paths.push(request.url ?? '');
  // A path is the status that it asks for; none is answered never.
  const status = Number(request.url?.slice(1));
  if (status > 0) response.writeHead(status).end();
});

before(async () => {
  await once(server.listen(0, address), 'listening');
});
after(() => {
  server.close();
  server.closeAllConnections();
});

function probe(render: (port: number) => Probe): Promise<boolean> {
  const { port } = server.address() as AddressInfo;
  const ports = [{ name: 'http', containerPort: port }];
  return probeContainer(render(port), { ports, address });
}

const answers: readonly [status: number, ready: boolean][] = [
  [200, true],
  [204, true],
  [302, true],
  [404, false],
  [503, false],
];
for (const [status, ready] of answers) {
  test(`an answer of ${status} is ${ready ? 'ready' : 'not ready'}`, async () => {
    assert.equal(await probe((port) => ({ httpGet: { path: `/${status}`, port } })), ready);
    assert.equal(paths.at(-1), `/${status}`);
  });
}

test('a port is found by its name', async () => {
  assert.equal(await probe(() => ({ httpGet: { path: '/200', port: 'http' } })), true);
  assert.equal(await probe(() => ({ httpGet: { path: '/200', port: 'other' } })), false);
});

test('an answer that does not come in time is none', async () => {
  assert.equal(
    await probe((port) => ({ httpGet: { path: '/', port }, timeoutSeconds: 0.05 })),
    false,
  );
});

test('a TCP probe wants a connection, and nothing of it', async () => {
  assert.equal(await probe((port) => ({ tcpSocket: { port } })), true);
  const closed = createServer();
  await once(closed.listen(0, address), 'listening');
  const free = (closed.address() as AddressInfo).port;
  closed.close();
  await once(closed, 'close');
  assert.equal(await probe(() => ({ tcpSocket: { port: free } })), false);
  assert.equal(await probe(() => ({ httpGet: { port: free } })), false);
});

test('HTTPS is asked of a server that has none: not ready', async () => {
  assert.equal(
    await probe((port) => ({ httpGet: { path: '/200', port, scheme: 'HTTPS' } })),
    false,
  );
});
