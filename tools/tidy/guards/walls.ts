/**
 * The walls between packages: the import table, no deep imports, no Node in pure packages,
 * dependencies declared where they are used, no cycles, no barrels.
 */
import { builtinModules } from 'node:module';
import type { Import } from '../import-scan.ts';
import { importTable, outsideRoots, type Row, testOnlyPackage } from '../import-table.ts';
import { buildGraph, importedPackage, resolveImport } from '../module-graph.ts';
import { isTest, type Problem, packageOf, type SourceFile } from '../source-file.ts';

export function guardImportTable(files: readonly SourceFile[]): Problem[] {
  return files.flatMap((file) =>
    file.imports.flatMap((imported) => {
      const message = wallBroken(file.path, imported);
      return message === undefined ? [] : [{ path: file.path, line: imported.line, message }];
    }),
  );
}

function wallBroken(path: string, { specifier, typeOnly }: Import): string | undefined {
  const home = packageOf(path);
  const row = importTable[home];
  if (specifier.startsWith('.')) return leavesHome(path, home, specifier);
  const target = importedPackage(specifier);
  if (target === undefined) return impureImport(path, row, specifier);
  if (specifier.split('/').length > 2) return `deep import of ${specifier}: import the package`;
  if (home === target) return `${home} imports itself: use a relative path`;
  if (outsideRoots.includes(path.split('/')[0] ?? '')) return undefined;
  if (row === undefined) return `${home || path} has no row in the import table`;
  if (target === testOnlyPackage) {
    return isTest(path) || home === target ? undefined : `only tests may import ${target}`;
  }
  if (row.imports.includes(target) || isTest(path)) return undefined;
  if (!row.types.includes(target)) return `${home} must not know ${target}`;
  return typeOnly ? undefined : `${home} may import types alone from ${target}`;
}

function leavesHome(path: string, home: string, specifier: string): string | undefined {
  const target = resolveImport(path, specifier) ?? '';
  if (packageOf(target) === home) return undefined;
  return `relative import leaves ${home === '' ? 'the package-less roots' : home}: ${specifier}`;
}

function impureImport(path: string, row: Row | undefined, specifier: string): string | undefined {
  if (row?.pure !== true || isTest(path)) return undefined;
  const isBuiltin = specifier.startsWith('node:') || builtinModules.includes(specifier);
  return isBuiltin ? `a pure package must not import ${specifier}` : undefined;
}

/** Each package says in its package.json what it imports; tests may use the root's tools. */
export function guardDependencies(files: readonly SourceFile[]): Problem[] {
  const declared = new Map(
    files
      .filter(({ path }) => path.endsWith('package.json'))
      .map(({ path, text }) => [path.replace(/\/?package\.json$/, ''), dependencyNames(text)]),
  );
  const atRoot = declared.get('') ?? new Set();
  return files.flatMap(({ path, imports }) => {
    const own = declared.get(packageOf(path)) ?? new Set();
    return imports.flatMap(({ specifier, line }) => {
      if (specifier.startsWith('.') || specifier.startsWith('node:')) return [];
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      const free = isTest(path) || packageOf(path) === '';
      if (own.has(name) || (free && (atRoot.has(name) || name.startsWith('@sluice/')))) return [];
      return [{ path, line, message: `${name} is not in ${packageOf(path) || '.'}/package.json` }];
    });
  });
}

function dependencyNames(packageJson: string): Set<string> {
  const parsed = JSON.parse(packageJson) as Record<string, Record<string, string> | undefined>;
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  return new Set(kinds.flatMap((kind) => Object.keys(parsed[kind] ?? {})));
}

/** Files that import each other in a ring; types count, since a reader has to follow them too. */
export function guardCycles(files: readonly SourceFile[]): Problem[] {
  const graph = buildGraph(files);
  const settled = new Set<string>();
  const problems: Problem[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const since = trail.indexOf(path);
    if (since >= 0) {
      const ring = [...trail.slice(since), path].join(' → ');
      problems.push({ path, line: 0, message: `import cycle: ${ring}` });
      return;
    }
    if (settled.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    settled.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return problems;
}

/** A file that only passes others on hides where things live; a package's index.ts is its door. */
export function guardBarrels(files: readonly SourceFile[]): Problem[] {
  return files.flatMap(({ path, imports, code }) => {
    if (path === `${packageOf(path)}/index.ts`) return [];
    if (path.endsWith('/index.ts')) {
      return [{ path, line: 0, message: "only a package's root has an index.ts" }];
    }
    const reexports = imports.filter(({ reexport }) => reexport).length;
    const statements = code.filter(({ text }) => text === ';').length;
    const isBarrel = reexports > 0 && reexports >= statements;
    return isBarrel ? [{ path, line: 0, message: 'barrel: import from where things live' }] : [];
  });
}
