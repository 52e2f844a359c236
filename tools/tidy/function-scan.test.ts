import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { test } from 'node:test';
import { createSourceFile } from './source-file.ts';

const cases: [source: string, functions: [name: string, lines: number, parameters: number][]][] = [
  ['function a(x, y) {\n}\n', [['a', 2, 2]]],
  ['function a<T extends Map<string, X>>(x: T, ...y: T[]): void {\n\n}', [['a', 3, 2]]],
  ['export default async function* (x) {\n}', [['(anonymous)', 2, 1]]],
  ['function a(x: Map<string, number>, { y, z }: P = {}): { q: 1 } {\n}', [['a', 2, 2]]],
  ['function a(x): x is { b: 1 } {\n}', [['a', 2, 1]]],
  ['function a(this: T, x,\n) {}', [['a', 2, 1]]],
  ['function a(x): ReadonlyMap<string, Set<1>> | { b: 1 } {\n}', [['a', 2, 1]]],
  ['const a = (x, y) => {\n};', [['a', 2, 2]]],
  ['const a = async (x: A): Promise<B> => {\n};', [['a', 2, 1]]],
  ['const a = x =>\n  x\n  + 1;\nconst b = 1;', [['a', 3, 1]]],
  ['f((x) => `a${x}b${\nx}c`, 2)', [['f', 2, 1]]],
  ['f(() => ({ a: 1,\n b: 2 }))', [['f', 2, 0]]],
  [
    'class A {\n  b(x) {\n  }\n  get c(): D {\n return 1; }\n}',
    [
      ['b', 2, 1],
      ['c', 2, 0],
    ],
  ],
  [
    'const o = { a(x, y, z) {\n}, "b"() {} }',
    [
      ['a', 2, 3],
      ['"b"', 1, 0],
    ],
  ],
  ['interface A { b(x: 1): void; c(): { d: 1 } }', []],
  ['if (a) {\n} else for (;;) {\n} while (x) {}', []],
  ['const a = b ? c() : { d: 1 };', []],
  ['switch (f(x)) { case 1: {} }', []],
  ['const s = "function a() {"; // function b() {', []],
  ['declare function a(x: 1): void;', []],
];

for (const [source, functions] of cases) {
  test(`functions of ${JSON.stringify(source)}`, () => {
    const found = createSourceFile('a.ts', source).functions;
    assert.deepEqual(
      found.map(({ name, lines, parameters }) => [name, lines, parameters]),
      functions,
    );
  });
}

test('finds every function that the engine finds in the packages', async () => {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  for (const name of ['spec', 'model', 'wire', 'sansio', 'core', 'pki', 'proxy', 'testkit']) {
    await import(`../../packages/${name}/index.ts`);
  }
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const own = result.filter(({ url }) => /^file:.*\/packages\/[^/]+\/(?!node_modules)/.test(url));
  assert.ok(own.length > 100, `${own.length} files`);
  for (const { url, functions } of own) assert.deepEqual(missedIn(url, functions), [], url);
});

interface EngineFunction {
  readonly functionName: string;
  readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number }[];
}

/** Types are blanked out before the engine reads a source, so offsets are those of the file. */
function missedIn(url: string, functions: readonly EngineFunction[]): string[] {
  const text = readFileSync(new URL(url), 'utf8');
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  const ends = createSourceFile('a.ts', text).functions.map(({ line, lines }) => line + lines - 1);
  return functions.flatMap(({ functionName, ranges: [range] }) => {
    assert.ok(range !== undefined);
    const isModule = functionName === '' && range.startOffset === 0;
    if (isModule || functionName.startsWith('<')) return [];
    const index = ends.indexOf(lineOf(range.endOffset - 1));
    if (index >= 0) ends.splice(index, 1);
    return index >= 0 ? [] : [`${functionName} at line ${lineOf(range.startOffset)}`];
  });
}
