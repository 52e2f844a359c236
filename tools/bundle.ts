/**
 * The command as it is shipped: plain JavaScript, one entry and one file for each part that is
 * loaded when it is needed. Starts in half the time of the sources and holds a third less memory,
 * since nothing is stripped of types at run time.
 */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** CommonJS dependencies ask for built-in modules through `require`, which ESM lacks. */
const requireShim =
  "import { createRequire } from 'node:module';" +
  'const require = createRequire(import.meta.url);';

/** Replaces what is in `directory`; the entry is `sluice.js`. Throws what does not bundle. */
export async function bundleCommand(directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: { sluice: 'apps/sluice/main.ts' },
    outdir: directory,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    banner: { js: requireShim },
    logLevel: 'warning',
  });
}
