/** The contract of our Kubernetes client, against a real API server and the real definitions. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Client, createClient, readKubeconfig } from '@sluice/kube';
import { type ApiExpectation, kubeContract } from '@sluice/testkit';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { installDefinitions } from '../cluster/definitions.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-contract-'));
let controlPlane: ControlPlane | undefined;
let client: Client | undefined;

before(async () => {
  controlPlane = await startControlPlane({ directory, address: '127.0.0.1' });
  await installDefinitions(controlPlane.kubeconfig, 'standard');
  client = createClient(await readKubeconfig({ path: controlPlane.kubeconfig }));
});

after(async () => {
  client?.close();
  await controlPlane?.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function hold({ check }: ApiExpectation, namespace: string): Promise<void> {
  assert(client !== undefined);
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await client.request('POST', '/api/v1/namespaces', object);
  // A bookmark comes two seconds before a watch ends.
  await check({ client, namespace, watchSeconds: 4 });
}

for (const [index, expectation] of kubeContract.entries()) {
  test(`kube-apiserver: ${expectation.name}`, () => hold(expectation, `contract-${index}`));
}
