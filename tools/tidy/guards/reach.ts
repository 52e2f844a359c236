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

/** Test support is a package of its own, or data beside the tests that is named as such. */
function isTestSupport(path: string): boolean {
  return packageOf(path) === testOnlyPackage || /(^|\/)sample-[^/]+\.ts$/.test(path);
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
const codePath =
  /`((?:packages|apps|tools|docs|bench|examples|conformance|\.ci|\.githooks)\/[\w./-]+)`/g;

/** Links, and paths in backquotes that begin at one of our roots. */
export function guardDocuments(files: readonly SourceFile[]): Problem[] {
  const known = new Set(files.flatMap(({ path }) => [path, ...parents(path)]));
  return files
    .filter(({ path }) => path.endsWith('.md') && !isGenerated(path))
    .flatMap(({ path, lines }) =>
      lines.flatMap((text, index) => {
        const links = [...text.matchAll(link)].map((match) => linkTarget(path, match[1] ?? ''));
        const paths = [...text.matchAll(codePath)].map((match) => match[1]?.replace(/\/$/, ''));
        return [...links, ...paths]
          .filter((target) => target !== undefined && !known.has(target))
          .map((target) => ({ path, line: index + 1, message: `${target} does not exist` }));
      }),
    );
}

/** Absent for what lies outside: other sites, and anchors of the same page. */
function linkTarget(from: string, target: string): string | undefined {
  if (/^[a-z]+:|^#/.test(target)) return undefined;
  const path = posix.join(posix.dirname(from), target.replace(/#.*$/, ''));
  return path.replace(/\/$/, '');
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
