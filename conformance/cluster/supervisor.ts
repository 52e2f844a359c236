/**
 * Everything of a cluster as the children of one process, in a network namespace of its own: when
 * it ends, however it ends, all of it is gone. Started by `startCluster`, to which it reports.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, readKubeconfig } from '@sluice/kube';
import { ensureBinaries } from '../build/binaries.ts';
import type { ClusterMessage, ClusterPlan } from './cluster-message.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { type Daemon, startDaemon } from './daemon.ts';
import { installDefinitions } from './definitions.ts';
import { startLoadBalancer } from './load-balancer.ts';
import { bridge, nodeAddress, openNetwork, podRange } from './network.ts';
import { serveOutages } from './outage.ts';

const apiServerPort = 16_443;
const nodeName = 'sluice-node';
const controllers = [
  'deployment-controller',
  'replicaset-controller',
  'endpointslice-controller',
  'namespace-controller',
  'garbage-collector-controller',
  'serviceaccount-controller',
  'root-ca-certificate-publisher-controller',
];

type Stop = () => Promise<unknown>;

const plan = JSON.parse(process.argv[2] ?? '') as ClusterPlan;
const stops: Stop[] = [];
process.once('SIGTERM', () => void end(0));
const endWithStarter = (): unknown => end(1);
process.once('disconnect', endWithStarter);
try {
  await start();
  process.off('disconnect', endWithStarter);
} catch (error) {
  report({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  await end(1);
}

/** Those that started last end first. */
async function end(exitCode: number): Promise<void> {
  for (const stop of stops.toReversed()) await stop();
  process.exit(exitCode);
}

/** Nobody listens any more once the cluster is left to itself. */
function report(message: ClusterMessage): void {
  if (process.connected) process.send?.(message);
  else if (message.kind === 'failed') console.error(message.reason);
}

async function start(): Promise<void> {
  const tell = (line: string): void => report({ kind: 'progress', line });
  await openNetwork();
  const directory = join(plan.directory, 'logs');
  mkdirSync(directory, { recursive: true });
  const controlPlane = await startControlPlane({
    directory: join(plan.directory, 'control-plane'),
    address: nodeAddress,
    port: apiServerPort,
    report: tell,
  });
  supervise(controlPlane.died, () => controlPlane.stop());
  tell(`API server ready: ${controlPlane.server}`);
  const programs = await ensureBinaries(['kube-controller-manager', 'kube-proxy', 'echo-basic'], {
    report: tell,
  });
  const daemon = (name: string, command: Command): void => {
    const started = startDaemon({ name, command, logPath: join(directory, `${name}.log`) });
    supervise(started.died, () => started.stop());
  };
  const manager = programs['kube-controller-manager'];
  daemon('kube-controller-manager', [manager, ...controllerManagerFlags(controlPlane)]);
  daemon('kube-proxy', [programs['kube-proxy'], ...proxyFlags(controlPlane)]);
  daemon('kubelet', kubeletCommand(controlPlane, programs['echo-basic']));
  await startClusterParts(controlPlane);
  await serveOutages(controlPlane.apiServer);
  tell(`the ${plan.channel} channel of the Gateway API is served`);
  const { kubeconfig, server, apiServer } = controlPlane;
  report({ kind: 'ready', kubeconfig, server, auditLog: apiServer.auditLog });
}

type Command = readonly [program: string, ...args: string[]];

/** One part that ends by itself ends the cluster: half a cluster gives strange results. */
function supervise(died: Daemon['died'], stop: Stop): void {
  stops.push(stop);
  void died.then((reason) => {
    report({ kind: 'failed', reason });
    return end(1);
  });
}

async function startClusterParts({ kubeconfig }: ControlPlane): Promise<void> {
  const client = createClient(await readKubeconfig({ path: kubeconfig }));
  const loadBalancer = startLoadBalancer(client, (line) => console.error(line));
  stops.push(async () => {
    await loadBalancer.stop();
    client.close();
  });
  await Promise.all([loadBalancer.synced, installDefinitions(kubeconfig, plan.channel)]);
}

function controllerManagerFlags(controlPlane: ControlPlane): string[] {
  return [
    `--kubeconfig=${controlPlane.kubeconfig}`,
    `--controllers=${controllers.join(',')}`,
    `--service-account-private-key-file=${controlPlane.serviceAccountKey}`,
    `--root-ca-file=${controlPlane.certificateAuthority}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    // Its defaults protect a server that many share.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ];
}

function proxyFlags({ kubeconfig }: ControlPlane): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--proxy-mode=nftables',
    `--cluster-cidr=${podRange}`,
    `--bind-address=${nodeAddress}`,
    `--hostname-override=${nodeName}`,
    // This limit is the machine's, not the namespace's.
    '--conntrack-max-per-core=0',
  ];
}

function kubeletCommand(controlPlane: ControlPlane, echo: string): Command {
  return [
    process.execPath,
    join(import.meta.dirname, 'kubelet/main.ts'),
    `--kubeconfig=${controlPlane.kubeconfig}`,
    `--image=echo-basic=${echo}`,
    `--state=${join(plan.directory, 'kubelet')}`,
    `--bridge=${bridge}`,
    `--address=${nodeAddress}`,
    `--node=${nodeName}`,
  ];
}
