/** The verbs against a server that refuses, is slow, or is not there. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { configMaps, startServedClient } from '@sluice/testkit';
import { ApiError, createClient } from './index.ts';

test('the verbs say what was refused', async (t) => {
  const { client } = await startServedClient(t);
  const metadata = { name: 'a', namespace: 'default' };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  await assert.rejects(client.get(configMaps, metadata), (error) => {
    assert(error instanceof ApiError);
    assert.equal(error.code, 404);
    assert.match(error.message, /^get configmaps default\/a: 404 /);
    return true;
  });
  const created = await client.create(configMaps, object);
  await assert.rejects(client.create(configMaps, object), { reason: 'AlreadyExists' });
  await client.apply(configMaps, { ...object, data: { x: '1' } });
  await assert.rejects(client.replace(configMaps, created), { code: 409, reason: 'Conflict' });
  await client.delete(configMaps, metadata);
  await client.delete(configMaps, metadata);
});

test('a request that is to come back later does', async (t) => {
  const { client, server } = await startServedClient(t);
  server.refuse({ on: 'list', code: 429, retryAfterSeconds: 0 });
  assert.deepEqual((await client.list(configMaps)).items, []);
  assert.equal(server.lists(), 2);
});

test('a server that is not there is named', async (t) => {
  const { client, server } = await startServedClient(t);
  await server.close();
  await assert.rejects(client.list(configMaps), /^Error: list configmaps: connect ECONNREFUSED/);
});

test('a kept connection that was closed meanwhile costs reads nothing', async (t) => {
  const { client, server } = await startServedClient(t);
  for (let count = 0; count < 3; count += 1) {
    await client.list(configMaps);
    server.resetIdle();
  }
});

test('the body of a DELETE has a length', async (t) => {
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers['content-length'], request.headers['transfer-encoding']);
    request.resume();
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const access = { server: `http://127.0.0.1:${port}`, credentials: { kind: 'none' } } as const;
  const client = createClient(access);
  t.after(() => {
    client.close();
    server.close();
  });
  await client.request('DELETE', '/x', { preconditions: { uid: 'é' } });
  await client.request('DELETE', '/x');
  assert.deepEqual(seen, ['30', undefined, undefined, undefined]);
});
