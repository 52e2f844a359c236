/** A file as the guards see it: path from the repository's root, text, and lazily its syntax. */
import { type FunctionSpan, findFunctions } from './function-scan.ts';
import { findImports, type Import } from './import-scan.ts';
import { testOnlyPackage } from './import-table.ts';
import { type Token, tokenize } from './token.ts';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** All tokens, comments included; empty for what is no TypeScript. */
  readonly tokens: readonly Token[];
  /** Tokens without comments. */
  readonly code: readonly Token[];
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionSpan[];
}

/** What a guard found, for people: `path:line: message`. */
export interface Problem {
  readonly path: string;
  /** From 1; 0 for the file as a whole. */
  readonly line: number;
  readonly message: string;
}

export type Guard = (files: readonly SourceFile[]) => Problem[];

export function createSourceFile(path: string, text: string): SourceFile {
  const tokens = lazy(() => (isTypeScript(path) ? tokenize(text) : []));
  const code = lazy(() => tokens().filter(({ kind }) => kind !== 'comment'));
  const imports = lazy(() => findImports(code()));
  const functions = lazy(() => findFunctions(code()));
  const lines = lazy(() => text.split('\n'));
  return {
    path,
    text,
    get lines() {
      return lines();
    },
    get tokens() {
      return tokens();
    },
    get code() {
      return code();
    },
    get imports() {
      return imports();
    },
    get functions() {
      return functions();
    },
  };
}

export function isTypeScript(path: string): boolean {
  return /\.tsx?$/.test(path);
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

/** Written by a program, or data of tests, which may be wrong on purpose: style doesn't apply. */
export function isGenerated(path: string): boolean {
  return /(^|\/)(generated|golden|testdata)\//.test(path);
}

/** Test support is a package of its own, or data beside the tests that is named as such. */
export function isTestSupport(path: string): boolean {
  return packageOf(path) === testOnlyPackage || /(^|\/)sample-[^/]+\.ts$/.test(path);
}

/** `packages/core/…` → `packages/core`; empty outside a package. */
export function packageOf(path: string): string {
  return /^(?:packages|apps)\/[^/]+/.exec(path)?.[0] ?? '';
}

function lazy<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
