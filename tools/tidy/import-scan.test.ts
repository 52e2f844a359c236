import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSourceFile } from './source-file.ts';

const importsOf = (source: string) =>
  createSourceFile('a.ts', source).imports.map(({ specifier, typeOnly, reexport }) =>
    [specifier, typeOnly ? 'type' : 'value', ...(reexport ? ['reexport'] : [])].join(' '),
  );

const cases: [source: string, imports: string[]][] = [
  ["import { a, type B } from 'x';", ['x value']],
  ["import { type A, type B } from 'x';", ['x type']],
  ["import type { A } from 'x';", ['x type']],
  ["import type A from 'x';", ['x type']],
  ["import type, { a } from 'x';", ['x value']],
  ["import a, * as b from 'x';", ['x value']],
  ["import 'x';", ['x value']],
  ["const a = await import('x');", ['x value']],
  ["type A = import('x').A;", ['x value']],
  ["export * from 'x';", ['x value reexport']],
  ["export type * from 'x';", ['x type reexport']],
  ["export { a } from 'x';", ['x value reexport']],
  ["export const a = 1; b(from, 'x');", []],
  ['export { a }; const from = 1;', []],
  ["import.meta.resolve('x');", []],
  ["// import a from 'x'\nconst s = `import a from 'y'`;", []],
];

for (const [source, imports] of cases) {
  test(`imports of ${source}`, () => assert.deepEqual(importsOf(source), imports));
}
