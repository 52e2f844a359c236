/**
 * The cluster of a run: the one that was named, or one of its own that is gone afterwards, with
 * the controller in it as it is shipped.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCluster, startCluster, stopCluster } from '../cluster/cluster.ts';
import { createKubectl, type Kubectl } from '../cluster/kubectl.ts';
import { installSluice, readControllerLog } from './installation.ts';
import type { OwnCluster, Target } from './options.ts';

export interface TestCluster {
  readonly kubeconfig: string;
  readonly networkNamespace: string | undefined;
  readonly kubectl: Kubectl;
  /** Whether the suite leaves what it made, since all of it is going to be thrown away. */
  readonly isThrownAway: boolean;
  /** Writes the controller's log into this folder and stops what was started. */
  close(directory: string): Promise<void>;
}

export interface TestClusterOptions {
  readonly target: Target;
  readonly gatewayClass: string;
  /** Path of kubectl. */
  readonly program: string;
}

export async function openTestCluster(options: TestClusterOptions): Promise<TestCluster> {
  const { target, program } = options;
  if (target.kind === 'own') return openOwn(target, options);
  const kubectl = createKubectl({ ...target, program });
  return { ...target, kubectl, isThrownAway: false, close: () => Promise.resolve() };
}

async function openOwn(
  { channel, isKept }: OwnCluster,
  { gatewayClass, program }: TestClusterOptions,
): Promise<TestCluster> {
  const report = (line: string): void => console.log(line);
  const cluster = await startCluster({ channel, isToStay: isKept, report });
  const kubectl = createKubectl({ ...cluster, program });
  try {
    await installSluice(kubectl, gatewayClass);
  } catch (error) {
    if (!isKept) await stopCluster(cluster);
    throw error;
  }
  const { kubeconfig, networkNamespace } = cluster;
  const close = async (directory: string): Promise<void> => {
    if (findCluster() === undefined) {
      console.error('the cluster ended by itself: see supervisor.log in .cache/cluster');
      return;
    }
    writeFileSync(join(directory, 'controller.log'), await readControllerLog(kubectl));
    if (!isKept) return stopCluster(cluster);
    console.log('the cluster stays up: npm run cluster -- --help');
  };
  return { kubeconfig, networkNamespace, kubectl, isThrownAway: true, close };
}
