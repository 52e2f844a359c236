/** Whether a test can have a cluster on this machine. */
import { execFileSync } from 'node:child_process';
import { requireNetworkPrograms } from './network.ts';

/** Why not, which is printed as well; undefined when it can. */
export function whyNoCluster(): string | undefined {
  try {
    requireNetworkPrograms();
    execFileSync('go', ['version']);
    return undefined;
  } catch (error) {
    console.error(`left out, ${(error as Error).message}`);
    return String(error);
  }
}
