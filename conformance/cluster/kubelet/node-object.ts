/** The Node that stands for this kubelet, and the binding of Pods to it. */
import { ApiError, type Client, type KubeObject } from '@sluice/kube';
import { type Pod, podPath } from './pod.ts';
import { fieldManager, nodes } from './resources.ts';

export interface NodeOptions {
  readonly name: string;
  readonly address: string;
  /** Where the API server asks for logs. */
  readonly kubeletPort: number;
}

/** Creates or updates it. It stays Ready without heartbeats: nothing here watches over Nodes. */
export async function registerNode(client: Client, options: NodeOptions): Promise<void> {
  const { name } = options;
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' };
  await client.apply(nodes, { ...node, metadata: { name, labels } }, { fieldManager });
  const status = renderNodeStatus(options, new Date().toISOString());
  await client.apply(nodes, { ...node, status }, { fieldManager, subresource: 'status' });
}

function renderNodeStatus({ name, address, kubeletPort }: NodeOptions, now: string): object {
  const size = { cpu: '64', memory: '64Gi', pods: '1000' };
  return {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    capacity: size,
    allocatable: size,
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'runs Pods as processes',
        lastHeartbeatTime: now,
        lastTransitionTime: now,
      },
    ],
  };
}

/** A Pod that meanwhile is gone, or bound, is left alone. */
export async function bindPod(client: Client, pod: Pod, node: string): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const binding: KubeObject = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, namespace, uid },
    target: { apiVersion: 'v1', kind: 'Node', name: node },
  };
  try {
    await client.request('POST', `${podPath(pod)}/binding`, binding);
  } catch (error) {
    if (!(error instanceof ApiError && [404, 409].includes(error.code))) throw error;
  }
}
