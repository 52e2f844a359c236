/**
 * Finds programs on the PATH and builds the native ones from `native/` into the cache when their
 * sources are newer.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const repository: string = join(import.meta.dirname, '..');

export const cacheDirectory: string = join(repository, '.cache');

export type NativeProgram = 'load' | 'origin' | 'limit';

const sources = join(import.meta.dirname, 'native');
const binaries = join(cacheDirectory, 'bench');
const libraries: Record<NativeProgram, string[]> = {
  load: ['-lssl', '-lcrypto', '-lm'],
  origin: [],
  limit: [],
};

/** The path of an executable; Debian puts servers into /usr/sbin, which a user's PATH may lack. */
export function findProgram(name: string): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

export function nativeProgram(name: NativeProgram): string {
  return join(binaries, name);
}

/** Compiles what is out of date. Throws with the compiler's output when that fails. */
export function buildNativePrograms(): void {
  mkdirSync(binaries, { recursive: true });
  const newest = Math.max(
    ...readdirSync(sources).map((file) => statSync(join(sources, file)).mtimeMs),
  );
  for (const [name, links] of Object.entries(libraries)) {
    const binary = join(binaries, name);
    if ((statSync(binary, { throwIfNoEntry: false })?.mtimeMs ?? 0) > newest) continue;
    const flags = ['-O2', '-Wall', '-Wextra', '-Werror', '-Wno-unused-function'];
    execFileSync('gcc', [...flags, '-o', binary, join(sources, `${name}.c`), ...links]);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
