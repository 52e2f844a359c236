/**
 * What is shipped, in a real cluster: it installs, the example serves, the roles are enough and no
 * more than that, and what was made for a Gateway goes with it.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ensureBinaries } from '../conformance/build/binaries.ts';
import { type Cluster, startCluster, stopCluster } from '../conformance/cluster/cluster.ts';
import { createKubectl, type Kubectl } from '../conformance/cluster/kubectl.ts';
import { networkCommand } from '../conformance/cluster/network-command.ts';
import { whyNoCluster } from '../conformance/cluster/sample-requirements.ts';

const run = promisify(execFile);
const repository = join(import.meta.dirname, '..');
const owned = 'configmaps,deployments,rolebindings,roles,secrets,serviceaccounts,services';
const ofGateway = '--selector=gateway.networking.k8s.io/gateway-name=edge';

if (whyNoCluster() === undefined) {
  describe('installation', { timeout: 900_000 }, () => {
    let cluster: Cluster;
    let kubectl: Kubectl;
    before(async () => {
      const report = (line: string): void => console.error(line);
      cluster = await startCluster({ channel: 'standard', isToStay: false, report });
      const { kubectl: program } = await ensureBinaries(['kubectl'], { report });
      kubectl = createKubectl({ ...cluster, program });
    });
    after(() => stopCluster(cluster));

    /** Where the cluster's addresses answer. */
    const runThere = async (program: string, ...args: readonly string[]): Promise<string> => {
      const [command, all] = networkCommand(cluster.networkNamespace, program, args);
      return (await run(command, all)).stdout;
    };

    test('Kustomize installs it, and the doctor has nothing to say', async () => {
      await kubectl(['apply', '--kustomize', join(repository, 'deploy/kustomize')]);
      const rollout = ['rollout', 'status', 'deployment/sluice-controller', '--timeout=60s'];
      await kubectl([...rollout, '--namespace=sluice-system']);
      await kubectl(['wait', '--for=condition=Accepted', 'gatewayclass/sluice', '--timeout=30s']);
      const doctor = join(repository, 'apps/sluice/main.ts');
      const access = `--kubeconfig=${cluster.kubeconfig}`;
      const answer = await runThere(process.execPath, doctor, 'doctor', access, '-o', 'json');
      const { fit, checks } = JSON.parse(answer) as {
        readonly fit: boolean;
        readonly checks: readonly { readonly check: string; readonly state: string }[];
      };
      assert.deepEqual(
        checks.filter(({ state }) => state !== 'ok'),
        [],
      );
      assert.equal(fit, true);
      assert.ok(checks.some(({ check }) => check === 'permissions'));
    });

    test('the example serves', async () => {
      await kubectl(['apply', `--filename=${join(repository, 'examples/cluster')}`]);
      const shop = '--namespace=shop';
      const wait = ['wait', '--for=condition=Programmed', 'gateway/edge', '--timeout=60s'];
      await kubectl([...wait, shop]);
      await kubectl(['rollout', 'status', 'deployment/shop', shop, '--timeout=60s']);
      const path = '--output=jsonpath={.status.addresses[0].value}';
      const address = await kubectl(['get', 'gateway', 'edge', shop, path]);
      const answer = await untilAnswered(() => runThere(process.execPath, '--eval', ask(address)));
      assert.match(answer, /^shop-\S+: GET \/v2\/orders\/7\n$/);
    });

    test('a data plane reads what is published for it and nothing else', async () => {
      const may = async (verb: string, what: string): Promise<string> => {
        const user = '--as=system:serviceaccount:shop:edge-sluice';
        const question = ['auth', 'can-i', verb, what, '--namespace=shop', user];
        return (await kubectl(question).catch(() => 'no')).trim();
      };
      const [secret, config] = ['secret/edge-sluice', 'configmap/edge-sluice'];
      for (const what of [secret, config]) {
        assert.equal(await may('get', what), 'yes', what);
        assert.equal(await may('watch', what), 'yes', what);
        assert.equal(await may('update', what), 'no', what);
      }
      assert.equal(await may('list', 'secrets'), 'no');
      assert.equal(await may('get', 'secret/other'), 'no');
      assert.equal(await may('get', 'configmap/kube-root-ca.crt'), 'no');
    });

    test('the controller writes Secrets where a Gateway is, and nowhere else', async () => {
      const user = '--as=system:serviceaccount:sluice-system:sluice-controller';
      const may = async (namespace: string): Promise<string> => {
        const question = ['auth', 'can-i', 'patch', 'secrets', `--namespace=${namespace}`, user];
        return (await kubectl(question).catch(() => 'no')).trim();
      };
      assert.equal(await may('shop'), 'yes');
      assert.equal(await may('default'), 'no');
    });

    test('what was made for a Gateway goes with it', async () => {
      const left = () => kubectl(['get', owned, '--namespace=shop', ofGateway, '--output=name']);
      assert.match(await left(), /^deployment\.apps\/edge-sluice$/m);
      await kubectl(['delete', 'gateway', 'edge', '--namespace=shop']);
      // The garbage collector of a cluster this young may not watch Gateways yet: it looks for new
      // kinds twice a minute.
      const deadline = performance.now() + 90_000;
      while (performance.now() < deadline && (await left()) !== '') await delay(500);
      assert.equal(await left(), '');
    });

    test('nothing that the controller tried was forbidden', async () => {
      const pods = '--selector=app.kubernetes.io/component=controller';
      const log = await kubectl(['logs', pods, '--namespace=sluice-system', '--tail=-1']);
      assert.match(log, /this replica leads/);
      assert.doesNotMatch(log, /forbidden/);
    });
  });
}

/** A program that prints the answer; it fails while nobody listens. */
function ask(address: string): string {
  const options = { host: address, path: '/api/orders/7', headers: { host: 'shop.example.com' } };
  const print = '(response) => response.pipe(process.stdout)';
  return `require('node:http').get(${JSON.stringify(options)}, ${print})`;
}

/** Rules follow endpoints a moment later. */
async function untilAnswered(request: () => Promise<string>): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await request().catch((error: unknown) => String(error));
    if (attempt === 20 || answer.startsWith('shop-')) return answer;
    await delay(250);
  }
}
