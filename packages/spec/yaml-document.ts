/**
 * YAML text as documents whose values can be located: the only file that knows the YAML library.
 *
 * Reads as kubectl does: documents are split at lines that begin with `---`, so that one broken
 * document hurts only itself; YAML 1.1 booleans (`yes`, `on`) and merge keys count; times stay
 * text; duplicate keys and alias bombs are errors.
 */
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Document as YamlLibraryDocument,
} from 'yaml';
import type { PathSegment } from './field-path.ts';

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export interface YamlDocument {
  readonly value: unknown;
  /** Where the field stands; for one that is not written, the nearest that is around it. */
  readonly locate: (path: readonly PathSegment[]) => Position;
}

export interface YamlError extends Position {
  readonly message: string;
}

export type YamlResult =
  | { readonly document: YamlDocument }
  | { readonly errors: readonly YamlError[] };

/** One result for each document that is not empty. Never throws. */
export function readYamlDocuments(text: string): readonly YamlResult[] {
  return splitDocuments(text)
    .filter((chunk) => !isEmpty(chunk.text))
    .map(readDocument)
    .filter((result) => result !== undefined);
}

interface Chunk {
  readonly text: string;
  /** Lines before the chunk. */
  readonly lineOffset: number;
}

function splitDocuments(text: string): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  let lineOffset = 0;
  const push = (end: number): void => {
    const chunk = text.slice(start, end);
    chunks.push({ text: chunk, lineOffset });
    lineOffset += chunk.split('\n').length - 1;
    start = end;
  };
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) if (index > 0) push(index);
  push(text.length);
  return chunks;
}

/** Only comments, directives and markers. */
function isEmpty(text: string): boolean {
  return text
    .split('\n')
    .every((line) => /^\s*(#.*)?$|^%(YAML|TAG)\s|^(---|\.\.\.)\s*(#.*)?$/.test(line));
}

/** More aliases than this in relation to what they stand for is an attack. */
const maxAliasCount = 100;

/** Of one document: a missing bracket can make hundreds. */
const maxErrors = 5;

function readDocument({ text, lineOffset }: Chunk): YamlResult | undefined {
  const lines = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: lineOffset + Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(text, {
      schema: 'yaml-1.1',
      customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || isJsonTag(tag)),
      resolveKnownTags: false,
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'silent',
    });
    if (document.errors.length > 0) {
      const errors = document.errors.slice(0, maxErrors);
      return {
        errors: errors.map((error) => ({ ...position(error.pos[0]), message: words(error) })),
      };
    }
    const value: unknown = document.toJS({ maxAliasCount });
    if (value === null) return undefined;
    return { document: { value, locate: (path) => position(findOffset(document, path)) } };
  } catch (error) {
    return { errors: [{ ...position(0), message: words(error) }] };
  }
}

function words(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith('Maximum call stack') ? 'Nested too deeply' : message;
}

/** Types that become JSON; times, sets and binary stay what they look like, `1:30` is no number. */
function isJsonTag(tag: { readonly tag: string; readonly format?: string }): boolean {
  const type = tag.tag.replace('tag:yaml.org,2002:', '');
  return jsonTypes.has(type) && tag.format !== 'TIME';
}

const jsonTypes = new Set(['map', 'seq', 'str', 'null', 'bool', 'int', 'float', 'merge']);

/** Offset of the key of a map entry, or of a list item. */
function findOffset(document: YamlLibraryDocument, path: readonly PathSegment[]): number {
  let node = resolve(document.contents, document);
  let offset = node?.range?.[0] ?? 0;
  for (const segment of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => keyText(key) === String(segment));
      if (pair === undefined) break;
      next = pair.value;
      offset = startOf(pair.key) ?? offset;
    } else if (isSeq(node) && typeof segment === 'number') {
      next = node.items[segment];
      if (next === undefined) break;
      offset = startOf(next) ?? offset;
    } else break;
    node = resolve(next, document);
  }
  return offset;
}

function resolve(node: unknown, document: YamlLibraryDocument): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return isNode(node) ? node : undefined;
}

function keyText(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
