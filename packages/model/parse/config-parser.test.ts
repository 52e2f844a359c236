/** What parseProxyConfig takes and refuses; each refusal at its path. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseProxyConfig } from '../index.ts';

const name = { kind: 'HTTPRoute', namespace: 'default', name: 'a' };

/** A config that uses every field there is. */
function full() {
  const headers = { set: [{ name: 'X-A', value: '1' }], add: [], remove: ['x-b'] };
  const rule = {
    name: 'first',
    matches: [
      {
        path: { kind: 'prefix', value: '/a%20b' },
        method: 'GET',
        headers: [{ name: 'x', kind: 'exact', value: '1' }],
        query: [{ name: 'Q', kind: 'regex', value: '[0-9]+' }],
      },
      { path: { kind: 'regex', value: '/x.*' }, headers: [], query: [] },
    ],
    filters: [
      { kind: 'request-headers', ...headers },
      { kind: 'response-headers', ...headers },
      { kind: 'url-rewrite', hostname: 'b.com', path: { kind: 'prefix', value: '' } },
      { kind: 'mirror', backend: 'b', numerator: 1, denominator: 100 },
      {
        kind: 'cors',
        allowOrigins: ['*'],
        allowMethods: ['GET'],
        allowHeaders: [],
        exposeHeaders: [],
        allowCredentials: true,
        maxAgeSeconds: 5,
      },
    ],
    backends: [
      { backend: 'b', weight: 1, filters: [] },
      { invalid: 'no such Service', weight: 0, filters: [] },
    ],
    timeouts: { requestMs: 1000, backendRequestMs: 500 },
    retry: { attempts: 2, codes: [503], backoffMs: 25 },
    invalid: 'because',
  };
  const redirect = {
    kind: 'redirect',
    statusCode: 308,
    scheme: 'https',
    hostname: 'c.com',
    port: 8443,
    path: { kind: 'full', value: '/new' },
  };
  const match = { path: { kind: 'exact', value: '/' }, headers: [], query: [] };
  const tls = {
    certificates: [{ id: 'default/tls', fingerprint: 'ab' }],
    clientValidation: { caCertificates: ['PEM'], mode: 'allow-valid-only' },
  };
  return {
    version: 'v1',
    gateway: { ...name, kind: 'Gateway' },
    binds: [
      {
        port: 443,
        bindPort: 8443,
        protocol: 'https',
        listeners: [{ owner: name, name: 'l', hostname: '*.a.com', tls, routes: ['r'] }],
      },
    ],
    routes: [
      {
        id: 'r',
        object: name,
        createdAt: 1,
        hostnames: ['x.a.com', '*.a.com'],
        rules: [rule, { matches: [match], filters: [redirect], backends: [] }],
      },
    ],
    backends: [
      {
        id: 'b',
        object: name,
        port: 80,
        protocol: 'http1',
        endpoints: [{ address: '::ffff:10.0.0.1', port: 80, target: 'pod' }],
      },
    ],
  };
}

/** `full()` with the value at a path replaced; `undefined`: removed. */
function changed(path: string, value: unknown): unknown {
  type Node = Record<string, unknown>;
  const config: Node = full();
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  const last = keys.pop()!;
  const parent = keys.reduce((at, key) => at[key] as Node, config);
  if (value === undefined) delete parent[last];
  else Object.defineProperty(parent, last, { value, enumerable: true });
  return config;
}

test('a config that uses every field is taken as it is', () => {
  assert.deepEqual(parseProxyConfig(full()), { ok: true, config: full() });
});

test('each mistake is named at its path', () => {
  const rows: [path: string, value: unknown, field: string, message: RegExp][] = [
    ['version', '', 'version', /version/],
    ['extra', 1, 'extra', /no such field/],
    ['__proto__', 1, '__proto__', /no such field/],
    ['routes', {}, 'routes', /expected a list, got an object/],
    ['gateway', undefined, 'gateway', /is required/],
    ['gateway.name', '', 'gateway.name', /not empty/],
    ['binds[0].port', 0, 'binds[0].port', /1 to 65535, got 0/],
    ['binds[0].port', 1.5, 'binds[0].port', /integer/],
    ['binds[0].port', '80', 'binds[0].port', /got "80"/],
    ['binds[0].protocol', 'tcp', 'binds[0].protocol', /http or https/],
    ['binds[0].protocol', 'http', 'binds[0].listeners[0].tls', /not with protocol http/],
    ['binds[0].listeners[0].tls', undefined, 'binds[0].listeners[0].tls', /required/],
    ['binds[0].listeners[0].tls.certificates', [], 'binds[0].listeners[0].tls.certificates', /1/],
    ['binds[0].listeners[0].hostname', 'A.com', 'binds[0].listeners[0].hostname', /lower case/],
    ['binds[0].listeners[0].routes[0]', 'x', 'binds[0].listeners[0].routes[0]', /no route x/],
    ['binds[0].listeners[0].routes', ['r', 'r'], 'binds[0].listeners[0].routes[1]', /same as/],
    ['routes[0].hostnames[0]', 'a.*.com', 'routes[0].hostnames[0]', /hostname/],
    ['routes[0].createdAt', '2026', 'routes[0].createdAt', /integer/],
    ['routes[0].rules[0].matches', [], 'routes[0].rules[0].matches', /at least 1/],
    [
      'routes[0].rules[0].matches[0].path.kind',
      'glob',
      'routes[0].rules[0].matches[0].path.kind',
      /exact or prefix or regex/,
    ],
    [
      'routes[0].rules[0].matches[0].path.value',
      'a',
      'routes[0].rules[0].matches[0].path.value',
      /begins with/,
    ],
    [
      'routes[0].rules[0].matches[1].path.value',
      '(a',
      'routes[0].rules[0].matches[1].path.value',
      /missing closing/,
    ],
    [
      'routes[0].rules[0].matches[0].headers[0].name',
      'X',
      'routes[0].rules[0].matches[0].headers[0].name',
      /lower case/,
    ],
    [
      'routes[0].rules[0].matches[0].method',
      'G T',
      'routes[0].rules[0].matches[0].method',
      /method/,
    ],
    [
      'routes[0].rules[0].filters[0].set[0].value',
      'a\r\nb',
      'routes[0].rules[0].filters[0].set[0].value',
      /control/,
    ],
    [
      'routes[0].rules[0].filters[2].path.value',
      '/a b',
      'routes[0].rules[0].filters[2].path.value',
      /printable/,
    ],
    [
      'routes[0].rules[0].filters[3].backend',
      'x',
      'routes[0].rules[0].filters[3].backend',
      /no backend x/,
    ],
    ['routes[0].rules[0].filters[4].kind', 'lua', 'routes[0].rules[0].filters[4].kind', /expected/],
    ['routes[0].rules[0].backends[0].weight', -1, 'routes[0].rules[0].backends[0].weight', /0 to/],
    [
      'routes[0].rules[0].backends[1].invalid',
      undefined,
      'routes[0].rules[0].backends[1].backend',
      /required without invalid/,
    ],
    ['routes[0].rules[0].retry.codes[0]', 399, 'routes[0].rules[0].retry.codes[0]', /400/],
    [
      'routes[0].rules[1].filters[0].statusCode',
      200,
      'routes[0].rules[1].filters[0].statusCode',
      /301 or 302/,
    ],
    ['backends[0].endpoints[0].address', 'a.com', 'backends[0].endpoints[0].address', /IPv4/],
    ['backends[0].id', 'c', 'routes[0].rules[0].filters[3].backend', /no backend b/],
    ['routes', [...full().routes, ...full().routes], 'routes[1].id', /same as routes\[0\]\.id/],
  ];
  for (const [path, value, field, message] of rows) {
    const parsed = parseProxyConfig(changed(path, value));
    assert.ok(!parsed.ok, path);
    assert.equal(parsed.problems[0]!.field, field);
    assert.match(parsed.problems[0]!.message, message);
  }
});

test('all problems are told, not only the first', () => {
  const config = { ...full(), version: 1, gateway: { kind: 1, namespace: 2, name: 3 } };
  const parsed = parseProxyConfig(config);
  assert.equal(!parsed.ok && parsed.problems.length, 4);
});

test('addresses: IPv4 and IPv6 literals only', () => {
  const good = ['10.0.0.1', '255.255.255.255', '::', '::1', '1:2:3:4:5:6:7:8', 'fe80::1', '1::8'];
  const bad = [
    '',
    '10.0.0',
    '10.0.0.256',
    '01.0.0.1',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    'g::1',
    '1:2:3:4:5:6:7',
    '::ffff:10.0.0.256',
    '[::1]',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7:1.2.3.4',
    ':1',
    '12345::',
    '1:2:3:4::5:6:7:8',
  ];
  const parse = (address: string) =>
    parseProxyConfig(changed('backends[0].endpoints[0].address', address));
  for (const address of good) assert.ok(parse(address).ok, address);
  for (const address of bad) assert.ok(!parse(address).ok, address);
});

test('total: no JSON makes it throw, and nothing but an object is a config', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      assert.equal(parseProxyConfig(json).ok, false);
    }),
  );
  const paths = [
    'routes[0].rules[0]',
    'binds[0].listeners[0]',
    'backends[0]',
    'routes[0].rules[0].filters[0]',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, json) => {
      assert.equal(parseProxyConfig(changed(path, json)).ok, false);
    }),
  );
});
