/**
 * Pods as real processes. The tests run once more, in a network namespace of their own; where none
 * can be made they are left out, and say so.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type Client, type KubeObject } from '@sluice/kube';
import type { Program } from './plan.ts';
import type { Container, Pod, PodSpec, Volume } from './pod.ts';
import { PodRunner } from './pod-runner.ts';
import { sluiceProgram } from './programs.ts';
import { samplePod } from './sample-pod.ts';

const insideVariable = 'SLUICE_POD_TEST_INSIDE';
const bridge = 'br-test';
const nodeAddress = '10.244.0.1';

/** Stands for the bundled command: answers with what it sees, and ends as its argument says. */
const script = `
const { createServer } = require('node:http');
const { existsSync, readFileSync, readdirSync, writeFileSync } = require('node:fs');
const [how] = process.argv.slice(2);
const read = (path) => existsSync(path) ? readFileSync(path, 'utf8') : null;
const writes = (path) => { try { writeFileSync(path, 'x'); return true; } catch { return false; } };
console.log('started as ' + how);
if (how === 'fail') process.exit(3);
process.on('SIGTERM', () => {
  console.log('draining');
  if (how === 'drain') setTimeout(() => { process.stdout.write('drained'); process.exit(); }, 100);
});
createServer((request, response) => response.end(JSON.stringify({
  user: process.getuid(),
  group: process.getgid(),
  host: require('node:os').hostname(),
  name: process.env.NAME,
  service: process.env.KUBERNETES_SERVICE_HOST + ':' + process.env.KUBERNETES_SERVICE_PORT,
  address: process.env.ADDRESS,
  token: read('/var/run/secrets/kubernetes.io/serviceaccount/token'),
  authority: read('/var/run/secrets/kubernetes.io/serviceaccount/ca.crt'),
  key: read('/keys/key'),
  writes: ['/scratch/x', '/keys/x', '/x', '/tmp/x'].filter(writes),
  outside: existsSync('/home'),
  processes: readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length,
}))).listen(8080, '0.0.0.0');
`;

const reason = process.env[insideVariable] === undefined ? wanting() : undefined;
if (process.env[insideVariable] !== undefined) defineTests();
else if (reason !== undefined) console.error(`Pods as processes are left out: ${reason}`);
else test('Pods as processes, in a network namespace', { timeout: 120_000 }, runInside);

function wanting(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can make a network namespace';
  const shell = 'unshare --net --mount --pid --fork ip link add x type bridge && which setpriv';
  const { status, stderr } = spawnSync('sh', ['-c', shell], { encoding: 'utf8' });
  return status === 0 ? undefined : stderr.trim();
}

function runInside(): void {
  const environment: NodeJS.ProcessEnv = { ...process.env, [insideVariable]: 'yes' };
  // Else it would report as one of this runner's own processes do.
  delete environment['NODE_TEST_CONTEXT'];
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['--net', '--', process.execPath, '--test', '--test-reporter=tap', import.meta.filename],
    { encoding: 'utf8', env: environment, timeout: 100_000 },
  );
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^# pass [1-9]/m);
}

function defineTests(): void {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kubelet-'));
  before(() => {
    mkdirSync(join(folder, 'image'));
    writeFileSync(join(folder, 'image/sluice.js'), script);
    const commands = [
      'link set lo up',
      `link add ${bridge} type bridge`,
      `address add ${nodeAddress}/16 dev ${bridge}`,
      `link set ${bridge} up`,
    ];
    execFileSync('ip', ['-batch', '-'], { input: `${commands.join('\n')}\n` });
  });
  after(async () => {
    // Those of tests that failed are still there.
    await Promise.all(runners.map((runner) => runner.end(0)));
    rmSync(folder, { recursive: true });
  });

  test('a Pod has its own network, user, files and variables', async () => {
    const run = startPod(folder, { ...restricted, volumes }, wholeContainer);
    await run.untilStatus(isReady);
    const headers = { connection: 'close' };
    const answer = await fetch(`http://${run.address}:8080/`, { headers });
    assert.deepEqual(await answer.json(), {
      user: 65_532,
      group: 65_532,
      host: 'shop-1',
      name: 'shop-1',
      service: '10.96.0.1:443',
      address: run.address,
      token: 'token for ',
      authority: 'the authority',
      key: 'geheim',
      writes: ['/scratch/x'],
      outside: false,
      // The first of the Pod, and this one.
      processes: 2,
    });
    assert.equal(run.status().podIP, run.address);
    await run.runner.stop(0);
    assert.deepEqual(run.deletions, [{ gracePeriodSeconds: 0, preconditions: { uid: 'uid-1' } }]);
    assert.deepEqual(readdirSync(join(folder, 'pods')), []);
    // The kernel takes interfaces away a moment after their namespace.
    while (execFileSync('ip', ['-brief', 'link', 'show', 'type', 'veth']).length > 0)
      await sleep(20);
  });

  test('a Pod waits for a Secret, and says for which', async () => {
    const secret = [{ name: 'keys', secret: { secretName: 'late' } }];
    const run = startPod(folder, { volumes: secret }, { args: ['serve'] });
    const [status] = await run.untilStatus((shown) => shown.phase === 'Pending');
    assert.match(JSON.stringify(status), /Secret store\/late does not exist yet/);
    run.secrets.add('late');
    await run.untilStatus((shown) => shown.phase === 'Running');
    await run.runner.stop(0);
  });

  test('a container that ends is started again, and its log goes on', async () => {
    const run = startPod(folder, {}, { args: ['fail'] });
    await run.untilStatus((shown) => shown.containerStatuses[0]?.restartCount === 1);
    await run.untilStatus((shown) => 'running' in (shown.containerStatuses[0]?.state ?? {}));
    const log = run.runner.findLog('main');
    while ((log?.lines.length ?? 0) < 2) await sleep(20);
    assert.deepEqual(
      log?.lines.map(({ text }) => text),
      ['started as fail', 'started as fail'],
    );
    await run.runner.stop(0);
  });

  const ends: readonly (readonly [how: string, drains: boolean, grace: number, log: string[]])[] = [
    ['drain', true, 60, ['draining', 'drained']],
    ['linger', true, 0.2, ['draining']],
    ['drain', false, 60, []],
  ];
  for (const [how, drains, grace, log] of ends) {
    test(`a Pod that is to end within ${grace} s: ${how}, ${drains ? 'drains' : 'is killed'}`, () =>
      endPod(folder, { how, drains, grace, log }));
  }
}

interface End {
  readonly how: string;
  readonly drains: boolean;
  readonly grace: number;
  readonly log: readonly string[];
}

async function endPod(folder: string, { how, drains, grace, log }: End): Promise<void> {
  const run = startPod(folder, {}, { args: [how], ports: [{ containerPort: 8080 }] }, { drains });
  await run.untilStatus(isReady);
  await run.runner.stop(grace);
  assert.deepEqual(
    run.runner.findLog('main')?.lines.map(({ text }) => text),
    [`started as ${how}`, ...log],
  );
  assert.deepEqual(readdirSync(join(folder, 'pods')), []);
}

const restricted = {
  securityContext: { runAsNonRoot: true },
  serviceAccountName: 'clerk',
} satisfies Partial<PodSpec>;

const volumes: readonly Volume[] = [
  { name: 'scratch', emptyDir: { medium: 'Memory' } },
  { name: 'keys', secret: { secretName: 'keys' } },
  {
    name: 'account',
    projected: {
      sources: [
        { serviceAccountToken: { path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      ],
    },
  },
];

const wholeContainer: Partial<Container> = {
  args: ['serve'],
  env: [
    { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'ADDRESS', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
  ],
  ports: [{ name: 'http', containerPort: 8080 }],
  readinessProbe: { httpGet: { path: '/', port: 'http' } },
  securityContext: {
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  },
  volumeMounts: [
    { name: 'scratch', mountPath: '/scratch' },
    { name: 'keys', mountPath: '/keys' },
    { name: 'account', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
  ],
};

interface Status {
  readonly phase: string;
  readonly podIP?: string;
  readonly conditions: readonly { readonly type: string; readonly status: string }[];
  readonly containerStatuses: readonly { readonly restartCount: number; readonly state: object }[];
}

function isReady({ conditions }: Status): boolean {
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

const runners: PodRunner[] = [];

function startPod(
  folder: string,
  spec: Partial<PodSpec>,
  container: Partial<Container>,
  program: Partial<Program> = {},
) {
  const containers = [{ image: 'registry.example/sluice:v1', ...container }];
  const pod: Pod = samplePod({ ...spec, containers });
  const server = stubServer();
  const address = `10.244.1.${runners.length + 1}`;
  const image = { ...sluiceProgram(join(folder, 'image')), ...program };
  const runner = new PodRunner(pod, address, {
    client: server.client,
    certificateAuthority: 'the authority',
    nodeName: 'node',
    hostIp: nodeAddress,
    bridge,
    images: new Map([['sluice', image]]),
    variables: { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' },
    stateFolder: folder,
    log: (line) => console.error(line),
  });
  runners.push(runner);
  return { ...server, runner, address };
}

/** Of an API server, what the runner of one Pod asks of it. */
function stubServer() {
  const statuses: Status[] = [];
  const deletions: unknown[] = [];
  const secrets = new Set(['keys']);
  const data = { key: Buffer.from('geheim').toString('base64') };
  const client: Pick<Client, 'apply' | 'get' | 'request'> = {
    apply: async (_resource, object) => {
      statuses.push(object['status'] as Status);
      return object;
    },
    get: async (_resource, { name }) => {
      if (!secrets.has(name)) throw new ApiError(`get ${name}`, undefined, { code: 404 });
      return { kind: 'Secret', data } as unknown as KubeObject;
    },
    request: async (method, path, body) => {
      if (method === 'DELETE') deletions.push(body);
      else assert.equal(path, '/api/v1/namespaces/store/serviceaccounts/clerk/token');
      return { status: { token: 'token for ' } };
    },
  };
  return {
    client: client as Client,
    secrets,
    deletions,
    status: () => statuses.at(-1) as Status,
    /** Resolves with the first status that is so; the test's time limit ends the wait. */
    async untilStatus(wanted: (status: Status) => boolean): Promise<readonly Status[]> {
      for (;;) {
        const found = statuses.filter(wanted);
        if (found.length > 0) return found;
        await sleep(20);
      }
    },
  };
}
