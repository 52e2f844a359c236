/**
 * The `sluice` command as it is shipped, so that Node neither strips types nor resolves modules
 * while it is measured (types alone cost 48 MiB of memory).
 */
import { join } from 'node:path';
import { bundleCommand } from '../tools/bundle.ts';
import { cacheDirectory } from './program.ts';

const directory = join(cacheDirectory, 'bench/sluice');

/** Where `bundleSluice` puts the program. */
export const sluiceBundle: string = join(directory, 'sluice.js');

/** Takes well under a second. Throws when the sources do not bundle. */
export async function bundleSluice(): Promise<void> {
  await bundleCommand(directory);
}
