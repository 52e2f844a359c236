import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { tokenize } from './token.ts';

const kindsOf = (source: string) => tokenize(source).map(({ kind, text }) => `${kind} ${text}`);
const regexesOf = (source: string) =>
  tokenize(source)
    .filter(({ kind }) => kind === 'regex')
    .map(({ text }) => text);

test('words, numbers, strings and punctuators', () => {
  assert.deepEqual(kindsOf(`let a$1 = 0x1f + 1e-3 + '}"' + "'\\""`), [
    'word let',
    'word a$1',
    'punctuator =',
    'number 0x1f',
    'punctuator +',
    'number 1e-3',
    'punctuator +',
    `string '}"'`,
    'punctuator +',
    `string "'\\""`,
  ]);
});

test('templates nest', () => {
  assert.deepEqual(kindsOf('`a{${ { b: `${c}}` } }d$`'), [
    'template `a{${',
    'punctuator {',
    'word b',
    'punctuator :',
    'template `${',
    'word c',
    'template }}`',
    'punctuator }',
    'template }d$`',
  ]);
});

const regexCases: [source: string, regexes: string[]][] = [
  ['a = /[/}]{1}/g', ['/[/}]{1}/g']],
  ['a / b / c', []],
  ['f(x) / 2 / y', []],
  ['if (x) /a/.test(y)', ['/a/']],
  ['return /\\//', ['/\\//']],
  ['list[0] / 2 / 3', []],
  ['count! / 2 / 3', []],
  ['if (!/a/.test(b)) c', ['/a/']],
  ['`${a}` / 2 / 3', []],
  ['`${/a/.source}`', ['/a/']],
  ['i++ / 2 / 3', []],
  ['f(/a/, /b/)', ['/a/', '/b/']],
  ['// a /b/ c', []],
  ['x /* /a/ */ / y / 2', []],
];
for (const [source, regexes] of regexCases) {
  test(`regular expressions of ${source}`, () => {
    assert.deepEqual(regexesOf(source), regexes);
  });
}

test('comments keep their text and lines are counted through everything', () => {
  const tokens = tokenize('/* a\n{ */ b // c }\n`x\ny` d');
  assert.deepEqual(
    tokens.map(({ kind, line }) => [kind, line]),
    [
      ['comment', 1],
      ['word', 2],
      ['comment', 2],
      ['template', 3],
      ['word', 4],
    ],
  );
});

test('every source of this repository pairs its brackets and loses no character', () => {
  const paths = globSync('{packages,apps,tools}/**/*.ts', { exclude: ['**/node_modules/**'] });
  assert.ok(paths.length > 20);
  for (const path of paths) {
    const text = readFileSync(path, 'utf8');
    const tokens = tokenize(text);
    const joined = tokens.map((token) => token.text).join('');
    const solid = (source: string): string => source.replaceAll(/\s+/g, '');
    assert.equal(solid(joined), solid(text), path);
    assert.equal(openAtEnd(tokens), '', path);
  }
});

function openAtEnd(tokens: ReturnType<typeof tokenize>): string {
  const pairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
  const open: string[] = [];
  for (const { kind, text } of tokens) {
    if (kind !== 'punctuator') continue;
    if ('([{'.includes(text)) open.push(text);
    else if (text in pairs && open.pop() !== pairs[text]) return `unpaired ${text}`;
  }
  return open.join('');
}
