/**
 * A whole cluster on this machine: starting, finding and stopping it. What runs in it are
 * processes of this machine that stand for images: those of the suite's backends, and `sluice`,
 * which is built from these sources.
 *
 * Guarantees: one cluster a directory; it dies with the process that started it unless it is to
 * stay; stopping ends exactly what was started.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBinaries } from '../build/binaries.ts';
import type { ClusterMessage, ClusterPlan, ReadyMessage } from './cluster-message.ts';
import type { Channel } from './definitions.ts';
import { requireNetworkPrograms } from './network.ts';
import {
  endProcess,
  identifyProcess,
  isRunning,
  type ProcessIdentity,
} from './process-identity.ts';

export interface ClusterOptions {
  readonly channel: Channel;
  /** Whether it goes on when this process ends. */
  readonly isToStay: boolean;
  readonly report: (line: string) => void;
}

export interface Cluster {
  readonly channel: Channel;
  readonly kubeconfig: string;
  readonly server: string;
  /** What service accounts asked of the API server, one JSON line each. */
  readonly auditLog: string;
  /** From where its addresses can be reached, as `/proc/PID/ns/net`. */
  readonly networkNamespace: string;
  readonly process: ProcessIdentity;
}

const directory = resolve(import.meta.dirname, '../../.cache/cluster');
const record = join(directory, 'cluster.json');

/** Throws when one is up already, or with what is wanting to start one. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  requireNetworkPrograms();
  if (findCluster() !== undefined) {
    throw new Error('a cluster is up already: npm run cluster -- down');
  }
  const names = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-proxy'] as const;
  await ensureBinaries([...names, 'kubectl', 'echo-basic'], options);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { channel } = options;
  const supervisor = spawnSupervisor({ directory, channel }, options.isToStay);
  const process = identifyProcess(supervisor.pid ?? 0);
  const { kubeconfig, server, auditLog } = await untilReady(supervisor, options.report);
  if (process === undefined) throw new Error('the cluster ended as soon as it was ready');
  const networkNamespace = `/proc/${process.pid}/ns/net`;
  const reached = { kubeconfig, server, auditLog, networkNamespace };
  const cluster: Cluster = { channel, ...reached, process };
  writeFileSync(record, `${JSON.stringify(cluster, null, 2)}\n`);
  return cluster;
}

/** The one that is up; undefined when there is none. */
export function findCluster(): Cluster | undefined {
  let text: string;
  try {
    text = readFileSync(record, 'utf8');
  } catch {
    return undefined;
  }
  const cluster = JSON.parse(text) as Cluster;
  return isRunning(cluster.process) ? cluster : undefined;
}

/** Resolves when nothing of it runs. */
export async function stopCluster(cluster: Cluster): Promise<void> {
  await endProcess(cluster.process);
  rmSync(record, { force: true });
}

function spawnSupervisor(plan: ClusterPlan, isToStay: boolean): ChildProcess {
  const log = openSync(join(directory, 'supervisor.log'), 'w');
  const script = join(import.meta.dirname, 'supervisor.ts');
  const command = [process.execPath, script, JSON.stringify(plan)];
  // Each program becomes the next one, so the child is the supervisor.
  const bound = isToStay ? command : ['setpriv', '--pdeathsig', 'KILL', '--', ...command];
  const child = spawn('unshare', ['--net', '--', ...bound], {
    // Of a session of its own: an interrupt from the terminal is for whoever started it.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}

async function untilReady(
  supervisor: ChildProcess,
  report: (line: string) => void,
): Promise<ReadyMessage> {
  try {
    return await new Promise<ReadyMessage>((done, reject) => {
      supervisor.once('error', reject);
      supervisor.once('exit', () => {
        const log = readFileSync(join(directory, 'supervisor.log'), 'utf8');
        reject(new Error(`the cluster ended:\n${log}`));
      });
      supervisor.on('message', (message: ClusterMessage) => {
        if (message.kind === 'progress') report(message.line);
        else if (message.kind === 'ready') done(message);
        else reject(new Error(message.reason));
      });
    });
  } finally {
    supervisor.removeAllListeners('message').removeAllListeners('exit');
    if (supervisor.connected) supervisor.disconnect();
    supervisor.unref();
  }
}
