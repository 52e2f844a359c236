/**
 * What must not stay behind: reminders, silenced checks, tests that do not run, and words that
 * mean something only on one machine or in one conversation.
 */
import { testRoots } from '../../test-run.ts';
import {
  isGenerated,
  isTest,
  isTypeScript,
  type Problem,
  type SourceFile,
} from '../source-file.ts';

const reminder = /\b(TODO|FIXME|XXX|HACK)\b/;
const silencer = /@ts-(ignore|nocheck|expect-error)|(oxlint|eslint)-disable|biome-ignore/;
/** Host names of package registries, places on somebody's disk, talk about how it was made. */
const strangers: readonly RegExp[] = [
  /\bregistry\.(npmjs\.org|yarnpkg\.com)\b/,
  /\b(proxy|sum)\.golang\.org\b/,
  /\b(files\.pythonhosted|pypi|crates)\.(org|io)\b/,
  /\b(deb|security)\.debian\.org\b/,
  /\/work\/(wt|main|shared)\b/,
  /(^|[\s"'`(=])\/(root|Users)\//,
  /\/home\/[a-z]+\//,
  /\b(sub-?agent|claude|anthropic|openai|chatgpt|copilot|language model)\b/i,
];
/** Written by npm, or the list above and its proof. */
const mayNameStrangers =
  /(^|\/)package-lock\.json$|^tools\/tidy\/(guards\/leftovers|tidy\.test)\.ts$/;

export function guardReminders(files: readonly SourceFile[]): Problem[] {
  return everyLine(
    files.filter(({ path }) => !isGenerated(path) && !mayNameStrangers.test(path)),
    (text) => (reminder.test(text) ? `${reminder.exec(text)?.[0]}: do it or drop it` : undefined),
  );
}

export function guardStrangers(files: readonly SourceFile[]): Problem[] {
  return everyLine(
    files.filter(({ path }) => !mayNameStrangers.test(path)),
    (text) => {
      const stranger = strangers.find((pattern) => pattern.test(text));
      return stranger && `"${stranger.exec(text)?.[0].trim()}" does not belong in the repository`;
    },
  );
}

/** A check may be silenced for one line, with a reason after `--`. */
export function guardSilencers(files: readonly SourceFile[]): Problem[] {
  return files.flatMap(({ path, tokens }) =>
    tokens
      .filter(({ kind, text }) => kind === 'comment' && silencer.test(text))
      .filter(({ text }) => !/-disable-(next-)?line .*-- \S/.test(text))
      .map(({ line }) => ({ path, line, message: 'silences a check without saying why' })),
  );
}

/** A test file must be where the runner looks, hold tests, assert, and skip nothing. */
export function guardTests(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(({ path }) => isTypeScript(path) && !isGenerated(path))
    .flatMap((file) => (isTest(file.path) ? guardTest(file) : guardNoTest(file)));
}

function guardTest({ path, code }: SourceFile): Problem[] {
  const root = path.split('/')[0] ?? '';
  const calls = (names: RegExp): boolean =>
    code.some(({ text }, at) => names.test(text) && /^[(.]$/.test(code[at + 1]?.text ?? ''));
  const problems = [
    ...(testRoots.includes(root) ? [] : ['the runner does not look here']),
    ...(calls(/^(test|it|suite|describe)/) ? [] : ['holds no test']),
    ...(calls(/^(assert|expect|check|verify|run|fc$)/) ? [] : ['asserts nothing']),
  ].map((message) => ({ path, line: 0, message }));
  const omitted = code.flatMap(({ text, line }, index) => {
    const member = code[index - 1]?.text === '.' && ['skip', 'only', 'todo'].includes(text);
    const option = code[index + 1]?.text === ':' && ['skip', 'only', 'todo'].includes(text);
    return member || option ? [{ path, line, message: `"${text}": every test runs` }] : [];
  });
  return [...problems, ...omitted];
}

function guardNoTest({ path, imports }: SourceFile): Problem[] {
  const stray = /\.spec\.tsx?$|[._]test\.tsx$|_test\.ts$/.test(path);
  const usesRunner = imports.some(({ specifier }) => specifier === 'node:test');
  const mayRun = path.startsWith('packages/testkit/');
  if (!stray && (!usesRunner || mayRun)) return [];
  return [{ path, line: 0, message: 'looks like a test, but is not named x.test.ts' }];
}

function everyLine(
  files: readonly SourceFile[],
  find: (text: string) => string | undefined,
): Problem[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((text, index) => {
      const message = find(text);
      return message === undefined ? [] : [{ path, line: index + 1, message }];
    }),
  );
}
