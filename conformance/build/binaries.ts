/**
 * The programs that the conformance run needs, built from Go modules when they are missing.
 *
 * They are kept in `.cache/go-bin/<hash of the module>/`, or under `$SLUICE_GO_BIN`, which several
 * clones may share. A program appears there complete or not at all.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type BinaryName,
  buildFlags,
  buildVariables,
  type GoModule,
  goModules,
  moduleHash,
} from './go-module.ts';

export interface BuildOptions {
  /** Is told when a build begins, now and then while it goes on, and when it ends. */
  readonly report: (line: string) => void;
  /** Where programs are kept; see above when absent. */
  readonly cacheDirectory?: string;
}

const reportEveryMs = 15_000;
const problemCharsMax = 4_000;
const modulesDirectory = resolve(import.meta.dirname, '..');

/**
 * Absolute paths of the named programs. Modules are built one after the other, since one build
 * takes all cores. Throws with what Go says when a build fails, or when Go itself is missing.
 */
export async function ensureBinaries<Name extends BinaryName>(
  names: readonly Name[],
  { report, cacheDirectory = defaultCache() }: BuildOptions,
): Promise<Record<Name, string>> {
  const paths = new Map<BinaryName, string>();
  for (const module of goModules) {
    const directory = join(cacheDirectory, moduleHash(join(modulesDirectory, module.folder)));
    const wanted = names.filter((name) => module.programs.has(name));
    for (const name of wanted) paths.set(name, join(directory, name));
    const missing = wanted.filter((name) => !existsSync(join(directory, name)));
    if (missing.length > 0) await buildModule(module, missing, { directory, report });
  }
  return Object.fromEntries(paths) as Record<Name, string>;
}

function defaultCache(): string {
  const shared = process.env['SLUICE_GO_BIN'];
  return shared === undefined ? resolve(modulesDirectory, '../.cache/go-bin') : resolve(shared);
}

interface Destination {
  readonly directory: string;
  readonly report: (line: string) => void;
}

async function buildModule(
  module: GoModule,
  names: readonly BinaryName[],
  { directory, report }: Destination,
): Promise<void> {
  const startedAt = performance.now();
  report(`building ${names.join(', ')} (the first time up to ${module.coldMinutes} min)`);
  mkdirSync(directory, { recursive: true });
  const unfinished = mkdtempSync(join(directory, 'building-'));
  try {
    for (const args of buildCommands(module, names, unfinished)) {
      await runGo(args, join(modulesDirectory, module.folder), report);
    }
    for (const name of names) renameSync(join(unfinished, name), join(directory, name));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  report(`built ${names.join(', ')} in ${seconds(performance.now() - startedAt)}`);
}

function buildCommands(
  module: GoModule,
  names: readonly BinaryName[],
  output: string,
): readonly (readonly string[])[] {
  const plain = names.filter((name) => module.programs.get(name) !== 'test');
  const packages = plain.map((name) => module.programs.get(name) ?? name);
  // Into a folder Go names programs after their packages: as wanted, but for etcd's `server/v3`.
  const target = plain.length === 1 ? join(output, plain[0] ?? '') : `${output}/`;
  const build = ['build', '-v', ...buildFlags, '-o', target, ...packages];
  const tests = names.filter((name) => !plain.includes(name));
  return [
    ...(plain.length > 0 ? [build] : []),
    ...tests.map((name) => ['test', '-c', '-v', ...buildFlags, '-o', join(output, name), '.']),
  ];
}

/** Runs behind everything else that wants the processor. */
function runGo(
  args: readonly string[],
  folder: string,
  report: (line: string) => void,
): Promise<void> {
  const startedAt = performance.now();
  const child = spawn('nice', ['-n', '5', 'go', ...args], {
    cwd: folder,
    env: { ...process.env, ...buildVariables },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let packages = 0;
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    packages += text.split('\n').length - 1;
    output = (output + text).slice(-problemCharsMax);
  });
  const timer = setInterval(() => {
    report(`  ${packages} packages compiled after ${seconds(performance.now() - startedAt)}`);
  }, reportEveryMs);
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(timer);
      if (code === 0) done();
      else reject(new Error(goProblem(code, args, output)));
    });
  });
}

function goProblem(code: number | null, args: readonly string[], output: string): string {
  if (code === 127) {
    return 'Go is missing: install Go 1.21 or newer (it fetches the version that is wanted itself)';
  }
  return `go ${args.join(' ')} failed:\n${output.trim()}`;
}

function seconds(durationMs: number): string {
  return `${Math.round(durationMs / 1000)} s`;
}
