import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { createPodClient } from './pod-question.ts';

const ANSWERS: Readonly<Record<string, { status: number; body: string }>> = {
  '/config?wait=served': { status: 200, body: '{"version":"served"}' },
  '/config?wait=none': { status: 200, body: '{"version":null}' },
  '/config?wait=busy': { status: 503, body: 'too many wait already' },
  '/config?wait=odd': { status: 200, body: 'no JSON' },
  '/config?wait=long': { status: 200, body: 'x'.repeat(100_000) },
};

const server = createServer((request, response) => {
  const answer = ANSWERS[request.url ?? ''];
  if (answer === undefined) return;
  response.writeHead(answer.status).end(answer.body);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const pods = createPodClient((server.address() as AddressInfo).port);
after(() => {
  pods.close();
  server.closeAllConnections();
  server.close();
});

const ask = (version: string, signal = new AbortController().signal) =>
  pods.ask({ address: '127.0.0.1', version, signal });

test('the version that is served is the answer, and none is an empty one', async () => {
  assert.equal(await ask('served'), 'served');
  assert.equal(await ask('none'), '');
});

test('what is no answer rejects', async () => {
  for (const version of ['busy', 'odd', 'long']) await assert.rejects(ask(version));
});

test('a question that is no longer asked ends', async () => {
  const asking = new AbortController();
  const answer = ask('never', asking.signal);
  setTimeout(() => asking.abort(), 10);
  await assert.rejects(answer, { name: 'AbortError' });
});
