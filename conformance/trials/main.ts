/** `npm run trials`: what a cluster with Sluice in it has to survive, tried out. */
import { findCluster, startCluster, stopCluster } from '../cluster/cluster.ts';
import { readOptions, renderUsage } from './options.ts';
import { runTrials } from './trial-run.ts';
import { allTrials } from './trials.ts';

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args, allTrials);
  if (options === 'help') {
    console.log(renderUsage(allTrials));
    return 0;
  }
  const present = findCluster();
  const report = (line: string): void => console.error(line);
  const cluster =
    present ?? (await startCluster({ channel: 'experimental', isToStay: false, report }));
  try {
    return await runTrials(cluster, options, (text) => process.stdout.write(text));
  } finally {
    if (present === undefined) await stopCluster(cluster);
  }
}
