/** From a kubeconfig, or a Pod's files, to requests that the server takes. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import {
  clientCertificatePem,
  clientKeyPem,
  configMaps,
  makeKeyPair,
  startFakeApiServer,
} from '@sluice/testkit';
import { createClient, inClusterAccess, readKubeconfig } from './index.ts';

async function makeDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-kube-'));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}

/** Writes a kubeconfig with one cluster and one user; JSON is YAML. */
async function writeConfig(directory: string, cluster: object, user: object): Promise<string> {
  const path = join(directory, 'config');
  const config = {
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

async function open(t: TestContext, path: string) {
  const client = createClient(await readKubeconfig({ path }));
  t.after(() => client.close());
  return client;
}

async function startServer(t: TestContext) {
  const server = await startFakeApiServer();
  t.after(() => server.close());
  return server;
}

test('a token file beside the kubeconfig is read anew when it is refused', async (t) => {
  const directory = await makeDirectory(t);
  const server = await startServer(t);
  const client = await open(
    t,
    await writeConfig(directory, { server: server.url }, { tokenFile: 'token' }),
  );
  await writeFile(join(directory, 'token'), 'old\n');
  server.expectToken('old');
  await client.list(configMaps);
  await writeFile(join(directory, 'token'), 'new\n');
  server.expectToken('new');
  await client.list(configMaps);
  server.expectToken('another');
  await assert.rejects(client.list(configMaps), { code: 401 });
});

test('what is refused while the token file is gone keeps no connection', async (t) => {
  const directory = await makeDirectory(t);
  const server = await startServer(t);
  const client = await open(
    t,
    await writeConfig(directory, { server: server.url }, { tokenFile: 'token' }),
  );
  await writeFile(join(directory, 'token'), 'old\n');
  server.expectToken('old');
  await client.list(configMaps);
  await rm(join(directory, 'token'));
  server.expectToken('new');
  for (let time = 1; time <= 3; time += 1) {
    await assert.rejects(client.list(configMaps), /ENOENT/);
    await delay(20);
  }
  assert.equal(server.connections(), 1);
});

interface Plugin {
  readonly directory: string;
  /** How often it was run. */
  readonly runs: () => Promise<number>;
  /** What it prints from now on. */
  readonly print: (status: object, apiVersion?: string) => Promise<void>;
}

/** A plugin that notes its runs, with the names of what it was told. */
async function makePlugin(t: TestContext): Promise<Plugin> {
  const directory = await makeDirectory(t);
  const path = join(directory, 'plugin');
  await writeFile(join(directory, 'runs'), '');
  await writeFile(
    path,
    '#!/bin/sh\necho "$1 $GREETING $KUBERNETES_EXEC_INFO" >> "$(dirname "$0")/runs"\n' +
      'cat "$(dirname "$0")/output"\n',
  );
  await chmod(path, 0o755);
  return {
    directory,
    runs: async () =>
      (await readFile(join(directory, 'runs'), 'utf8')).split('\n').filter((line) => line !== '')
        .length,
    print: (status, apiVersion = 'client.authentication.k8s.io/v1') =>
      writeFile(
        join(directory, 'output'),
        JSON.stringify({ apiVersion, kind: 'ExecCredential', status }),
      ),
  };
}

const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', args: ['go'] };

for (const apiVersion of [
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
]) {
  test(`a plugin of ${apiVersion} is asked once until its credential is refused`, async (t) => {
    const server = await startServer(t);
    const plugin = await makePlugin(t);
    const user = {
      exec: {
        ...exec,
        apiVersion,
        provideClusterInfo: true,
        env: [{ name: 'GREETING', value: 'hello' }],
      },
    };
    await plugin.print({ token: 'one' }, apiVersion);
    server.expectToken('one');
    const path = await writeConfig(plugin.directory, { server: server.url }, user);
    const client = await open(t, path);
    await Promise.all([client.list(configMaps), client.list(configMaps)]);
    await client.list(configMaps);
    assert.equal(await plugin.runs(), 1);
    const told = await readFile(join(plugin.directory, 'runs'), 'utf8');
    assert.match(told, /^go hello /);
    assert.match(told, new RegExp(`"apiVersion":"${apiVersion}".*"server":"${server.url}"`));
    await plugin.print({ token: 'two' }, apiVersion);
    server.expectToken('two');
    await client.list(configMaps);
    assert.equal(await plugin.runs(), 2);
  });
}

test('a plugin is asked again when its credential has expired, not before', async (t) => {
  const server = await startServer(t);
  const plugin = await makePlugin(t);
  const in5Seconds = new Date(Date.now() + 5_000).toISOString();
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await plugin.print({ token: 'one', expirationTimestamp: in5Seconds });
  const path = await writeConfig(plugin.directory, { server: server.url }, { exec });
  const client = await open(t, path);
  await client.list(configMaps);
  await plugin.print({ token: 'two', expirationTimestamp: tomorrow });
  // The margin makes five seconds too short to rely on.
  for (let count = 0; count < 3; count += 1) await client.list(configMaps);
  assert.equal(await plugin.runs(), 2);
});

const failures: readonly {
  readonly user: object;
  readonly output: string;
  readonly error: RegExp;
}[] = [
  {
    user: { command: './absent', installHint: 'get it at the desk' },
    output: '',
    error: /absent: get it at the desk$/,
  },
  {
    user: { command: 'no-such-program-anywhere' },
    output: '',
    error: /no-such-program-anywhere: there is no such program/,
  },
  {
    user: { command: 'sh', args: ['-c', 'echo TOKEN; echo no luck >&2; exit 3'] },
    output: '',
    error: /plugin sh: ended with code 3: no luck$/,
  },
  { user: {}, output: 'TOKEN', error: /plugin: printed no JSON/ },
  {
    user: {},
    output: '{"kind":"ExecCredential","apiVersion":"v1"}',
    error: /must print an ExecCredential of/,
  },
  {
    user: {},
    output: `{"kind":"ExecCredential","apiVersion":"${exec.apiVersion}","status":{}}`,
    error: /printed neither status.token nor/,
  },
];

for (const { user, output, error } of failures) {
  test(`a plugin that fails is named, its output is not shown: ${error.source}`, async (t) => {
    const plugin = await makePlugin(t);
    await writeFile(join(plugin.directory, 'output'), output);
    const cluster = { server: 'http://127.0.0.1:1' };
    const path = await writeConfig(plugin.directory, cluster, { exec: { ...exec, ...user } });
    const client = await open(t, path);
    await assert.rejects(client.list(configMaps), (thrown) => {
      assert(thrown instanceof Error);
      assert.match(thrown.message, error);
      assert.doesNotMatch(thrown.message, /TOKEN/);
      return true;
    });
  });
}

/** Answers an empty list, and remembers who asked. */
async function startTls(t: TestContext, hostname: string) {
  const { keys, caPem } = await makeKeyPair('api', [hostname]);
  const pair = [...keys.values()][0];
  assert(pair !== undefined);
  const seen: { subject: string | undefined; authorization: string | undefined }[] = [];
  const server: Server = createServer(
    {
      cert: pair.certificatePem,
      key: pair.privateKeyPem,
      ca: clientCertificatePem,
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      const peer = (request.socket as TLSSocket).getPeerCertificate();
      seen.push({
        subject: peer.subject?.CN?.toString(),
        authorization: request.headers.authorization,
      });
      response.end('{"metadata":{"resourceVersion":"1"},"items":null}');
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, caPem, seen };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('a client certificate is shown, from data, files and plugins', async (t) => {
  const { port, caPem, seen } = await startTls(t, 'api.test');
  const plugin = await makePlugin(t);
  await writeFile(join(plugin.directory, 'client.pem'), clientCertificatePem);
  await writeFile(join(plugin.directory, 'client.key'), clientKeyPem);
  await plugin.print({ clientCertificateData: clientCertificatePem, clientKeyData: clientKeyPem });
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    'tls-server-name': 'api.test',
    'certificate-authority-data': base64(caPem),
  };
  const users = [
    {
      'client-certificate-data': base64(clientCertificatePem),
      'client-key-data': base64(clientKeyPem),
    },
    { 'client-certificate': 'client.pem', 'client-key': 'client.key' },
    { exec },
    {},
  ];
  for (const user of users) {
    const client = await open(t, await writeConfig(plugin.directory, cluster, user));
    await client.list(configMaps);
  }
  const shown = ['test client', 'test client', 'test client', undefined];
  assert.deepEqual(
    seen.map(({ subject }) => subject),
    shown,
  );
});

test('a server with a certificate of another name or authority is not talked to', async (t) => {
  const { port, caPem, seen } = await startTls(t, 'api.test');
  const directory = await makeDirectory(t);
  const server = `https://127.0.0.1:${port}`;
  for (const cluster of [
    { server, 'certificate-authority-data': base64(caPem) },
    { server, 'tls-server-name': 'api.test' },
  ]) {
    const client = await open(t, await writeConfig(directory, cluster, { token: 'TOKEN' }));
    await assert.rejects(client.list(configMaps), /^Error: list configmaps: /);
  }
  assert.deepEqual(seen, []);
});

test('a Pod finds server, authority and token in its files', async (t) => {
  const { port, caPem, seen } = await startTls(t, 'localhost');
  const directory = await makeDirectory(t);
  await writeFile(join(directory, 'ca.crt'), caPem);
  const environment = {
    KUBERNETES_SERVICE_HOST: 'localhost',
    KUBERNETES_SERVICE_PORT: String(port),
  };
  assert.equal(inClusterAccess(environment, directory), undefined, 'there is no token yet');
  await writeFile(join(directory, 'token'), 'pod\n');
  assert.equal(inClusterAccess({}, directory), undefined, 'not in a Pod');
  const access = inClusterAccess(environment, directory);
  assert(access !== undefined);
  const client = createClient(access);
  t.after(() => client.close());
  await client.list(configMaps);
  assert.deepEqual(
    seen.map(({ authorization }) => authorization),
    ['Bearer pod'],
  );
});

const mistakes: readonly { readonly text: string; readonly error: string }[] = [
  { text: '[', error: 'not YAML in line 1: correct the file' },
  { text: '[]', error: 'the document: must be a mapping' },
  { text: '{}', error: 'current-context: set it, or name a context' },
  { text: '{current-context: a}', error: 'contexts: has no context named a: add it' },
];

for (const { text, error } of mistakes) {
  test(`a kubeconfig that holds ${text}: ${error}`, async (t) => {
    const path = join(await makeDirectory(t), 'config');
    await writeFile(path, text);
    await assert.rejects(readKubeconfig({ path }), { message: `${path}: ${error}` });
  });
}

const wrongUsers: readonly { readonly user: object; readonly error: RegExp }[] = [
  { user: { username: 'x', password: 'y' }, error: /user u: username: is not supported/ },
  { user: { as: 'somebody' }, error: /user u: as: is not supported/ },
  { user: { 'client-key-data': 'eA==' }, error: /user u: needs both/ },
  { user: { exec: { command: 'x' } }, error: /user u: exec.apiVersion: must be client/ },
  { user: { exec: { apiVersion: exec.apiVersion } }, error: /exec.command: is missing/ },
  { user: { exec: { ...exec, interactiveMode: 'Always' } }, error: /interactiveMode: Always/ },
];

for (const { user, error } of wrongUsers) {
  test(`a user that can not be used is refused: ${error.source}`, async (t) => {
    const directory = await makeDirectory(t);
    const path = await writeConfig(directory, { server: 'http://127.0.0.1:1' }, user);
    await assert.rejects(readKubeconfig({ path }), error);
  });
}
