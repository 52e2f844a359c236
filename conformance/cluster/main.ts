/** `npm run cluster`: clusters for tests on this machine, without a container runtime. */
import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { ensureBinaries } from '../build/binaries.ts';
import { type Cluster, findCluster, startCluster, stopCluster } from './cluster.ts';
import { startControlPlane } from './control-plane.ts';
import { type Channel, installDefinitions } from './definitions.ts';
import { networkCommand } from './network-command.ts';
import { readCommand, usage } from './options.ts';

const cache = resolve(import.meta.dirname, '../../.cache');
const report = (line: string): void => console.error(line);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args);
  switch (command.kind) {
    case 'help':
      console.log(usage);
      return 0;
    case 'api-server':
      await runApiServer(command.port, command.channel);
      return 0;
    case 'up':
      return showStarted(await startCluster({ channel: command.channel, isToStay: true, report }));
    case 'kubeconfig':
      console.log(upCluster().kubeconfig);
      return 0;
    case 'exec':
      return runInside(upCluster(), command.program, command.args);
    case 'status':
      return showStatus();
    case 'down':
      return bringDown();
  }
}

function upCluster(): Cluster {
  const cluster = findCluster();
  if (cluster === undefined) throw new Error('no cluster is up: npm run cluster -- up');
  return cluster;
}

function showStarted({ server, kubeconfig }: Cluster): number {
  console.log(`${server} is up, in a network namespace of its own`);
  console.log(`kubeconfig: ${kubeconfig}`);
  console.log('try: npm run cluster -- exec -- kubectl get nodes');
  return 0;
}

async function showStatus(): Promise<number> {
  const cluster = findCluster();
  if (cluster === undefined) {
    console.log('no cluster is up');
    return 1;
  }
  console.log(`${cluster.server} is up, ${cluster.channel} channel, pid ${cluster.process.pid}`);
  console.log(`network namespace: ${cluster.networkNamespace}`);
  console.log(`kubeconfig: ${cluster.kubeconfig}`);
  return runInside(cluster, 'kubectl', ['get', 'nodes,pods', '--all-namespaces']);
}

async function bringDown(): Promise<number> {
  const cluster = findCluster();
  if (cluster !== undefined) await stopCluster(cluster);
  console.log(cluster === undefined ? 'no cluster is up' : 'the cluster is down');
  return 0;
}

/** With the kubectl of the cluster's version in front of any other; gives its exit code. */
async function runInside(
  { networkNamespace, kubeconfig }: Cluster,
  program: string,
  args: readonly string[],
): Promise<number> {
  const { kubectl } = await ensureBinaries(['kubectl'], { report });
  const [command, commandArgs] = networkCommand(networkNamespace, program, args);
  const child = spawn(command, commandArgs, {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${dirname(kubectl)}:${process.env['PATH'] ?? ''}`,
      KUBECONFIG: kubeconfig,
    },
  });
  // From a terminal both get it; the program decides what it means.
  process.on('SIGINT', () => {});
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => done(code ?? 1));
  });
}

async function runApiServer(port: number, channel: Channel): Promise<void> {
  const controlPlane = await startControlPlane({
    directory: resolve(cache, 'api-server'),
    address: '127.0.0.1',
    port,
    report,
  });
  try {
    await installDefinitions(controlPlane.kubeconfig, channel);
    console.log(`${controlPlane.server} with the ${channel} channel; ^C stops it`);
    console.log(`export KUBECONFIG=${controlPlane.kubeconfig}`);
    const interrupted = new Promise<undefined>((done) => {
      process.once('SIGINT', () => done(undefined)).once('SIGTERM', () => done(undefined));
    });
    const problem = await Promise.race([interrupted, controlPlane.died]);
    if (problem !== undefined) throw new Error(problem);
  } finally {
    await controlPlane.stop();
  }
}
