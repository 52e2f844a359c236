/**
 * explain = what the proxy does, for 1,000 generated requests against generated routes. The access
 * log says which route and rule took a request, the answer says which backend.
 */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { explain, renderExplanation } from '@sluice/core';
import {
  type DevProcess,
  findFreePort,
  gatewayManifest,
  type NamedOrigin,
  serviceManifest,
  startDev,
  startNamedOrigin,
} from '@sluice/testkit';
import { evaluateManifests } from '../world/evaluation.ts';
import { readManifests } from '../world/manifests.ts';

const REQUESTS = 1000;
const ROUTES = 30;
const HOSTS = ['a.example.com', 'b.example.com', 'c.b.example.com', 'other.org', 'no.test'];
const HOSTNAMES = ['a.example.com', '*.example.com', '*.b.example.com', 'other.org', '*.com'];
const PATHS = ['/', '/a', '/a/b', '/a/b/c', '/ab', '/x/1', '/x/22', '/%2F', '/a/'];
const METHODS = ['GET', 'POST', 'DELETE'];
const BACKENDS = ['one', 'two', 'three'];

/** A small generator of its own, so that a failure is found again by its seed. */
function createRandom(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    chance: (probability: number) => next() < probability,
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
  };
}

type Random = ReturnType<typeof createRandom>;

function matchOf(random: Random): object {
  const type = random.pick(['Exact', 'PathPrefix', 'PathPrefix', 'RegularExpression']);
  const regex = random.pick(['/x/[0-9]+', '/a/.*', '/[ab]+']);
  return {
    path: { type, value: type === 'RegularExpression' ? regex : random.pick(PATHS) },
    ...(random.chance(0.3) ? { method: random.pick(METHODS) } : {}),
    ...(random.chance(0.3)
      ? { headers: [{ name: random.pick(['x-one', 'X-Two']), value: random.pick(['1', '2']) }] }
      : {}),
    ...(random.chance(0.2)
      ? { queryParams: [{ name: random.pick(['q', '__proto__']), value: random.pick(['1', 'é']) }] }
      : {}),
  };
}

function ruleOf(random: Random): object {
  const matches = random.chance(0.7) ? [matchOf(random)] : [matchOf(random), matchOf(random)];
  if (random.chance(0.1)) {
    const requestRedirect = { hostname: 'moved.example.com', statusCode: 302 };
    return { matches, filters: [{ type: 'RequestRedirect', requestRedirect }] };
  }
  const name = random.chance(0.15) ? 'nowhere' : random.pick(BACKENDS);
  return { matches, backendRefs: [{ name, port: 80 }] };
}

function routeOf(random: Random, index: number): object {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: `r${index}` },
    spec: {
      parentRefs: [{ name: 'web' }],
      ...(random.chance(0.97) ? { hostnames: [random.pick(HOSTNAMES)] } : {}),
      rules: random.chance(0.5) ? [ruleOf(random)] : [ruleOf(random), ruleOf(random)],
    },
  };
}

interface Sent {
  readonly method: string;
  readonly host: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
}

function requestOf(random: Random): Sent {
  const query = random.chance(0.3)
    ? random.pick(['?q=1', '?__proto__=1', '?q=%C3%A9', '?q=2&q=1'])
    : '';
  return {
    method: random.pick(METHODS),
    host: random.pick(HOSTS),
    target: random.pick(PATHS) + query,
    headers: ['x-one', 'x-two']
      .filter(() => random.chance(0.4))
      .map((name) => [name, random.pick(['1', '2'])] as const),
  };
}

let dev: DevProcess;
let origins: NamedOrigin[];
let port = 0;

before(async () => {
  const random = createRandom(20_261_125);
  port = await findFreePort();
  origins = await Promise.all(BACKENDS.map(startNamedOrigin));
  const routes = Array.from({ length: ROUTES }, (_, index) => routeOf(random, index));
  dev = await startDev({
    'gateway.yaml': gatewayManifest(port),
    'services.yaml': origins
      .map((origin) => serviceManifest(origin.name, origin.port))
      .join('---\n'),
    'routes.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: routes }),
  });
});

after(async () => {
  await dev?.stop();
  for (const origin of origins ?? []) origin.close();
});

interface Answer {
  readonly statusCode: number;
  readonly origin: string;
}

function send({ method, host, target, headers }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path: target,
      headers: { host, ...Object.fromEntries(headers) },
    };
    const sent = request(options, (response) => {
      response.resume();
      response.on('end', () =>
        resolve({
          statusCode: response.statusCode ?? 0,
          origin: String(response.headers['x-origin'] ?? ''),
        }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

test(`explain is right for ${REQUESTS} generated requests`, async () => {
  const random = createRandom(7);
  const manifests = await readManifests([dev.directory], 'experimental');
  const snapshot = evaluateManifests(manifests, 'experimental').store.snapshot(Date.now());
  const kinds = new Map<string, number>();
  for (let index = 0; index < REQUESTS; index += 1) {
    const sent = requestOf(random);
    const told = explain(snapshot, { gateway: 'default/web', port, ...sent });
    const answer = await send(sent);
    const context = `${JSON.stringify(sent)}:\n${renderExplanation(told)}`;
    const [backend] = told.backends;
    const { answer: expected } = told;
    kinds.set(expected.kind, (kinds.get(expected.kind) ?? 0) + 1);
    if (expected.kind === 'forward') {
      assert.equal(answer.statusCode, 200, context);
      assert.equal(`Service/default/${answer.origin}:80`, backend?.id, context);
    } else {
      assert.equal(answer.origin, '', context);
      assert.equal(answer.statusCode, 'statusCode' in expected ? expected.statusCode : 0, context);
    }
  }
  for (const kind of ['forward', 'redirect', 'error']) {
    assert.ok((kinds.get(kind) ?? 0) >= 20, `${kind} came ${kinds.get(kind) ?? 0} times only`);
  }
});

test('the access log names the route and the rule that explain names', async () => {
  const manifests = await readManifests([dev.directory], 'experimental');
  const snapshot = evaluateManifests(manifests, 'experimental').store.snapshot(Date.now());
  const random = createRandom(7);
  const lines = (await dev.accessLog(REQUESTS)).map((line) => JSON.parse(line));
  assert.equal(lines.length, REQUESTS);
  for (const line of lines) {
    const told = explain(snapshot, { gateway: 'default/web', port, ...requestOf(random) });
    const route =
      told.route && `HTTPRoute/${told.route.object.namespace}/${told.route.object.name}`;
    assert.equal(line.route || undefined, route, JSON.stringify(line));
    const rule = told.route && Number(/rules\[(\d+)\]/.exec(told.route.field)?.[1]);
    if (rule !== undefined) assert.equal(line.rule, rule, JSON.stringify(line));
  }
});
