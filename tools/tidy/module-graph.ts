/** Resolves what sources import to files of this repository: the graph that several guards walk. */
import { posix } from 'node:path';
import { importTable } from './import-table.ts';
import { isTypeScript, type SourceFile } from './source-file.ts';

const scope = '@sluice/';

/** `@sluice/core` or `@sluice/core/graph/x.ts` → `packages/core`; absent for other specifiers. */
export function importedPackage(specifier: string): string | undefined {
  if (!specifier.startsWith(scope)) return undefined;
  const name = specifier.slice(scope.length).split('/')[0] ?? '';
  return [`packages/${name}`, `apps/${name}`].find((path) => path in importTable) ?? specifier;
}

/** The path a specifier means, whether or not the file exists; absent for other packages. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const target = importedPackage(specifier);
  return target === undefined ? undefined : `${target}/index.ts`;
}

/** For each source, the sources it mentions: by import, or by a path in a string. */
export function buildGraph(files: readonly SourceFile[]): Map<string, Set<string>> {
  const paths = new Set(files.map(({ path }) => path));
  return new Map(
    files.filter(({ path }) => isTypeScript(path)).map((file) => [file.path, edges(file, paths)]),
  );
}

function edges(file: SourceFile, paths: ReadonlySet<string>): Set<string> {
  const imported = file.imports.map(({ specifier }) => resolveImport(file.path, specifier));
  const targets = [...imported, ...mentionedPaths(file)].filter((target) => target !== undefined);
  return new Set(targets.filter((target) => paths.has(target)));
}

/** Workers and child processes are started by path: `new URL('./worker.ts', import.meta.url)`. */
function mentionedPaths({ path, code }: SourceFile): string[] {
  return code
    .filter(({ kind }) => kind === 'string')
    .map(({ text }) => /[\w@./-]+\.tsx?(?=['"]$)/.exec(text)?.[0])
    .filter((mention) => mention !== undefined)
    .flatMap((mention) => [posix.join(posix.dirname(path), mention), posix.normalize(mention)]);
}
