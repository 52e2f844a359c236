/** Trials in a cluster that is up, from outside of its network namespace. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';
import { networkCommand } from '../cluster/network-command.ts';
import type { Options } from './options.ts';

/** Tells what they see; resolves with how many failed. */
export async function runTrials(
  cluster: Cluster,
  options: Options,
  print: (text: string) => void,
): Promise<number> {
  const args = [join(import.meta.dirname, 'inside.ts'), JSON.stringify(options)];
  const [program, all] = networkCommand(cluster.networkNamespace, process.execPath, args);
  const child = spawn(program, all, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', print);
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) => done(code ?? options.names.length));
  });
}
