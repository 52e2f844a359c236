/**
 * Use: what a source exports as a value is used by some program. Code that nothing but its tests
 * runs is a promise that nobody keeps; types are the shapes of what is used, and are not counted.
 */
import { testOnlyPackage } from '../import-table.ts';
import {
  isGenerated,
  isTest,
  isTestSupport,
  isTypeScript,
  type Problem,
  packageOf,
  type SourceFile,
} from '../source-file.ts';
import type { Token } from '../token.ts';

/** Kept though tests alone use them, and why. What programs use by now is a problem here. */
const owed = new Map([
  ['fieldName', 'tests read the table of names in both directions'],
  ['gatewayApiModule', 'a test compares the generated data with what they say they come from'],
  ['hashBytes', 'for consistent hashing by header, which no config can ask for yet'],
  ['readCaBundle', 'for trust anchors of listeners, which so far are read only when they serve'],
  ['textOf', 'tests read what the codec wrote; programs use its offsets'],
]);

const declaring = new Set(['function', 'const', 'class']);

export function guardUse(files: readonly SourceFile[]): Problem[] {
  const sources = files.filter(({ path }) => isTypeScript(path));
  const users = { tests: new Set<string>(), programs: new Set<string>() };
  for (const { path, code } of sources) {
    // A package's door passes everything on; that alone is no use.
    if (path === `${packageOf(path)}/index.ts`) continue;
    const by = isTest(path) || packageOf(path) === testOnlyPackage ? 'tests' : 'programs';
    const declared = new Set(exportsOf(code).map(({ text }) => text));
    for (const [word, count] of countWords(code)) {
      if (!declared.has(word) || count > 1) users[by].add(word);
    }
  }
  return sources
    .filter(({ path }) => !isTest(path) && !isGenerated(path) && !isTestSupport(path))
    .flatMap(({ path, code }) =>
      exportsOf(code).flatMap(({ text, line }) => {
        const used = users.programs.has(text);
        if (used !== owed.has(text)) return [];
        const only = users.tests.has(text) ? 'only tests use' : 'nothing uses';
        const message = used ? `${text} is used: drop it from the list` : `${only} ${text}`;
        return [{ path, line, message }];
      }),
    );
}

function countWords(code: readonly Token[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, text } of code) {
    if (kind === 'word') counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** The names of exported functions, constants and classes. */
function exportsOf(code: readonly Token[]): Token[] {
  return code.flatMap((token, index) => {
    if (token.text !== 'export') return [];
    const [declaration, name] = code
      .slice(index + 1, index + 5)
      .filter(({ text }) => !['async', 'abstract', '*'].includes(text));
    return declaring.has(declaration?.text ?? '') && name?.kind === 'word' ? [name] : [];
  });
}
