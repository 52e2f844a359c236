import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSourceFile } from './source-file.ts';

const cases: [source: string, functions: [name: string, lines: number, parameters: number][]][] = [
  ['function a(x, y) {\n}\n', [['a', 2, 2]]],
  ['function a<T extends Map<string, X>>(x: T, ...y: T[]): void {\n\n}', [['a', 3, 2]]],
  ['export default async function* (x) {\n}', [['(anonymous)', 2, 1]]],
  ['function a(x: Map<string, number>, { y, z }: P = {}): { q: 1 } {\n}', [['a', 2, 2]]],
  ['function a(x): x is { b: 1 } {\n}', [['a', 2, 1]]],
  ['function a(this: T, x,\n) {}', [['a', 2, 1]]],
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
