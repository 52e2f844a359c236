/** A cluster is up within a minute, its Services answer, and nothing of it is left behind. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensureBinaries } from '../build/binaries.ts';
import { type Cluster, findCluster, startCluster, stopCluster } from './cluster.ts';
import { createKubectl } from './kubectl.ts';
import { networkCommand } from './network-command.ts';
import { whyNoCluster } from './sample-requirements.ts';

const run = promisify(execFile);
const port = 3000;
const labels = { app: 'echo' };
const echoes = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'echo' },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              { name: 'echo', image: 'any/echo-basic:v1', ports: [{ containerPort: port }] },
            ],
          },
        },
      },
    },
    service('echo', {}),
    service('fixed', { loadBalancerIP: '10.97.255.1' }),
    service('unusable', { loadBalancerIP: '198.51.100.0' }),
  ],
};

function service(name: string, spec: object): object {
  const ports = [{ port: 80, targetPort: port }];
  const metadata = { name };
  const whole = { type: 'LoadBalancer', selector: labels, ports, ...spec };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: whole };
}

if (whyNoCluster() === undefined) {
  test('Services of type LoadBalancer answer', { timeout: 1_800_000 }, async () => {
    const report = (line: string): void => console.error(line);
    const cluster = await startCluster({ channel: 'standard', isToStay: false, report });
    const { kubectl: program } = await ensureBinaries(['kubectl'], { report });
    const kubectl = createKubectl({ ...cluster, program });
    try {
      await kubectl(['create', '--filename=-'], JSON.stringify(echoes));
      await kubectl(['wait', '--for=condition=Available', 'deployment/echo']);
      const address = '{.status.loadBalancer.ingress[0].ip}';
      const addressOf = (name: string): Promise<string> =>
        kubectl(['get', 'service', name, `--output=jsonpath=${address}`]);
      assert.equal(await addressOf('fixed'), '10.97.255.1');
      assert.equal(await addressOf('unusable'), '');
      for (const name of ['echo', 'fixed']) await untilAnswered(cluster, await addressOf(name));
      const crds = await kubectl(['get', 'crds', '--output=name']);
      assert.match(crds, /httproutes\.gateway\.networking\.k8s\.io/);
      assert.deepEqual(findCluster(), cluster);
    } finally {
      await stopCluster(cluster);
    }
    assert.equal(findCluster(), undefined);
    await assert.rejects(run('pgrep', ['--full', cluster.kubeconfig]), { code: 1 });
  });
}

/** Rules follow endpoints a moment later. */
async function untilAnswered(cluster: Cluster, address: string): Promise<void> {
  assert.match(address, /^10\.97\./);
  const fetching = `process.stdout.write(await (await fetch('http://${address}/')).text())`;
  const [program, args] = networkCommand(cluster.networkNamespace, process.execPath, [
    '--eval',
    fetching,
  ]);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { stdout } = await run(program, args);
      assert.equal((JSON.parse(stdout) as { readonly host: string }).host, address);
      return;
    } catch (error) {
      if (attempt === 20) throw error;
      await delay(250);
    }
  }
}
