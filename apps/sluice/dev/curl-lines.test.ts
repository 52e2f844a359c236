import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListenerConfig, MatchConfig, ProxyConfig, RuleConfig } from '@sluice/model';
import { renderCurlLines } from './curl-lines.ts';

const ROOT: MatchConfig = { path: { kind: 'prefix', value: '/' }, headers: [], query: [] };

function configOf(
  hostnames: readonly string[],
  rule: Partial<RuleConfig>,
  listener: Partial<ListenerConfig> & { protocol?: 'http' | 'https' } = {},
): ProxyConfig {
  const { protocol = 'http', ...rest } = listener;
  const object = { kind: 'HTTPRoute', namespace: 'default', name: 'r' };
  return {
    version: 'v1',
    gateway: { kind: 'Gateway', namespace: 'default', name: 'web' },
    binds: [
      {
        port: 80,
        bindPort: 8080,
        protocol,
        listeners: [{ owner: object, name: 'http', routes: ['r'], ...rest }],
      },
    ],
    routes: [
      {
        id: 'r',
        object,
        createdAt: 0,
        hostnames,
        rules: [{ matches: [ROOT], filters: [], backends: [], ...rule }],
      },
    ],
    backends: [],
  };
}

const line = (config: ProxyConfig, options = {}) =>
  renderCurlLines(config, { address: '127.0.0.1', ...options }, 10);

test('no hostname: the address itself', () => {
  assert.deepEqual(line(configOf([], {})), ['curl http://127.0.0.1:8080/']);
});

test('a name below localhost needs no --resolve, another one does', () => {
  assert.deepEqual(line(configOf(['a.localhost'], {})), ['curl http://a.localhost:8080/']);
  assert.deepEqual(line(configOf(['a.example.com'], {})), [
    'curl --resolve a.example.com:8080:127.0.0.1 http://a.example.com:8080/',
  ]);
});

test('a wildcard on either side is made concrete', () => {
  assert.deepEqual(line(configOf(['*.example.com'], {}, { hostname: 'x.example.com' })), [
    'curl --resolve x.example.com:8080:127.0.0.1 http://x.example.com:8080/',
  ]);
  assert.deepEqual(line(configOf([], {}, { hostname: '*.localhost' })), [
    'curl http://any.localhost:8080/',
  ]);
});

test('method, headers and query are those of the first literal match, quoted for a shell', () => {
  const match: MatchConfig = {
    path: { kind: 'exact', value: "/it's" },
    method: 'POST',
    headers: [{ name: 'x-canary', kind: 'exact', value: 'always' }],
    query: [{ name: 'a b', kind: 'exact', value: '1' }],
  };
  const regex: MatchConfig = { ...ROOT, path: { kind: 'regex', value: '/.*' } };
  assert.deepEqual(line(configOf([], { matches: [regex, match] })), [
    "curl -X POST -H 'x-canary: always' 'http://127.0.0.1:8080/it'\\''s?a%20b=1'",
  ]);
  assert.deepEqual(line(configOf([], { matches: [regex] })), []);
});

test('https trusts the local authority, or nobody', () => {
  const config = configOf(['a.localhost'], {}, { protocol: 'https' });
  assert.deepEqual(line(config, { caFile: '/tmp/ca.pem' }), [
    'curl --cacert /tmp/ca.pem https://a.localhost:8080/',
  ]);
  assert.deepEqual(line(config), ['curl -k https://a.localhost:8080/']);
});

test('a redirect shows its head', () => {
  const filters = [{ kind: 'redirect', statusCode: 301 }] as const;
  assert.deepEqual(line(configOf([], { filters })), ['curl -i http://127.0.0.1:8080/']);
});
