/**
 * Reach: every source is reached from a package's door or a program, never by tests alone, and
 * every path that the documents mention is there.
 */
import { posix } from 'node:path';
import { testOnlyPackage } from '../import-table.ts';
import { buildGraph } from '../module-graph.ts';
import {
  isGenerated,
  isTest,
  isTestSupport,
  isTypeScript,
  type Problem,
  packageOf,
  type SourceFile,
} from '../source-file.ts';

/** Named in these, a source is a program that somebody starts. */
const starters = /(^|\/)package\.json$|^\.ci\/|^\.githooks\/|^\.github\/|\.mjs$/;
const mentionedSource = /[\w@./-]+\.tsx?\b/g;

export function guardReach(files: readonly SourceFile[]): Problem[] {
  const graph = buildGraph(files);
  const reached = walk(graph, roots(files));
  const tested = walk(
    graph,
    files.map(({ path }) => path).filter((path) => isTest(path)),
  );
  return [...graph.keys()]
    .filter((path) => !isTest(path) && !isGenerated(path) && !reached.has(path))
    .filter((path) => !(isTestSupport(path) && tested.has(path)))
    .map((path) => ({
      path,
      line: 0,
      message: tested.has(path) ? 'only tests reach it' : 'nothing reaches it',
    }));
}

function roots(files: readonly SourceFile[]): string[] {
  const doors = files
    .map(({ path }) => path)
    .filter(
      (path) => path === `${packageOf(path)}/index.ts` && packageOf(path) !== testOnlyPackage,
    );
  const started = files
    .filter(({ path }) => starters.test(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(mentionedSource)].flatMap(([mention]) => [
        posix.normalize(mention),
        posix.join(posix.dirname(path), mention),
      ]),
    );
  return [...doors, ...started];
}

function walk(graph: ReadonlyMap<string, Set<string>>, starts: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const waiting = [...starts];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...(graph.get(path) ?? []));
  }
  return reached;
}

const link = /\]\(([^)\s]+)\)/g;
const ourRoots = 'packages|apps|tools|docs|bench|examples|conformance|deploy';
/** A path from one of our roots on, unless it is a pattern or a part of something else. */
const codePath = new RegExp(`(?<![\\w/.-])((?:${ourRoots})/[\\w./-]+\\w)(?![\\w/]*[*<{…])`, 'g');
const ownReadme = /\bsee README\.md/i;

/** Links of documents, and paths that documents and comments write from our roots on. */
export function guardDocuments(files: readonly SourceFile[]): Problem[] {
  const known = new Set(files.flatMap(({ path }) => [path, ...parents(path)]));
  return files
    .filter(({ path }) => !isGenerated(path))
    .flatMap((file) => mentions(file))
    .filter(({ target }) => !known.has(target))
    .map(({ path, line, target }) => ({ path, line, message: `${target} does not exist` }));
}

interface Mention {
  readonly path: string;
  readonly line: number;
  readonly target: string;
}

function mentions({ path, lines, tokens }: SourceFile): Mention[] {
  if (path.endsWith('.md')) {
    return lines.flatMap((text, index) => [
      ...linkTargets(path, text).map((target) => ({ path, line: index + 1, target })),
      ...codePaths(text).map((target) => ({ path, line: index + 1, target })),
    ]);
  }
  const comments = tokens.filter(({ kind }) => kind === 'comment');
  return comments.flatMap(({ text, line }) => [
    ...codePaths(text).map((target) => ({ path, line, target })),
    ...(ownReadme.test(text) ? [{ path, line, target: resolveBeside(path, 'README.md') }] : []),
  ]);
}

function codePaths(text: string): string[] {
  return [...text.matchAll(codePath)].map((match) => match[1] ?? '');
}

/** Without those that lead outside: other sites, and anchors of the same page. */
function linkTargets(from: string, text: string): string[] {
  return [...text.matchAll(link)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:|^#/.test(target))
    .map((target) => resolveBeside(from, target.replace(/#.*$/, '')).replace(/\/$/, ''));
}

function resolveBeside(from: string, target: string): string {
  return posix.join(posix.dirname(from), target);
}

function parents(path: string): string[] {
  const folders = path.split('/').slice(0, -1);
  return folders.map((_, index) => folders.slice(0, index + 1).join('/'));
}

const headerPattern = /^(#![^\n]*\n)?(\/\*\*|\/\/ \S)/;

/** A source opens with what it is and what it guarantees. */
export function guardHeaders(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(({ path }) => isTypeScript(path) && !isTest(path) && !isGenerated(path))
    .filter(({ text }) => !headerPattern.test(text))
    .map(({ path }) => ({ path, line: 1, message: 'opens without saying what it is' }));
}
