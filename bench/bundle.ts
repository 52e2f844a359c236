/**
 * The `sluice` command as it is published: one esbuild bundle, so that Node neither strips types
 * nor resolves modules while it is measured (types alone cost 48 MiB of memory).
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { cacheDirectory } from './program.ts';

const entry = join(import.meta.dirname, '../apps/sluice/main.ts');
const directory = join(cacheDirectory, 'bench/sluice');

/** Where `bundleSluice` puts the program. */
export const sluiceBundle: string = join(directory, 'main.mjs');

/** Takes well under a second. Throws when the sources do not bundle. */
export async function bundleSluice(): Promise<void> {
  await build({
    entryPoints: [entry],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    logLevel: 'silent',
    // Some dependencies are CommonJS and ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}
