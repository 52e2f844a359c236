/**
 * Compilers, linter and formatter find what they are there for: violations are planted in a small
 * workspace that has this repository's real configuration, one folder for all steps.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { staticSteps } from './static-steps.ts';
import { runStep } from './step.ts';

const copied =
  '.oxlintrc.json biome.json tsconfig.json tsconfig.base.json ' +
  'packages/sansio/package.json packages/sansio/tsconfig.json';
const workspace = mkdtempSync(join(tmpdir(), 'planted-'));
after(() => rmSync(workspace, { recursive: true }));
symlinkSync(resolve('node_modules'), join(workspace, 'node_modules'));
for (const path of copied.split(' ')) {
  cpSync(path, join(workspace, path), { recursive: true });
}
writeFileSync(join(workspace, '.gitignore'), 'node_modules\n');

/** Each line is wrong in one way; what the step must say of it stands beside it. */
const planted: Readonly<Record<string, readonly [source: string, complaint: RegExp][]>> = {
  lint: [
    ['export const a: any = 1;', /:1:.*no-explicit-any/],
    ['export const b = (list: string[]): number => list[0]!.length;', /:2:.*no-non-null-assertion/],
    ['export const c = (): void => { Promise.resolve(1); };', /:3:.*no-floating-promises/],
    ['export const d = (x: unknown): boolean => x == 1;', /:4:.*eqeqeq/],
    ["export const e = (): never => { throw 'text'; };", /:5:.*only-throw-error/],
    ['export const f = (x: "a" | "b"): void => { switch (x) { case "a": } };', /:6:.*exhaustive/],
    ['export const g = async (): Promise<void> => { await 1; };', /:7:.*await-thenable/],
    ['export const h = (x: object): string => `${x}`;', /:8:.*restrict-template-expressions/],
    ['export default 1;', /:9:.*no-default-export/],
    ["export const i = new RegExp('[');", /:10:.*no-invalid-regexp/],
  ],
  types: [
    ['export const a = (list: string[]): string => list[0];', /\(1,.*undefined/],
    ['export enum B { C }', /\(2,.*erasableSyntaxOnly/],
    ['export const d: { e?: number } = { e: undefined };', /\(3,.*exactOptionalPropertyTypes/],
    ['export const f = (x): unknown => x;', /\(4,.*implicitly has an 'any' type/],
  ],
  'pure types of sansio': [
    ['export const a = process.env;', /\(1,.*'process'/],
    ['export const b = setTimeout;', /\(2,.*'setTimeout'/],
    ["export const c = Buffer.from('');", /\(3,.*'Buffer'/],
    ["export const d = fetch('');", /\(4,.*'fetch'/],
    ['console.log(1);', /\(5,.*'console'/],
    ["import { readFileSync } from 'node:fs'; export const e = readFileSync;", /\(6,.*'node:fs'/],
    ["export const f = new URL('');", /\(7,.*'URL'/],
  ],
  format: [['export const a = "x"', /index\.ts/]],
};

write('');

for (const [name, cases] of Object.entries(planted)) {
  test(`${name} finds what is planted, and passes what is clean`, async () => {
    const step = staticSteps(workspace).find((candidate) => candidate.name === name);
    assert.ok(step !== undefined, `no step ${name}`);
    write(cases.map(([source]) => `${source}\n`).join(''));
    const found = await runStep({ ...step, folder: workspace });
    assert.equal(found.ok, false);
    for (const [source, complaint] of cases) assert.match(found.output, complaint, source);
    write("/** Clean. */\nexport const a = 'x';\n");
    const clean = await runStep({ ...step, folder: workspace });
    assert.equal(clean.ok, true, clean.output);
  });
}

function write(text: string): void {
  const path = join(workspace, 'packages/sansio/index.ts');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
