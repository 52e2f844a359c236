import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { ContainerLog } from './container-log.ts';
import { type LogServer, startLogServer } from './log-server.ts';

const address = '127.0.0.1';
const log = new ContainerLog();
const writer = log.writer(() => 1_000);
let server: LogServer;

before(async () => {
  writer.write('one\ntwo\n');
  server = await startLogServer(address, (pod, container) =>
    pod === 'store/shop-1' && container === 'main' ? log : undefined,
  );
});
after(() => server.close());

/** Like an API server, which does not know who has signed for a kubelet. */
async function ask(path: string): Promise<IncomingMessage> {
  const request = get({ host: address, port: server.port, path, rejectUnauthorized: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

test('a log is served over TLS', async () => {
  const response = await ask('/containerLogs/store/shop-1/main?timestamps=true&tailLines=1');
  assert.equal(response.statusCode, 200);
  assert.equal(await text(response), '1970-01-01T00:00:01.000Z two\n');
});

for (const path of [
  '/containerLogs/store/shop-1/other',
  '/containerLogs/other/shop-1/main',
  '/containerLogs/store',
  '/logs/store/shop-1/main',
  '/',
]) {
  test(`no log is never an empty log: ${path}`, async () => {
    const response = await ask(path);
    assert.equal(response.statusCode, 404);
    assert.equal(await text(response), `no log at ${path}\n`);
  });
}

test('who follows a log gets what comes, until the program ends', async () => {
  log.begin();
  const response = await ask('/containerLogs/store/shop-1/main?follow=true&tailLines=0');
  writer.write('three\n');
  log.end();
  assert.equal(await text(response), 'three\n');
});
