/**
 * Sluice in a cluster that has none yet: with the manifests that are shipped, and the GatewayClass
 * that the suite uses.
 */
import { resolve } from 'node:path';
import type { Kubectl } from '../cluster/kubectl.ts';

const manifests = resolve(import.meta.dirname, '../../deploy/kustomize');
const namespace = '--namespace=sluice-system';
const readyWithin = '--timeout=60s';

/** Resolves when the controller is ready; rejects with its last words when it is not in time. */
export async function installSluice(kubectl: Kubectl, gatewayClass: string): Promise<void> {
  await kubectl(['apply', '--kustomize', manifests]);
  await kubectl(['apply', '--filename=-'], JSON.stringify(classNamed(gatewayClass)));
  const rollout = ['rollout', 'status', 'deployment/sluice-controller', namespace, readyWithin];
  try {
    await kubectl(rollout);
  } catch (error) {
    const pods = await kubectl(['get', 'pods', namespace, '--output=wide']);
    const log = await readControllerLog(kubectl, 5);
    throw new Error(`the controller is not ready\n${pods}${log}`, { cause: error });
  }
}

/** The last lines of each replica; all of them when no count is given. */
export function readControllerLog(kubectl: Kubectl, lines = -1): Promise<string> {
  const pods = '--selector=app.kubernetes.io/component=controller';
  return kubectl(['logs', namespace, pods, '--prefix', `--tail=${lines}`]);
}

function classNamed(name: string): object {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name },
    spec: { controllerName: 'sluice.dev/gateway-controller' },
  };
}
