/** Finds what a source imports: static, dynamic and re-exports, with their line. */
import type { Token } from './token.ts';

export interface Import {
  readonly specifier: string;
  /** Only types cross: the import is gone when the code runs. */
  readonly typeOnly: boolean;
  /** `export … from`. */
  readonly reexport: boolean;
  readonly line: number;
}

/** `tokens` without comments. */
export function findImports(tokens: readonly Token[]): Import[] {
  const imports: Import[] = [];
  tokens.forEach((token, index) => {
    const found = importAt(tokens, index);
    if (found !== undefined && tokens[index - 1]?.text !== '.') {
      imports.push({ ...found, line: token.line });
    }
  });
  return imports;
}

function importAt(tokens: readonly Token[], index: number): Omit<Import, 'line'> | undefined {
  const token = tokens[index];
  const next = tokens[index + 1];
  if (token?.kind !== 'word' || next === undefined) return undefined;
  if (token.text === 'import' && next.text === '(') {
    const specifier = tokens[index + 2];
    if (specifier?.kind !== 'string') return undefined;
    return { specifier: unquote(specifier), typeOnly: false, reexport: false };
  }
  if (token.text === 'import' && next.kind === 'string') {
    return { specifier: unquote(next), typeOnly: false, reexport: false };
  }
  const reexport = token.text === 'export';
  if (!reexport && token.text !== 'import') return undefined;
  const clause = clauseAt(tokens, index + 1);
  return clause === undefined ? undefined : { ...clause, reexport };
}

/** Reads `type? (name | * as name | { … }) from 'specifier'`; other statements are none. */
function clauseAt(
  tokens: readonly Token[],
  start: number,
): Omit<Import, 'line' | 'reexport'> | undefined {
  const words: string[] = [];
  for (let index = start; index < tokens.length; index += 1) {
    const token = tokens[index];
    const next = tokens[index + 1];
    if (token === undefined || !clausePart(token)) return undefined;
    if (token.text === 'from' && next?.kind === 'string') {
      return { specifier: unquote(next), typeOnly: isTypeOnly(words) };
    }
    words.push(token.text);
  }
  return undefined;
}

function clausePart({ kind, text }: Token): boolean {
  const endings = ['const', 'let', 'function', 'class', 'interface', 'async', 'abstract'];
  return kind === 'word' ? !endings.includes(text) : ['{', '}', ',', '*'].includes(text);
}

function isTypeOnly(words: readonly string[]): boolean {
  if (words[0] === 'type' && words[1] !== ',') return true;
  if (words[0] !== '{') return false;
  const names = words.slice(1, -1).join(' ').split(',');
  return names.every((name) => name.trim() === '' || name.trim().startsWith('type '));
}

function unquote({ text }: Token): string {
  return text.slice(1, -1);
}
