/** Each guard finds what is planted, where it is planted, and leaves the neighbour alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSourceFile, type Guard } from './source-file.ts';
import { findProblems, guardSight, guards } from './tidy.ts';

interface Planted {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** `path:line` and a part of the message; none for what must pass. */
  readonly problems: readonly string[];
}

const lines = (count: number): string => 'a();\n'.repeat(count);
const planted: Readonly<Record<keyof typeof guards, readonly Planted[]>> = {
  guardImportTable: [
    {
      title: 'a package that imports what its row does not hold',
      files: {
        'packages/wire/a.ts': "import { b } from '@sluice/model';",
        'packages/proxy/a.ts': "import { b } from '@sluice/model';",
      },
      problems: ['packages/wire/a.ts:1: packages/wire must not know packages/model'],
    },
    {
      title: 'a value where types alone may cross',
      files: {
        'packages/core/a.ts': "import { runController } from '@sluice/sansio';",
        'packages/core/b.ts': "import type { Effect } from '@sluice/sansio';",
      },
      problems: ['packages/core/a.ts:1: packages/core may import types alone'],
    },
    {
      title: 'deep imports and imports of itself',
      files: {
        'apps/sluice/a.ts': "\nimport { b } from '@sluice/core/graph/b.ts';",
        'packages/core/a.ts': "export * from '@sluice/core';",
      },
      problems: ['apps/sluice/a.ts:2: deep import', 'packages/core/a.ts:1: packages/core imports'],
    },
    {
      title: 'a relative path that climbs over a wall',
      files: {
        'packages/core/a/b.ts': "import '../../model/c.ts';",
        'packages/core/a/c.ts': "import '../c.ts';",
        'tools/a.ts': "import './b/c.ts';",
        'tools/b.ts': "import '../packages/core/c.ts';",
      },
      problems: ['packages/core/a/b.ts:1: relative import', 'tools/b.ts:1: relative import'],
    },
    {
      title: 'the test package outside tests',
      files: {
        'packages/proxy/a.ts': "import '@sluice/testkit';",
        'packages/proxy/a.test.ts': "import '@sluice/testkit';",
      },
      problems: ['packages/proxy/a.ts:1: only tests may import packages/testkit'],
    },
    {
      title: 'Node in a pure package, and a package without a row',
      files: {
        'packages/model/a.ts': "import 'node:fs';",
        'packages/model/a.test.ts': "import 'node:fs';",
        'packages/wire/a.ts': "import 'fs';",
        'packages/pki/a.ts': "import 'node:crypto';",
        'packages/novel/a.ts': "import '@sluice/core';",
        'packages/core/a.ts': "import '@sluice/novel';",
      },
      problems: [
        'packages/model/a.ts:1: a pure package must not import node:fs',
        'packages/wire/a.ts:1: a pure package must not import fs',
        'packages/novel/a.ts:1: packages/novel has no row',
        'packages/core/a.ts:1: packages/core must not know @sluice/novel',
      ],
    },
  ],
  guardDependencies: [
    {
      title: 'a dependency that the package does not declare',
      files: {
        'package.json': '{ "devDependencies": { "fast-check": "1" } }',
        'packages/spec/package.json': '{ "dependencies": { "yaml": "1", "@a/b": "1" } }',
        'packages/spec/a.ts': "import 'yaml';\nimport '@a/b/c';\nimport 'fast-check';",
        'packages/spec/a.test.ts': "import 'fast-check';\nimport './a.ts';\nimport 'node:fs';",
        'tools/a.ts': "import 'esbuild';",
      },
      problems: [
        'packages/spec/a.ts:3: fast-check is not in packages/spec/package.json',
        'tools/a.ts:1: esbuild is not in ./package.json',
      ],
    },
  ],
  guardCycles: [
    {
      title: 'a ring of three, types included',
      files: {
        'tools/a.ts': "import './b.ts';",
        'tools/b.ts': "import type { C } from './c.ts';",
        'tools/c.ts': "import './a.ts';",
        'tools/d.ts': "import './a.ts';\nimport './b.ts';",
      },
      problems: ['tools/a.ts:0: import cycle: tools/a.ts → tools/b.ts → tools/c.ts → tools/a.ts'],
    },
  ],
  guardBarrels: [
    {
      title: 'a file that only passes others on, and an index that is no door',
      files: {
        'packages/core/index.ts': "export * from './a.ts';",
        'packages/core/graph/index.ts': 'export const a = 1;',
        'packages/core/all.ts': "export * from './a.ts';\nexport { b } from './b.ts';",
        'packages/core/some.ts': "export { b } from './b.ts';\nexport const c = 1;",
      },
      problems: [
        "packages/core/graph/index.ts:0: only a package's",
        'packages/core/all.ts:0: barrel',
      ],
    },
  ],
  guardPurity: [
    {
      title: 'clock, chance and environment',
      files: {
        'packages/core/a.ts': [
          'const a = Date.now();',
          'const b = new Date();',
          'const c = Math.random();',
          'const d = performance.now();',
          "const e = globalThis['Date'];",
          'const f = process.env;',
          'const g = Date.now;',
          'const h = new Date;',
        ].join('\n'),
        'packages/core/b.ts':
          'new Date(now); x.process.y; Math.max(1); // Date.now()\n"new Date()";',
        'packages/core/a.test.ts': 'const a = Date.now();',
        'packages/proxy/a.ts': 'const a = Date.now();',
      },
      problems: [1, 2, 3, 4, 5, 6, 7, 8].map((line) => `packages/core/a.ts:${line}: `),
    },
  ],
  guardLimits: [
    {
      title: 'long files, functions, lines and parameter lists',
      files: {
        'tools/file.ts': lines(401),
        'tools/file-fits.ts': lines(400),
        'tools/function.ts': `const f = () => {\n${lines(69)}};\n`,
        'tools/function-fits.ts': `const f = () => {\n${lines(68)}};\n`,
        'tools/line.ts': `// ${'x'.repeat(98)}\n`,
        'tools/line-fits.ts': `// ${'x'.repeat(97)}\n// https://${'x'.repeat(99)}\n`,
        'tools/message.ts': `f('a message that ${'goes on '.repeat(12)}');\n`,
        'tools/parameters.ts': 'function f(a, b, c, d, e) {}\n',
        'tools/parameters-fit.ts': 'function f(a, b, c, { d, e }) {}\n',
        'packages/spec/generated/file.ts': lines(401),
      },
      problems: [
        'tools/file.ts:0: 401 lines',
        'tools/function.ts:1: f: 71 lines',
        'tools/line.ts:1: 101 columns',
        'tools/parameters.ts:1: f: 5 parameters',
      ],
    },
  ],
  guardFileNames: [
    {
      title: 'drawers and shapes',
      files: {
        'tools/utils/a.ts': '',
        'packages/core/helpers.ts': '',
        'packages/core/tests/a.test.ts': '',
        'packages/core/myFile.ts': '',
        'packages/core/my-file.prop.test.ts': '',
        'packages/core/golden/Some Name/in.yaml': '',
        'README.md': '',
        '.oxlintrc.json': '',
        'conformance/reports/v1.7/sluice/standard-0.1.0-default-report.yaml': '',
        'conformance/reports/v1.7/sluice/standard-0.1.0-other.yaml': '',
      },
      problems: [
        'tools/utils/a.ts:0: "utils" says nothing',
        'packages/core/helpers.ts:0: "helpers" says nothing',
        'packages/core/tests/a.test.ts:0: "tests" says nothing',
        'packages/core/myFile.ts:0: myFile.ts is not kebab-case',
        'conformance/reports/v1.7/sluice/standard-0.1.0-other.yaml:0: standard-0.1.0-other.yaml is not kebab-case',
      ],
    },
  ],
  guardTypeNames: [
    {
      title: 'names that say nothing',
      files: {
        'tools/a.ts':
          'class PoolManager {}\ninterface IPool {}\ntype PoolImpl = 1;\nclass PoolHelper {}\n',
        'tools/b.ts':
          'class Database {}\ninterface IPv4 {}\ntype Implied = 1;\nconst s = "class AUtil"; function connectionManager() {}',
      },
      problems: [1, 2, 3, 4].map((line) => `tools/a.ts:${line}: `),
    },
  ],
  guardReminders: [
    {
      title: 'reminders in code and documents',
      files: { 'tools/a.ts': '// TODO later', 'docs/a.md': '\nFIXME', 'tools/b.ts': 'todo();' },
      problems: ['tools/a.ts:1: TODO', 'docs/a.md:2: FIXME'],
    },
  ],
  guardStrangers: [
    {
      title: 'registries, disks and conversations',
      files: {
        '.npmrc': 'registry=https://registry.npmjs.org',
        'tools/a.ts': "const a = '/work/wt/x';\nconst b = '/root/x';\nconst c = 'GET /work/x';",
        'docs/a.md': 'as Claude said',
        'package-lock.json': 'https://registry.npmjs.org/a',
      },
      problems: ['.npmrc:1: ', 'tools/a.ts:1: ', 'tools/a.ts:2: ', 'docs/a.md:1: '],
    },
  ],
  guardSilencers: [
    {
      title: 'silenced checks',
      files: {
        'tools/a.ts': '// @ts-ignore\n// oxlint-disable no-eval\n// biome-ignore format: x\n',
        'tools/b.ts': '// oxlint-disable-next-line no-eval -- the subject of this test\n',
      },
      problems: [1, 2, 3].map((line) => `tools/a.ts:${line}: silences`),
    },
  ],
  guardTests: [
    {
      title: 'tests that do not run or cannot fail',
      files: {
        'elsewhere/a.test.ts': 'test(a, () => assert(b));',
        'tools/empty.test.ts': 'import { test } from "x"; assert(b);',
        'tools/lame.test.ts': 'import assert from "x"; test(a, () => b());',
        'tools/skip.test.ts': 'test.skip(a, () => assert(b));\ntest(a, { only: true }, b);',
        'tools/named.spec.ts': '',
        'tools/stray.ts': "import { test } from 'node:test';",
        'tools/fine.test.ts': 'test("a.only", () => assert(skip));',
      },
      problems: [
        'elsewhere/a.test.ts:0: the runner does not look here',
        'tools/empty.test.ts:0: holds no test',
        'tools/lame.test.ts:0: asserts nothing',
        'tools/skip.test.ts:1: "skip"',
        'tools/skip.test.ts:2: "only"',
        'tools/named.spec.ts:0: looks like a test',
        'tools/stray.ts:0: looks like a test',
      ],
    },
  ],
  guardReach: [
    {
      title: 'sources that nothing reaches, or tests alone',
      files: {
        'package.json': '{ "scripts": { "check": "node tools/check.ts" } }',
        'tools/check.ts': "import './a.ts';\nspawn('./worker.ts');",
        'tools/a.ts': '',
        'tools/worker.ts': '',
        'tools/lost.ts': '',
        'tools/half-lost.ts': "import './lost-too.ts';",
        'tools/half-lost.test.ts': "import './half-lost.ts';",
        'tools/lost-too.ts': '',
        'packages/core/index.ts': "export * from './a.ts';",
        'packages/core/a.ts': "import '@sluice/model';",
        'packages/core/sample-world.ts': '',
        'packages/core/a.test.ts': "import './sample-world.ts';\nimport '@sluice/testkit';",
        'packages/model/index.ts': '',
        'packages/testkit/index.ts': "import './used.ts';",
        'packages/testkit/used.ts': '',
        'packages/testkit/lost.ts': '',
      },
      problems: [
        'tools/lost.ts:0: nothing reaches it',
        'tools/half-lost.ts:0: only tests reach it',
        'tools/lost-too.ts:0: only tests reach it',
        'packages/testkit/lost.ts:0: nothing reaches it',
      ],
    },
  ],
  guardUse: [
    {
      title: 'values that nothing uses, or tests alone',
      files: {
        'packages/core/index.ts': "export { unused, tested, used, inside } from './a.ts';",
        'packages/core/a.ts': [
          'export function unused() {}',
          'export const tested = 1;',
          'export async function* used() {}',
          'export class Inside {} new Inside();',
          'export interface Shape {}',
          'export type { Other } from "./other.ts";',
          'export function textOf() {}',
          'export function fieldName() {}',
        ].join('\n'),
        'packages/core/a.test.ts': 'tested; used(); textOf();',
        'packages/core/sample-world.ts': 'export const sample = 1;',
        'apps/sluice/main.ts': 'used(); fieldName();',
      },
      problems: [
        'packages/core/a.ts:1: nothing uses unused',
        'packages/core/a.ts:2: only tests use',
        'packages/core/a.ts:8: fieldName is used',
      ],
    },
  ],
  guardDocuments: [
    {
      title: 'links and paths that lead nowhere',
      files: {
        'docs/a.md': [
          '[a](b.md) [c](../README.md#part) [d](#here) [e](https://e.test)',
          '`packages/core/a.ts` `packages/core/` `packages/core/*` `packages/gone.ts`',
          '[f](gone.md)',
        ].join('\n'),
        'docs/b.md': '',
        'README.md': '',
        'packages/core/a.ts': '/** See docs/gone.md and https://e.test/docs/gone. */',
        'packages/model/a.ts':
          '/** See README.md, docs/b.md and docs/<name>.md. */\n"docs/gone.md";',
      },
      problems: [
        'docs/a.md:2: packages/gone.ts',
        'docs/a.md:3: docs/gone.md',
        'packages/core/a.ts:1: docs/gone.md',
        'packages/model/a.ts:1: packages/model/README.md',
      ],
    },
  ],
  guardHeaders: [
    {
      title: 'a source that does not say what it is',
      files: {
        'tools/a.ts': 'export {};',
        'tools/b.ts': '/** What it is. */',
        'tools/c.ts': '#!/usr/bin/env node\n// What it is.\n',
        'tools/a.test.ts': 'export {};',
      },
      problems: ['tools/a.ts:1: opens without'],
    },
  ],
};

for (const [name, cases] of Object.entries(planted)) {
  const guard: Guard = guards[name as keyof typeof guards];
  for (const { title, files, problems } of cases) {
    test(`${name}: ${title}`, () => {
      const found = guard(filesOf(files)).map(render);
      assert.equal(found.length, problems.length, found.join('\n'));
      for (const expectedStart of problems) {
        assert.ok(
          found.some((line) => line.startsWith(expectedStart)),
          `missed ${expectedStart} in\n${found.join('\n')}`,
        );
      }
    });
  }
}

test('a run that sees too little is a failure, and says of what', () => {
  const found = guardSight(filesOf({ 'packages/core/a.ts': '' })).map(({ message }) => message);
  assert.ok(found.some((message) => message.startsWith('saw 1 sourceFiles')));
  assert.ok(found.some((message) => message.startsWith('saw 0 imports')));
  assert.ok(found.includes('saw nothing of packages/model'));
  assert.ok(!found.includes('saw nothing of packages/core'));
});

test('all guards run, and their problems come in order', () => {
  const found = findProblems(
    filesOf({ 'tools/b.ts': '// TODO', 'tools/a.ts': '/** A. */\n// @ts-ignore' }),
  ).filter(({ path }) => path !== '.');
  assert.deepEqual(found.map(render), [
    'tools/a.ts:0: nothing reaches it',
    'tools/a.ts:2: silences a check without saying why',
    'tools/b.ts:0: nothing reaches it',
    'tools/b.ts:1: TODO: do it or drop it',
  ]);
});

function filesOf(files: Readonly<Record<string, string>>) {
  return Object.entries(files).map(([path, text]) => createSourceFile(path, text));
}

function render({ path, line, message }: { path: string; line: number; message: string }): string {
  return `${path}:${line}: ${message}`;
}
