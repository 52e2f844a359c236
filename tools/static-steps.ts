/**
 * What `check` runs beside the tests: compilers, linter, formatter and `tidy`, over the
 * repository at `root`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Step } from './step.ts';

/** A package is pure when it has a tsconfig of its own, which knows no Node and no DOM. */
export function staticSteps(root: string): Step[] {
  const pure = readdirSync(join(root, 'packages')).filter((name) =>
    existsSync(join(root, 'packages', name, 'tsconfig.json')),
  );
  return [
    { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json'] },
    { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings', '-f', 'unix'] },
    { name: 'format', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
    { name: 'tidy', command: process.execPath, args: ['tools/tidy.ts'] },
    ...pure.map((name) => ({
      name: `pure types of ${name}`,
      command: 'tsc',
      args: ['-p', `packages/${name}/tsconfig.json`],
    })),
  ];
}
