/** All guards, and the guard of the guards: a run that saw too little is no proof. */
import { guardReminders, guardSilencers, guardStrangers, guardTests } from './guards/leftovers.ts';
import { guardLimits } from './guards/limits.ts';
import { guardFileNames, guardTypeNames } from './guards/names.ts';
import { guardPurity } from './guards/purity.ts';
import { guardDocuments, guardHeaders, guardReach } from './guards/reach.ts';
import { guardUse } from './guards/use.ts';
import { guardBarrels, guardCycles, guardDependencies, guardImportTable } from './guards/walls.ts';
import { expected, importTable } from './import-table.ts';
import {
  type Guard,
  isTypeScript,
  type Problem,
  packageOf,
  type SourceFile,
} from './source-file.ts';

export const guards = {
  guardImportTable,
  guardDependencies,
  guardCycles,
  guardBarrels,
  guardPurity,
  guardLimits,
  guardFileNames,
  guardTypeNames,
  guardReminders,
  guardStrangers,
  guardSilencers,
  guardTests,
  guardReach,
  guardUse,
  guardDocuments,
  guardHeaders,
} satisfies Record<string, Guard>;

/** Problems in the order of paths and lines. */
export function findProblems(files: readonly SourceFile[]): Problem[] {
  const problems = Object.values(guards).flatMap((guard: Guard) => guard(files));
  return [...guardSight(files), ...problems].sort(
    (left, right) => left.path.localeCompare(right.path) || left.line - right.line,
  );
}

export function guardSight(files: readonly SourceFile[]): Problem[] {
  const sources = files.filter(({ path }) => isTypeScript(path));
  const seen = {
    sourceFiles: sources.length,
    imports: sources.flatMap(({ imports }) => imports).length,
    functions: sources.flatMap(({ functions }) => functions).length,
  };
  const blind = Object.entries(expected)
    .map(([name, least]) => ({ name, least, count: seen[name as keyof typeof seen] }))
    .filter(({ least, count }) => count < least)
    .map(({ name, least, count }) => `saw ${count} ${name}, expected at least ${least}`);
  const homes = new Set(files.map(({ path }) => packageOf(path)));
  const missing = Object.keys(importTable)
    .filter((name) => !homes.has(name))
    .map((name) => `saw nothing of ${name}`);
  return [...blind, ...missing].map((message) => ({ path: '.', line: 0, message }));
}
