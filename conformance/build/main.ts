/** `npm run conformance:build`: builds what is missing of all programs and prints their paths. */
import { ensureBinaries } from './binaries.ts';
import { goModules } from './go-module.ts';

const names = goModules.flatMap(({ programs }) => [...programs.keys()]);
try {
  const paths = await ensureBinaries(names, { report: (line) => console.error(line) });
  for (const path of Object.values(paths)) console.log(path);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
