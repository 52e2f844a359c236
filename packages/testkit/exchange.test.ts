/** The reading of a config that goldens are judged with, on configs written out here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BindConfig, HttpRouteConfig, ProxyConfig, RuleConfig } from '@sluice/model';
import { type Exchange, type ExchangeRequest, exchange } from './exchange.ts';

const object = { kind: 'Gateway', namespace: 'infra', name: 'edge' };
const backend = {
  id: 'Service/infra/web:80',
  object: { kind: 'Service', namespace: 'infra', name: 'web' },
  port: 80,
  protocol: 'http1' as const,
  endpoints: [{ address: '10.0.0.1', port: 3000 }],
};
const toWeb = { backend: backend.id, weight: 1, filters: [] };

function ruleAt(path: string, rest: Partial<RuleConfig>): RuleConfig {
  const match = { path: { kind: 'prefix' as const, value: path }, headers: [], query: [] };
  return { matches: [match], filters: [], backends: [toWeb], ...rest };
}

function configOf(rules: readonly RuleConfig[], bind: Partial<BindConfig> = {}): ProxyConfig {
  const route: HttpRouteConfig = {
    id: 'route',
    object: { ...object, kind: 'HTTPRoute' },
    createdAt: 0,
    hostnames: [],
    rules,
  };
  const listener = { owner: object, name: 'http', routes: ['route'] };
  return {
    version: '1',
    gateway: object,
    binds: [{ port: 80, bindPort: 8080, protocol: 'http', listeners: [listener], ...bind }],
    routes: [route],
    backends: [backend, { ...backend, id: 'empty', endpoints: [] }],
  };
}

function ask(config: ProxyConfig, rest: Partial<ExchangeRequest> = {}): Exchange {
  const request = {
    method: 'GET',
    scheme: 'http' as const,
    port: 80,
    host: 'a.test',
    sni: 'a.test',
  };
  return exchange(config, { ...request, target: '/', headers: {}, ...rest });
}

function answerOf(answer: Exchange): string {
  if (answer.kind === 'status') return String(answer.status);
  return answer.kind === 'redirect' ? answer.location : answer.kind;
}

const answers = [
  { name: 'a rule that is broken', rule: { invalid: 'broken' }, answer: '500' },
  { name: 'no backend', rule: { backends: [] }, answer: '500' },
  { name: 'weights of zero', rule: { backends: [{ ...toWeb, weight: 0 }] }, answer: '500' },
  {
    name: 'a backend that is invalid',
    rule: { backends: [{ invalid: 'missing', weight: 1, filters: [] }] },
    answer: '500',
  },
  {
    name: 'no endpoint',
    rule: { backends: [{ ...toWeb, backend: 'empty' }] },
    answer: '503',
  },
  {
    name: 'a redirect that keeps port and query',
    rule: { filters: [{ kind: 'redirect' as const, statusCode: 302 as const, port: 8083 }] },
    answer: 'http://a.test:8083/p/x?q=1',
  },
  {
    name: 'a redirect that names the scheme',
    rule: {
      filters: [{ kind: 'redirect' as const, statusCode: 302 as const, scheme: 'https' as const }],
    },
    answer: 'https://a.test/p/x?q=1',
  },
  { name: 'a backend', rule: {}, answer: 'forward' },
];

for (const { name, rule, answer } of answers) {
  test(`exchange: ${name}`, () => {
    const config = configOf([ruleAt('/p', rule)]);
    assert.equal(answerOf(ask(config, { target: '/p/x?q=1' })), answer);
  });
}

test('exchange: no rule, no listener, no socket', () => {
  const config = configOf([ruleAt('/p', {})]);
  assert.equal(answerOf(ask(config, { target: '/other' })), '404');
  assert.equal(answerOf(ask(configOf([], { listeners: [] }))), '404');
  assert.equal(answerOf(ask(config, { port: 81 })), 'no-connection');
  assert.equal(answerOf(ask(config, { scheme: 'https' })), 'no-connection');
});

test('exchange: an https listener needs a certificate, and answers for its own hosts only', () => {
  const tls = { certificates: [{ id: 'infra/pair', fingerprint: '0' }] };
  const one = { owner: object, name: 'one', hostname: 'one.test', routes: ['route'], tls };
  const two = { ...one, name: 'two', hostname: 'two.test', tls: { certificates: [] } };
  const config = configOf([ruleAt('/', {})], {
    port: 443,
    protocol: 'https',
    listeners: [one, two],
  });
  const https = { scheme: 'https' as const, port: 443 };
  assert.equal(answerOf(ask(config, { ...https, host: 'one.test', sni: 'one.test' })), 'forward');
  assert.equal(answerOf(ask(config, { ...https, host: 'two.test', sni: 'one.test' })), '421');
  assert.equal(
    answerOf(ask(config, { ...https, host: 'two.test', sni: 'two.test' })),
    'no-handshake',
  );
  assert.equal(
    answerOf(ask(config, { ...https, host: 'one.test', sni: 'other.test' })),
    'no-handshake',
  );
});
