import assert from 'node:assert/strict';
import { Agent } from 'node:http';
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

test('reloads under traffic: every request is answered by the old or the new config', async () => {
  await using one = await startOrigin(() => respondWith('one'));
  await using two = await startOrigin(() => respondWith('two'));
  const configFor = (step: number) =>
    buildConfig({
      backends: { app: [step % 2 === 0 ? one.port : two.port] },
      routes: [
        buildRoute('route', [buildRule({ backends: ['app'] })]),
        ...(step % 3 === 0 ? [buildRoute('more', [buildRule({ prefix: '/more' })])] : []),
      ],
    });
  await using running = await startProxy(configFor(0));
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let isOver = false;
  const counts = new Map<string, number>();
  const work = async (): Promise<void> => {
    while (!isOver) {
      const { statusCode, text } = await fetchOnce({ port: running.port, agent });
      const answer = `${statusCode} ${text}`;
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
  };
  const workers = Array.from({ length: 8 }, work);
  for (let step = 1; step <= 100; step += 1) {
    const { problems } = await running.proxy.apply(configFor(step), new Map());
    assert.deepEqual(problems, []);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  isOver = true;
  await Promise.all(workers);
  agent.destroy();
  assert.deepEqual([...counts.keys()].toSorted(), ['200 one', '200 two']);
});

test('only the sockets that changed open and close', async () => {
  await using origin = await startOrigin();
  const first = buildConfig({ backends: { app: [origin.port] } });
  await using running = await startProxy(first);
  const [bind] = first.binds;
  assert.ok(bind);
  using client = await connectRaw({ port: running.port });
  const more = { ...first, version: 'more', binds: [bind, { ...bind, port: 81 }] };
  await running.proxy.apply(more, new Map());
  const ports = running.proxy.addresses.map(({ boundPort }) => boundPort);
  assert.equal(ports[0], running.port);
  assert.equal((await fetchOnce({ port: ports[1] ?? 0 })).text, 'ok');
  await running.proxy.apply({ ...first, version: 'less' }, new Map());
  await assert.rejects(fetchOnce({ port: ports[1] ?? 0 }));
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await client.until((text) => text.endsWith('ok'));
});

test('a port that is taken is a problem; everything else is applied', async () => {
  await using origin = await startOrigin();
  const config = buildConfig({ backends: { app: [origin.port] } });
  await using running = await startProxy(config);
  const [bind] = config.binds;
  assert.ok(bind);
  const taken = { ...bind, port: 82, bindPort: origin.port };
  const { problems } = await running.proxy.apply({ ...config, binds: [bind, taken] }, new Map());
  assert.deepEqual(
    problems.map(({ field }) => field),
    ['bind 82'],
  );
  assert.equal(running.proxy.isReady, false);
  assert.equal((await fetchOnce({ port: running.port })).text, 'ok');
});

test('drain: requests end, connections close after them, new ones are refused', async () => {
  let answer: (() => void) | undefined;
  await using origin = await startOrigin((_request, socket) => {
    answer = () => socket.write(respondWith('late'));
    return undefined;
  });
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using idle = await connectRaw({ port: running.port });
  using busy = await connectRaw({ port: running.port });
  busy.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  while (answer === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  const drained = running.proxy.drain({ timeoutMs: 5_000 });
  await idle.untilEnd();
  await assert.rejects(connectRaw({ port: running.port }));
  answer();
  const received = await busy.untilEnd();
  assert.match(received, /\r\nConnection: close\r\n/);
  assert.ok(received.endsWith('late'));
  await drained;
});

test('a drain that takes too long cuts what is left', async () => {
  await using origin = await startOrigin(() => undefined);
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] } }));
  using client = await connectRaw({ port: running.port });
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  while (origin.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await running.proxy.drain({ timeoutMs: 50 });
  assert.equal(await client.untilEnd(), '');
});
