/** Limits that keep a file, a function and a line readable at once. */
import {
  isGenerated,
  isTest,
  isTypeScript,
  type Problem,
  type SourceFile,
} from '../source-file.ts';
import type { Token } from '../token.ts';

export const limits = {
  fileLines: { hard: 400, soft: 200 },
  functionLines: { hard: 70, soft: 30 },
  columns: 100,
  parameters: 4,
} as const;

export function guardLimits(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(({ path }) => isTypeScript(path) && !isGenerated(path))
    .flatMap((file) => [
      ...guardFileLength(file),
      ...guardColumns(file),
      ...(isTest(file.path) ? [] : guardFunctions(file)),
    ]);
}

function guardFileLength({ path, text }: SourceFile): Problem[] {
  const count = text.split('\n').length - 1;
  if (count <= limits.fileLines.hard) return [];
  return [{ path, line: 0, message: `${count} lines, at most ${limits.fileLines.hard}` }];
}

/**
 * The formatter wraps code; this is for comments and what holds a long text. A link stays whole,
 * and so does a message, so that who reads it somewhere finds it here.
 */
function guardColumns({ path, lines, tokens }: SourceFile): Problem[] {
  const messageLines = new Set(
    tokens.filter(({ kind, text }) => isMessage(kind, text)).map(({ line }) => line),
  );
  return lines.flatMap((text, index) => {
    const line = index + 1;
    const isLong = text.length > limits.columns && !text.includes('://');
    if (!isLong || messageLines.has(line)) return [];
    return [{ path, line, message: `${text.length} columns, at most ${limits.columns}` }];
  });
}

function isMessage(kind: Token['kind'], text: string): boolean {
  return (kind === 'string' || kind === 'template') && text.includes(' ') && text.length > 20;
}

function guardFunctions({ path, functions }: SourceFile): Problem[] {
  return functions.flatMap(({ name, line, lines, parameters }) => [
    ...(lines > limits.functionLines.hard
      ? [{ path, line, message: `${name}: ${lines} lines, at most ${limits.functionLines.hard}` }]
      : []),
    ...(parameters > limits.parameters
      ? [{ path, line, message: `${name}: ${parameters} parameters, at most ${limits.parameters}` }]
      : []),
  ]);
}

/** How much lies between the soft and the hard limits; for people, not a problem. */
export function countSoft(files: readonly SourceFile[]): string {
  const own = files.filter(({ path }) => isTypeScript(path) && !isGenerated(path) && !isTest(path));
  const long = own.filter(({ lines }) => lines.length - 1 > limits.fileLines.soft).length;
  const functions = own.flatMap((file) => file.functions);
  const longFunctions = functions.filter(({ lines }) => lines > limits.functionLines.soft).length;
  return (
    `${long} of ${own.length} files over ${limits.fileLines.soft} lines, ` +
    `${longFunctions} of ${functions.length} functions over ${limits.functionLines.soft}`
  );
}
