/** explain: who gets a request, why others do not, and where an error comes from. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { explain, type Question, renderExplanation } from '../index.ts';
import {
  sampleBackendRef,
  sampleClass,
  sampleGateway,
  sampleListener,
  sampleRoute,
  sampleRule,
  sampleService,
  sampleSlice,
  sampleWorld,
} from '../sample-world.ts';

const exact = (value: string) => [{ path: { type: 'Exact' as const, value } }];

const world = sampleWorld({
  gatewayClasses: [sampleClass()],
  gateways: [
    sampleGateway({
      listeners: [
        sampleListener({ hostname: '*.example.com' }),
        sampleListener({ name: 'other', port: 8080 }),
      ],
    }),
  ],
  httpRoutes: [
    sampleRoute(
      {
        hostnames: ['shop.example.com'],
        rules: [
          sampleRule({
            name: 'split',
            matches: exact('/split'),
            backendRefs: [
              sampleBackendRef({ weight: 3 }),
              sampleBackendRef({ name: 'gone', weight: 1 }),
            ],
          }),
          sampleRule({
            matches: exact('/gone'),
            backendRefs: [sampleBackendRef({ name: 'gone' })],
          }),
          sampleRule({
            matches: exact('/idle'),
            backendRefs: [sampleBackendRef({ name: 'idle' })],
          }),
          sampleRule({ matches: exact('/none'), backendRefs: [] }),
          sampleRule({
            matches: exact('/moved'),
            backendRefs: [],
            filters: [{ type: 'RequestRedirect', requestRedirect: { statusCode: 301 } }],
          }),
          sampleRule({
            matches: [{ path: { type: 'RegularExpression', value: '(' } }, ...exact('/broken')],
          }),
        ],
      },
      'shop',
    ),
    sampleRoute({ rules: [sampleRule({ matches: exact('/split') })] }, 'all'),
  ],
  services: [sampleService(), sampleService('idle')],
  endpointSlices: [sampleSlice()],
});

const ask = (parts: Partial<Question>) =>
  explain(world, {
    gateway: 'infra/edge',
    port: 80,
    host: 'shop.example.com',
    target: '/split',
    ...parts,
  });

describe('the answer', () => {
  const cases: readonly [string, Partial<Question>, string][] = [
    ['is forwarded', {}, 'forward'],
    ['is 500 for a missing Service', { target: '/gone' }, '500'],
    ['is 503 for a Service without endpoints', { target: '/idle' }, '503'],
    ['is 500 for a rule without backends', { target: '/none' }, '500'],
    ['is a redirect', { target: '/moved' }, '301'],
    ['is 500 for a rule that is partly unusable', { target: '/broken' }, '500'],
    ['is 404 for an unknown path', { target: '/nowhere' }, '404'],
    ['is 404 for a host of no listener', { host: 'example.net' }, '404'],
    ['is no connection on a port that is not served', { port: 81 }, 'refused'],
    ['is no connection at an unknown Gateway', { gateway: 'infra/none' }, 'refused'],
  ];
  for (const [title, parts, wanted] of cases) {
    test(title, () => {
      const { answer } = ask(parts);
      const got = 'statusCode' in answer ? String(answer.statusCode) : answer.kind;
      assert.equal(got, wanted);
    });
  }
});

test('a matched rule is named by its place in the manifest, and so is each loser', () => {
  const { route, candidates } = ask({});
  assert.deepEqual(route, {
    object: { kind: 'HTTPRoute', namespace: 'infra', name: 'shop' },
    field: 'spec.rules[0]',
    hostname: 'shop.example.com',
    ruleName: 'split',
  });
  const loser = candidates.find(({ object }) => object.name === 'all');
  assert.deepEqual(loser?.outcome, { kind: 'outranked', step: 'hostname' });
  const broken = ask({ target: '/broken' });
  const won = broken.candidates.find(({ outcome }) => outcome.kind === 'won');
  assert.equal(won?.field, 'spec.rules[5].matches[1]');
});

test('backends have their share, their endpoints and their own errors', () => {
  const { backends } = ask({});
  assert.deepEqual(
    backends.map(({ id, share, answer }) => [id, share, answer?.statusCode]),
    [
      ['Service/infra/web:80', 0.75, undefined],
      [undefined, 0.25, 500],
    ],
  );
});

test('as text', () => {
  const [request, gateway, listener, route] = renderExplanation(ask({})).split('\n');
  assert.deepEqual(
    [request, gateway, listener, route],
    [
      'GET shop.example.com/split',
      'gateway   infra/edge port 80',
      'listener  http of Gateway infra/edge (*.example.com)',
      'route     HTTPRoute infra/shop spec.rules[0] "split" (shop.example.com)',
    ],
  );
});
