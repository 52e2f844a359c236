import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CorsFilter, FilterConfig } from '@sluice/model';
import {
  buildConfig,
  buildRule,
  fetchOnce,
  headerOf,
  respondWith,
  startOrigin,
  startProxy,
} from '@sluice/testkit';

const edits = { set: [], add: [], remove: [] };

test('request and response headers are edited by the rule, then by the chosen backend', async () => {
  await using origin = await startOrigin(() =>
    respondWith('ok', { headers: 'X-Secret: 1\r\nX-Kept: 1\r\n' }),
  );
  const filters: FilterConfig[] = [
    {
      ...edits,
      kind: 'request-headers',
      set: [{ name: 'X-Set', value: 'rule' }],
      remove: ['x-gone'],
    },
    { ...edits, kind: 'response-headers', remove: ['x-secret'] },
  ];
  const backendFilters: FilterConfig[] = [
    { ...edits, kind: 'request-headers', add: [{ name: 'x-set', value: 'backend' }] },
    { ...edits, kind: 'response-headers', set: [{ name: 'X-From', value: 'backend' }] },
  ];
  const backend = { backend: 'app', weight: 1, filters: backendFilters };
  const rules = [buildRule({ filters, backends: [backend] })];
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] }, rules }));
  const headers = { 'x-set': 'client', 'x-gone': '1', 'x-stays': '1' };
  const response = await fetchOnce({ port: running.port, headers });
  const [request] = origin.requests;
  assert.ok(request);
  assert.equal(headerOf(request, 'x-set'), 'rule, backend');
  assert.equal(headerOf(request, 'x-gone'), undefined);
  assert.equal(headerOf(request, 'x-stays'), '1');
  assert.equal(response.headers['x-secret'], undefined);
  assert.equal(response.headers['x-kept'], '1');
  assert.equal(response.headers['x-from'], 'backend');
});

test('URLRewrite changes host and path, and never makes a double slash', async () => {
  await using origin = await startOrigin();
  const rewrite = (value: string): FilterConfig => ({
    kind: 'url-rewrite',
    hostname: 'inner.example',
    path: { kind: 'prefix', value },
  });
  const rules = [
    buildRule({
      prefix: '/full',
      backends: ['app'],
      filters: [{ kind: 'url-rewrite', path: { kind: 'full', value: '/one' } }],
    }),
    buildRule({ prefix: '/a', backends: ['app'], filters: [rewrite('/x/y/')] }),
    buildRule({ prefix: '/strip', backends: ['app'], filters: [rewrite('/')] }),
  ];
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] }, rules }));
  const expected: Record<string, string> = {
    '/full/two?q=1': '/one?q=1',
    '/a': '/x/y',
    '/a/': '/x/y/',
    '/a/b?c=/a': '/x/y/b?c=/a',
    '/strip': '/',
    '/strip/': '/',
    '/strip//evil.example': '/evil.example',
  };
  for (const path of Object.keys(expected)) await fetchOnce({ port: running.port, path });
  assert.deepEqual(
    origin.requests.map(({ target }) => target),
    Object.values(expected),
  );
  const hosts = origin.requests.slice(1).map((request) => headerOf(request, 'host'));
  assert.deepEqual(new Set(hosts), new Set(['inner.example']));
  assert.deepEqual(origin.violations, []);
});

test('redirects name scheme, host, port and path as the Gateway API says', async () => {
  const redirects: [string, FilterConfig, string][] = [
    ['/plain', { kind: 'redirect', statusCode: 302 }, 'http://shop.example/plain?q=1'],
    [
      '/https',
      { kind: 'redirect', statusCode: 301, scheme: 'https' },
      'https://shop.example/https?q=1',
    ],
    [
      '/port',
      { kind: 'redirect', statusCode: 307, port: 8443 },
      'http://shop.example:8443/port?q=1',
    ],
    [
      '/host',
      { kind: 'redirect', statusCode: 308, hostname: 'other.example' },
      'http://other.example/host?q=1',
    ],
    [
      '/path',
      { kind: 'redirect', statusCode: 303, path: { kind: 'prefix', value: '/new' } },
      'http://shop.example/new?q=1',
    ],
  ];
  const rules = redirects.map(([prefix, filter]) => buildRule({ prefix, filters: [filter] }));
  await using running = await startProxy(buildConfig({ backends: {}, rules }));
  for (const [path, filter, location] of redirects) {
    const response = await fetchOnce({
      port: running.port,
      path: `${path}?q=1`,
      host: 'Shop.example:1234',
    });
    assert.equal(response.headers.location, location);
    assert.equal(response.statusCode, filter.kind === 'redirect' && filter.statusCode);
  }
});

test('a redirect to a port that is mapped elsewhere names what clients dial', async () => {
  const rules = [buildRule({ filters: [{ kind: 'redirect', statusCode: 301, scheme: 'https' }] })];
  const config = buildConfig({ backends: {}, rules });
  const owner = config.gateway;
  const https = { port: 443, bindPort: 18_443, protocol: 'http' as const };
  const listeners = [{ owner, name: 'mapped', routes: [] }];
  const mapped = { ...config, binds: [...config.binds, { ...https, listeners }] };
  for (const [clientsDial, location] of [
    ['bound', 'https://a.example:18443/'],
    ['declared', 'https://a.example/'],
  ] as const) {
    await using running = await startProxy(mapped, { clientsDial });
    const response = await fetchOnce({ port: running.port, host: 'a.example' });
    assert.equal(response.headers.location, location);
  }
});

const cors: CorsFilter = {
  kind: 'cors',
  allowOrigins: ['https://www.example', 'https://*.shop.example'],
  allowMethods: ['GET', 'PUT'],
  allowHeaders: ['x-a', 'x-b'],
  exposeHeaders: ['x-c'],
  allowCredentials: false,
  maxAgeSeconds: 5,
};

test('CORS: preflights are answered, other requests pass and their responses say who may read', async () => {
  await using origin = await startOrigin(() =>
    respondWith('ok', { headers: 'Access-Control-Allow-Origin: https://origins-own.example\r\n' }),
  );
  const rules = [
    buildRule({ prefix: '/list', backends: ['app'], filters: [cors] }),
    buildRule({
      prefix: '/all',
      backends: ['app'],
      filters: [{ ...cors, allowOrigins: ['*'], allowMethods: ['*'], allowHeaders: ['*'] }],
    }),
    buildRule({
      prefix: '/credentials',
      backends: ['app'],
      filters: [
        {
          ...cors,
          allowOrigins: ['*'],
          allowMethods: ['*'],
          allowHeaders: ['*'],
          allowCredentials: true,
        },
      ],
    }),
  ];
  await using running = await startProxy(buildConfig({ backends: { app: [origin.port] }, rules }));
  const preflight = (path: string, from: string) =>
    fetchOnce({
      port: running.port,
      path,
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-a, x-z',
      },
    });
  const list = await preflight('/list', 'https://a.b.shop.example');
  assert.equal(list.statusCode, 204);
  assert.equal(list.headers['access-control-allow-origin'], 'https://a.b.shop.example');
  assert.equal(list.headers['access-control-allow-methods'], 'GET, PUT');
  assert.equal(list.headers['access-control-allow-headers'], 'x-a, x-b');
  assert.equal(list.headers['access-control-max-age'], '5');
  assert.equal(list.headers['access-control-allow-credentials'], undefined);
  const stranger = await preflight('/list', 'https://evil.example');
  assert.equal(stranger.statusCode, 204);
  assert.equal(stranger.headers['access-control-allow-origin'], undefined);
  assert.equal((await preflight('/all', 'http://x')).headers['access-control-allow-origin'], '*');
  const credentials = await preflight('/credentials', 'http://x');
  assert.equal(credentials.headers['access-control-allow-origin'], 'http://x');
  assert.equal(credentials.headers['access-control-allow-methods'], 'PUT');
  assert.equal(credentials.headers['access-control-allow-headers'], 'x-a, x-z');
  assert.equal(credentials.headers['access-control-allow-credentials'], 'true');
  assert.equal(origin.requests.length, 0);

  const get = (from: string) =>
    fetchOnce({ port: running.port, path: '/list', headers: { origin: from } });
  const allowed = await get('https://www.example:443');
  assert.equal(allowed.headers['access-control-allow-origin'], 'https://www.example:443');
  assert.equal(allowed.headers['access-control-expose-headers'], 'x-c');
  assert.equal(allowed.headers.vary, 'Origin');
  const refused = await get('https://www.example.evil');
  assert.equal(refused.text, 'ok');
  assert.equal(refused.headers['access-control-allow-origin'], undefined);
});

test('mirrors get a copy of head and body; the primary does not wait for them', async () => {
  await using origin = await startOrigin();
  await using silent = await startOrigin(() => undefined);
  await using copies = await startOrigin();
  const mirror = (backend: string, numerator = 100): FilterConfig => ({
    kind: 'mirror',
    backend,
    numerator,
    denominator: 100,
  });
  const filters: FilterConfig[] = [
    mirror('silent'),
    mirror('copies'),
    mirror('never', 0),
    { ...edits, kind: 'request-headers', set: [{ name: 'x-set', value: '1' }] },
  ];
  const backends = {
    app: [origin.port],
    silent: [silent.port],
    copies: [copies.port],
    never: [1],
  };
  const rules = [buildRule({ filters, backends: ['app'] })];
  await using running = await startProxy(buildConfig({ backends, rules }));
  const headers = { 'transfer-encoding': 'chunked' };
  await fetchOnce({ port: running.port, path: '/p?q', method: 'POST', body: 'first', headers });
  await fetchOnce({ port: running.port, method: 'POST', body: 'second' });
  await fetchOnce({ port: running.port });
  const large = await fetchOnce({ port: running.port, method: 'PUT', body: Buffer.alloc(100_000) });
  assert.equal(large.statusCode, 200);
  while (copies.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  const seen = copies.requests.map(({ target, body }) => `${target} ${body.toString()}`).toSorted();
  assert.deepEqual(seen, ['/ ', '/ second', '/p?q first']);
  assert.ok(copies.requests.every((request) => headerOf(request, 'x-set') === '1'));
  assert.deepEqual(copies.violations, []);
  assert.equal(origin.requests.length, 4);
  assert.equal((await running.logged()).at(-1)?.flags, 'mirror-too-large');
});

test('weights share requests out; the share of an invalid backend is answered 500', async () => {
  await using one = await startOrigin(() => respondWith('one'));
  await using two = await startOrigin(() => respondWith('two'));
  const rules = [
    buildRule({
      backends: [
        { backend: 'one', weight: 7, filters: [] },
        { backend: 'two', weight: 2, filters: [] },
        { invalid: 'no such Service', weight: 1, filters: [] },
        { backend: 'one', weight: 0, filters: [] },
      ],
    }),
  ];
  let step = 0;
  const random = () => {
    step += 1;
    return (step % 10) / 10;
  };
  const backends = { one: [one.port], two: [two.port] };
  await using running = await startProxy(buildConfig({ backends, rules }), {
    random: () => random(),
  });
  const counts: Record<string, number> = {};
  for (let index = 0; index < 10; index += 1) {
    step = index;
    const { text, statusCode } = await fetchOnce({ port: running.port });
    const answer = statusCode === 500 ? '500' : text;
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  assert.deepEqual(counts, { one: 7, two: 2, '500': 1 });
});
