/**
 * Purity: in the pure packages time, randomness and environment are inputs. The packages'
 * tsconfig knows no Node and no DOM; this bans what plain ECMAScript still offers.
 */
import { importTable } from '../import-table.ts';
import { isTest, type Problem, packageOf, type SourceFile } from '../source-file.ts';
import type { Token } from '../token.ts';

const ambientWords = new Set(['performance', 'process', 'globalThis', 'crypto', 'eval']);

export function guardPurity(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(({ path }) => importTable[packageOf(path)]?.pure === true && !isTest(path))
    .flatMap(({ path, code }) =>
      code.flatMap((token, index) => {
        const culprit = ambientUse(code, index);
        if (culprit === undefined) return [];
        return [
          { path, line: token.line, message: `${culprit} in a pure package: take it as input` },
        ];
      }),
    );
}

function ambientUse(code: readonly Token[], index: number): string | undefined {
  const [before, token, next, afterNext] = code.slice(Math.max(0, index - 1), index + 3);
  if (index === 0 || token?.kind !== 'word' || before?.text === '.' || before?.text === '?.') {
    return undefined;
  }
  const accesses = next?.text === '.' || next?.text === '?.' || next?.text === '[';
  if (token.text === 'Date' && accesses && afterNext?.text === 'now') return 'Date.now';
  if (token.text === 'Math' && accesses && afterNext?.text === 'random') return 'Math.random';
  if (token.text === 'Date' && before?.text === 'new' && next?.text !== '(') return 'new Date';
  if (token.text === 'Date' && next?.text === '(' && afterNext?.text === ')') return 'new Date()';
  return ambientWords.has(token.text) && accesses ? token.text : undefined;
}
