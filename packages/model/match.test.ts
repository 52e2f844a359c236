/** What matches and what wins, as tables; precedence as a whole is in `match.prop.test.ts`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildRequest,
  compileConfig,
  type HttpRouteConfig,
  type MatchConfig,
  matchRequest,
  selectListener,
} from './index.ts';
import { sampleConfig, sampleRoute } from './sample-config.ts';

const header = (name: string, value: string) => ({ name, kind: 'exact', value }) as const;

/** The id and rule index that serve a request to the only listener. */
function serve(
  routes: readonly HttpRouteConfig[],
  request: string | Parameters<typeof buildRequest>[0],
  hostname?: string,
): string | undefined {
  const { table } = compileConfig(sampleConfig(routes, hostname), () => undefined);
  const listener = table.binds[0]!.listeners[0]!;
  const [host, target = ''] =
    typeof request === 'string' ? (request.match(/^([^/]*)(.*)$/)?.slice(1) ?? []) : [];
  const parts = typeof request === 'string' ? { host: host ?? '', target } : request;
  const found = matchRequest(listener, buildRequest(parts));
  return found && `${found.route.object.name}/${found.ruleIndex}`;
}

function oneRoute(...matches: readonly Partial<MatchConfig>[]): HttpRouteConfig[] {
  return [sampleRoute('r', { rules: matches.map((match) => [match]) })];
}

test('a prefix matches whole path elements; its trailing slash is ignored', () => {
  const rows: [prefix: string, path: string, fits: boolean][] = [
    ['/', '/', true],
    ['/', '/a', true],
    ['/a', '/a', true],
    ['/a', '/a/', true],
    ['/a', '/a/b', true],
    ['/a', '/ab', false],
    ['/a', '/A', false],
    ['/a/', '/a', true],
    ['/a/', '/a/b', true],
    ['/a/', '/ab', false],
    ['/a/b', '/a', false],
    ['/a/b', '/a/b/c/d', true],
  ];
  for (const [value, path, fits] of rows) {
    const found = serve(oneRoute({ path: { kind: 'prefix', value } }), `h${path}`);
    assert.equal(found !== undefined, fits, `${value} ${path}`);
  }
});

test('an exact path matches itself only', () => {
  const routes = oneRoute({ path: { kind: 'exact', value: '/abc' } });
  assert.equal(serve(routes, 'h/abc'), 'r/0');
  for (const path of ['/abc/', '/Abc', '/abcd', '/', '/ab']) {
    assert.equal(serve(routes, `h${path}`), undefined, path);
  }
});

test('exact beats regex, regex beats prefix, the longer prefix beats the shorter', () => {
  const routes = oneRoute(
    { path: { kind: 'prefix', value: '/' } },
    { path: { kind: 'prefix', value: '/a/b' } },
    { path: { kind: 'prefix', value: '/a' } },
    { path: { kind: 'regex', value: '/a/x[0-9]+' } },
    { path: { kind: 'regex', value: '/a/x[0-9]+.*' } },
    { path: { kind: 'exact', value: '/a/x7' } },
  );
  assert.equal(serve(routes, 'h/a/x7'), 'r/5');
  assert.equal(serve(routes, 'h/a/x8'), 'r/4');
  assert.equal(serve(routes, 'h/a/b/x8'), 'r/1');
  assert.equal(serve(routes, 'h/a/c'), 'r/2');
  assert.equal(serve(routes, 'h/c'), 'r/0');
});

test('a path that fails on another condition falls back to shorter prefixes', () => {
  const routes = oneRoute(
    { path: { kind: 'exact', value: '/a/b' }, method: 'POST' },
    { path: { kind: 'prefix', value: '/a/b' }, headers: [header('x', '1')] },
    { path: { kind: 'prefix', value: '/' } },
  );
  assert.equal(serve(routes, 'h/a/b'), 'r/2');
  assert.equal(serve(routes, { target: '/a/b', headers: [['X', '1']] }), 'r/1');
  assert.equal(serve(routes, { target: '/a/b', method: 'POST' }), 'r/0');
});

test('of equal paths: method, then most headers, then most query parameters', () => {
  const routes = oneRoute(
    {},
    { query: [header('q', '1')] },
    { headers: [header('x', '1')] },
    { headers: [header('x', '1'), header('y', '1')] },
    { method: 'GET' },
  );
  const headers: [string, string][] = [
    ['x', '1'],
    ['y', '1'],
  ];
  assert.equal(serve(routes, { target: '/?q=1', headers }), 'r/4');
  assert.equal(serve(routes, { target: '/?q=1', headers, method: 'PUT' }), 'r/3');
  assert.equal(serve(routes, { target: '/?q=1', headers: [['x', '1']], method: 'PUT' }), 'r/2');
  assert.equal(serve(routes, { target: '/?q=1', method: 'PUT' }), 'r/1');
  assert.equal(serve(routes, { target: '/', method: 'PUT' }), 'r/0');
});

test('of equal matches: the older route, then the name, then the first rule', () => {
  const older = sampleRoute('z', { createdAt: 1, rules: [[{}], [{}]] });
  const newer = sampleRoute('a', { createdAt: 2 });
  const twin = sampleRoute('b', { createdAt: 2 });
  assert.equal(serve([newer, older], 'h/'), 'z/0');
  assert.equal(serve([twin, newer], 'h/'), 'a/0');
});

test('a repeated header or parameter name counts once, its first entry', () => {
  const repeated = [header('x', '1'), header('x', '2')];
  const routes = oneRoute({ headers: repeated }, { query: repeated });
  assert.equal(serve(routes, { target: '/', headers: [['x', '1']] }), 'r/0');
  assert.equal(serve(routes, { target: '/', headers: [['x', '2']] }), undefined);
  assert.equal(serve(routes, { target: '/?x=1' }), 'r/1');
  assert.equal(serve(routes, { target: '/?x=2&x=1' }), undefined);
});

test("a route's own hostname comes first, and a host without a match falls through", () => {
  const wide = sampleRoute('wide', {
    createdAt: 1,
    hostnames: ['*.example.com'],
    rules: [[{ path: { kind: 'prefix', value: '/path/prefix' } }]],
  });
  const narrow = sampleRoute('narrow', {
    createdAt: 2,
    hostnames: ['abc.example.com'],
    rules: [[{ path: { kind: 'prefix', value: '/path' } }]],
  });
  const any = sampleRoute('any', { createdAt: 0 });
  for (const hostname of ['abc.example.com', '*.example.com', '*.com', undefined]) {
    const ask = (path: string) => serve([wide, any, narrow], `abc.example.com${path}`, hostname);
    assert.equal(ask('/path/prefix/longer'), 'narrow/0');
    assert.equal(ask('/elsewhere'), 'any/0');
  }
  assert.equal(serve([wide, any, narrow], 'x.y.example.com/path/prefix'), 'wide/0');
  assert.equal(serve([wide, narrow], 'example.com/path/prefix'), undefined);
});

test('a hostname outside the hostname of the listener is ignored', () => {
  const routes = [sampleRoute('r', { hostnames: ['a.example.com', 'a.example.net'] })];
  assert.equal(serve(routes, 'a.example.com/', '*.example.com'), 'r/0');
  assert.equal(serve(routes, 'a.example.net/', '*.example.com'), undefined);
});

test('names of Object.prototype are plain data', () => {
  const name = '__proto__';
  const routes = [
    sampleRoute('r', { rules: [[{ query: [header(name, 'constructor')] }]] }),
    sampleRoute('host', { hostnames: ['constructor'] }),
    sampleRoute('path', { rules: [[{ path: { kind: 'exact', value: '/toString' } }]] }),
  ];
  assert.equal(serve(routes, 'h/?__proto__=constructor'), 'r/0');
  assert.equal(serve(routes, 'constructor/'), 'host/0');
  assert.equal(serve(routes, 'h/toString'), 'path/0');
  assert.equal(serve(routes, 'hasOwnProperty/valueOf'), undefined);
});

test('the listener: exact hostname, longest wildcard, none; its routes only', () => {
  const config = sampleConfig([]);
  const names = ['a.b.example.com', '*.b.example.com', '*.example.com', undefined];
  const listeners = names.map((hostname, index) => ({
    ...config.binds[0]!.listeners[0]!,
    name: `l${index}`,
    ...(hostname === undefined ? {} : { hostname }),
  }));
  const bind = { ...config.binds[0]!, listeners: listeners.toReversed() };
  const { table } = compileConfig({ ...config, binds: [bind] }, () => undefined);
  const ask = (host: string) => selectListener(table.binds[0]!, host)?.config.name;
  assert.equal(ask('a.b.example.com'), 'l0');
  assert.equal(ask('x.y.b.example.com'), 'l1');
  assert.equal(ask('b.example.com'), 'l2');
  assert.equal(ask('example.com'), 'l3');
  assert.equal(ask('.example.com'), 'l3');
  assert.equal(ask(''), 'l3');
});
