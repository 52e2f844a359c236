/**
 * A kubelet without a container runtime: the Pods of an API server become processes, each Pod in
 * namespaces of its own. It is also the scheduler: Pods without a node are bound to it.
 *
 * It runs as root, inside the network namespace that has the bridge.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClusterAccess, createClient, startReflector } from '@sluice/kube';
import { startLogServer } from './log-server.ts';
import { registerNode } from './node-object.ts';
import type { ImageTable } from './plan.ts';
import { Pods } from './pods.ts';
import { pods as podResource } from './resources.ts';

export interface KubeletOptions {
  readonly access: ClusterAccess;
  readonly nodeName: string;
  /** The bridge of the Pods and its own address, which is the node's. */
  readonly bridge: string;
  readonly address: string;
  /** Where Pods reach the API server. */
  readonly apiService: { readonly host: string; readonly port: string };
  readonly images: ImageTable;
  /** Of its own; `pods` in it is emptied. */
  readonly stateFolder: string;
  readonly log: (line: string) => void;
}

export interface Kubelet {
  /** Ends all Pods' processes. The objects of the Pods stay as they are. */
  stop(): Promise<void>;
}

export async function startKubelet(options: KubeletOptions): Promise<Kubelet> {
  const { access, nodeName, bridge, address, apiService, images, stateFolder, log } = options;
  await rm(join(stateFolder, 'pods'), { recursive: true, force: true });
  const client = createClient(access);
  const pods = new Pods({
    client,
    certificateAuthority: access.certificateAuthority ?? '',
    nodeName,
    hostIp: address,
    bridge,
    images,
    variables: {
      KUBERNETES_SERVICE_HOST: apiService.host,
      KUBERNETES_SERVICE_PORT: apiService.port,
    },
    stateFolder,
    log,
  });
  const logServer = await startLogServer(address, (pod, container) => pods.findLog(pod, container));
  await registerNode(client, { name: nodeName, address, kubeletPort: logServer.port });
  const reflector = startReflector({
    client,
    resource: podResource,
    sink: pods,
    onProblem: ({ message }) => log(message),
  });
  return {
    async stop() {
      await reflector.stop();
      await pods.endAll();
      logServer.close();
      client.close();
    },
  };
}
