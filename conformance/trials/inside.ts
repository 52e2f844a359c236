/**
 * Runs trials one after the other, in the network namespace of the cluster that is up; started by
 * `runTrials`. The exit code is the number of trials that failed.
 */
import { type Client, createClient, readKubeconfig } from '@sluice/kube';
import { ensureBinaries } from '../build/binaries.ts';
import { findCluster } from '../cluster/cluster.ts';
import { createKubectl } from '../cluster/kubectl.ts';
import { untilAccepted } from '../run/gateway-class.ts';
import { installSluice } from '../run/installation.ts';
import type { Options } from './options.ts';
import { namespaces } from './resources.ts';
import type { Trial, TrialContext } from './trial.ts';
import { allTrials } from './trials.ts';
import { className } from './world.ts';

const minuteMs = 60_000;

process.exitCode = await main(JSON.parse(process.argv[2] ?? '') as Options);

async function main(options: Options): Promise<number> {
  const cluster = findCluster();
  if (cluster === undefined) throw new Error('no cluster is up');
  const client = createClient(await readKubeconfig({ path: cluster.kubeconfig }));
  const { kubectl: program } = await ensureBinaries(['kubectl'], { report: console.error });
  const kubectl = createKubectl({ ...cluster, program, networkNamespace: undefined });
  await installSluice(kubectl, className);
  await untilAccepted(kubectl, className);
  let failed = 0;
  for (const name of options.names) {
    const trial = allTrials.find((one) => one.name === name);
    if (trial === undefined) throw new Error(`${name}: no such trial`);
    const isGood = await runTrial(trial, options, { cluster, client, kubectl });
    failed += isGood ? 0 : 1;
  }
  client.close();
  return failed;
}

async function runTrial(
  trial: Trial,
  options: Options,
  common: Pick<TrialContext, 'cluster' | 'client' | 'kubectl'>,
): Promise<boolean> {
  const { name, about } = trial;
  const startedAt = performance.now();
  console.log(`${name}: ${about}`);
  const report = (line: string): void => console.log(`  ${line}`);
  const namespace = await makeNamespace(common.client, name);
  const durationMs = durationOf(trial, options);
  try {
    await trial.run({ ...common, namespace, durationMs, report });
    console.log(`  passed in ${Math.round((performance.now() - startedAt) / 1000)} s`);
    return true;
  } catch (error) {
    console.log(`  FAILED: ${error instanceof Error ? error.stack : String(error)}`);
    return false;
  } finally {
    await common.client.delete(namespaces, { name: namespace }).catch(console.error);
  }
}

/** Its name is new: one of an earlier run may still be about to go. */
async function makeNamespace(client: Client, trial: string): Promise<string> {
  const name = `trial-${trial}-${Date.now().toString(36)}`;
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

function durationOf({ duration }: Trial, { isShort, minutes }: Options): number {
  if (duration === undefined) return 0;
  if (minutes !== undefined) return minutes * minuteMs;
  return isShort ? duration.shortMs : duration.longMs;
}
