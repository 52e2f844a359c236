/**
 * `npm run bench -- scale`: what a change costs in a cluster. Finds or starts the cluster, installs
 * Sluice in it as it is shipped, and measures from where its addresses answer.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureBinaries } from '../../conformance/build/binaries.ts';
import { findCluster, startCluster, stopCluster } from '../../conformance/cluster/cluster.ts';
import { createKubectl } from '../../conformance/cluster/kubectl.ts';
import { networkCommand } from '../../conformance/cluster/network-command.ts';
import { installSluice } from '../../conformance/run/installation.ts';
import { readScaleOptions, usage } from './options.ts';

const gatewayClass = 'sluice';

/** The exit code; throws with a message for people when it can't begin. */
export async function runScale(args: readonly string[]): Promise<number> {
  if (readScaleOptions(args).help) {
    console.log(usage);
    return 0;
  }
  const report = (line: string): void => console.error(line);
  const { kubectl: program } = await ensureBinaries(['kubectl'], { report });
  const found = findCluster();
  const started = { channel: 'experimental', isToStay: false, report } as const;
  const cluster = found ?? (await startCluster(started));
  try {
    await installSluice(createKubectl({ ...cluster, program }), gatewayClass);
    const measuring = join(import.meta.dirname, 'measure.ts');
    const [command, commandArgs] = networkCommand(cluster.networkNamespace, process.execPath, [
      measuring,
      cluster.kubeconfig,
      gatewayClass,
      String(cluster.process.pid),
      ...args,
    ]);
    const child = spawn(command, commandArgs, { stdio: 'inherit' });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code ?? 1;
  } finally {
    if (found === undefined) await stopCluster(cluster);
  }
}
