/** `sluice dev` as a person uses it: serve, save, break, mend, read. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type DevProcess,
  findFreePort,
  gatewayManifest,
  type NamedOrigin,
  serviceManifest,
  startDev,
  startNamedOrigin,
} from '@sluice/testkit';

interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

function get(url: string, host: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpGet(url, { headers: { host } }, (response: IncomingMessage) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (data) => {
        body += data;
      });
      response.on('end', () => resolve({ statusCode: response.statusCode ?? 0, body }));
    }).on('error', reject);
  });
}

function routeManifest(name: string, host: string, backend: string): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: ${name} }
spec:
  parentRefs: [{ name: web }]
  hostnames: [${host}]
  rules: [{ backendRefs: [{ name: ${backend}, port: 80 }] }]
`;
}

describe('sluice dev', () => {
  let dev: DevProcess;
  let origins: NamedOrigin[];
  let url = '';

  before(async () => {
    const port = await findFreePort();
    url = `http://127.0.0.1:${port}/`;
    origins = await Promise.all(['one', 'two'].map(startNamedOrigin));
    dev = await startDev({
      'gateway.yaml': gatewayManifest(port),
      'services.yaml': origins
        .map((origin) => serviceManifest(origin.name, origin.port))
        .join('---\n'),
      'routes.yaml': routeManifest('shop', 'shop.localhost', 'one'),
    });
  });

  after(async () => {
    await dev?.stop();
    for (const origin of origins ?? []) origin.close();
  });

  test('serves the manifests and prints what it serves and what to try', async () => {
    assert.deepEqual(await get(url, 'shop.localhost'), { statusCode: 200, body: 'one GET /\n' });
    assert.match(dev.stdout(), /GATEWAY +LISTENER +ADDRESS/);
    assert.match(dev.stdout(), /default\/shop +shop\.localhost +rules\[0\] +\/\* +default\/one:80/);
    assert.match(dev.stdout(), /^curl http:\/\/shop\.localhost:\d+\/$/m);
  });

  test('a save is live and told in a line', async () => {
    await dev.save('routes.yaml', routeManifest('shop', 'shop.localhost', 'two'), /serving: /);
    assert.match(dev.stdout(), /^changed: HTTPRoute default\/shop \(.*routes\.yaml:1\)$/m);
    assert.equal((await get(url, 'shop.localhost')).body, 'two GET /\n');
  });

  test('a broken save is told by line and column, and the last good version keeps serving', async () => {
    await dev.save('routes.yaml', 'kind: [', /routes\.yaml:1:\d+: error yaml/);
    assert.equal((await get(url, 'shop.localhost')).body, 'two GET /\n');
    const invalid = routeManifest('shop', 'shop.localhost', 'one').replace('80', '"80"');
    await dev.save('routes.yaml', invalid, /routes\.yaml:7:\d+: error type: integer/);
    assert.equal((await get(url, 'shop.localhost')).body, 'two GET /\n');
    const mended = routeManifest('shop', 'shop.localhost', 'one');
    await dev.save('routes.yaml', mended, /resolved: HTTPRoute default\/shop.*type: integer/);
    assert.equal((await get(url, 'shop.localhost')).body, 'one GET /\n');
  });

  test('a new file adds, a file without its object removes', async () => {
    const added = routeManifest('api', 'api.localhost', 'two');
    await dev.save('api.yaml', added, /added: HTTPRoute default\/api/);
    await dev.waitFor(/serving: /);
    assert.equal((await get(url, 'api.localhost')).body, 'two GET /\n');
    await dev.save('api.yaml', '', /removed: HTTPRoute default\/api/);
    assert.equal((await get(url, 'api.localhost')).statusCode, 404);
  });

  test('the admin server tells health, metrics, config and status', async () => {
    const admin = /metrics, health, config and status: (\S+)/.exec(dev.stdout())?.[1] ?? '';
    assert.equal((await get(`${admin}/healthz`, 'x')).body, 'ok\n');
    assert.equal((await get(`${admin}/readyz`, 'x')).statusCode, 200);
    assert.match((await get(`${admin}/metrics`, 'x')).body, /\{gateway="default\/web"/);
    assert.match((await get(`${admin}/config`, 'x')).body, /"shop\.localhost"/);
    const status: { kind: string; status: { parents?: { conditions: { status: string }[] }[] } }[] =
      JSON.parse((await get(`${admin}/status`, 'x')).body);
    const route = status.find(({ kind }) => kind === 'HTTPRoute');
    assert.deepEqual(
      route?.status.parents?.flatMap(({ conditions }) =>
        conditions.map((condition) => condition.status),
      ),
      ['True', 'True'],
    );
  });
});

test('the valid rest serves beside every kind of mistake', async () => {
  const directory = fileURLToPath(new URL('../testdata/mistakes', import.meta.url));
  const files: Record<string, string> = {};
  for (const file of await readdir(directory)) {
    files[file] = await readFile(`${directory}/${file}`, 'utf8');
  }
  const origin = await startNamedOrigin('app');
  const port = await findFreePort();
  const map = `default/app:80=127.0.0.1:${origin.port}`;
  const dev = await startDev(files, ['--port', `80=${port}`, '--map', map]);
  try {
    const answer = await get(`http://127.0.0.1:${port}/`, 'valid.localhost');
    assert.deepEqual(answer, { statusCode: 200, body: 'app GET /\n' });
    const statusOf = async (host: string) =>
      (await get(`http://127.0.0.1:${port}/`, `${host}.localhost`)).statusCode;
    assert.equal(await statusOf('missing-backend'), 500);
    assert.equal(await statusOf('missing-grant'), 500);
    assert.equal(await statusOf('unsupported-filter'), 500);
    assert.equal(await statusOf('bad-duration'), 404);
    assert.equal(await statusOf('unknown-field'), 200);
  } finally {
    await dev.stop();
    origin.close();
  }
});

test('an HTTPS listener without its Secret gets a certificate, said as a finding', async () => {
  const origin = await startNamedOrigin('app');
  const port = await findFreePort();
  const gateway = gatewayManifest(443).replace(
    '{ name: http, protocol: HTTP, port: 443 }',
    '{ name: https, protocol: HTTPS, port: 443, tls: { certificateRefs: [{ name: none }] } }',
  );
  const dev = await startDev(
    {
      'gateway.yaml': gateway,
      'app.yaml': serviceManifest('app', origin.port),
      'route.yaml': routeManifest('app', 'app.localhost', 'app'),
    },
    ['--port', `443=${port}`],
  );
  try {
    assert.match(dev.stdout(), /LocalCertificate: Gateway default\/web spec\.listeners\[0\]\.tls/);
    assert.match(dev.stdout(), /^curl --cacert \S+dev-ca\.pem https:\/\/app\.localhost:/m);
  } finally {
    assert.equal(await dev.stop(), 0);
    origin.close();
  }
});
