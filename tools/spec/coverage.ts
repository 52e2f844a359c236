/**
 * Which official tests and which spec marks are covered by what, read from the repository's text:
 * folders of goldens, marks in their `out.yaml`, names in test files, results of the official
 * suite.
 *
 * Official tests are those of the Gateway side of the conformance suite: names are facts of its Go
 * module, kept in official-tests.json.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { parseResults, type ResultLine } from '../../conformance/run/results.ts';

export interface Coverage {
  /** As `v1.7.0`. */
  readonly version: string;
  readonly tests: readonly TestCoverage[];
  readonly marks: readonly MarkCoverage[];
}

export interface TestCoverage {
  readonly name: string;
  /** Folder of the golden case. */
  readonly golden: string | undefined;
  /** Test files that name the test. */
  readonly properties: readonly string[];
  readonly endToEnd: readonly string[];
  /** Of the published run of the official suite. */
  readonly suite: ResultLine | undefined;
}

export interface MarkCoverage {
  readonly mark: string;
  /** Names of goldens with a finding of this mark. */
  readonly goldens: readonly string[];
  /** Test files of the core that name it. */
  readonly tests: readonly string[];
}

/**
 * Files that may hold tests over sockets: not those of packages without any, nor those of what
 * reads the suite's own results.
 */
const endToEndGlob =
  '{packages/proxy,packages/testkit,apps,examples,bench,conformance/trials}/**/*.test.ts';
/** Of the channel that has all tests. */
const resultsGlob = 'conformance/reports/*/sluice/experimental-*-results.jsonl';
const goldenGlob = 'packages/core/golden/*/*/out.yaml';
/** Sends the requests of every golden case that has some through a running proxy. */
const goldenTraffic = 'packages/testkit/golden.e2e.test.ts';

export function readCoverage(root: string = process.cwd()): Coverage {
  const official = JSON.parse(
    readFileSync(`${import.meta.dirname}/official-tests.json`, 'utf8'),
  ) as { version: string; names: string[] };
  const goldens = readTexts(root, goldenGlob);
  const properties = readTexts(root, 'packages/**/*.prop.test.ts');
  const endToEnd = readTexts(root, endToEndGlob);
  const results = readResults(root);
  const tests = official.names.map((name) => {
    const golden = goldens.map(({ path }) => dirname(path)).find((path) => basename(path) === name);
    const named = findNaming(endToEnd, name).filter((path) => !path.endsWith('.prop.test.ts'));
    const sent = golden !== undefined && hasRequests(`${root}/${golden}`) ? [goldenTraffic] : [];
    return {
      name,
      golden,
      properties: findNaming(properties, name),
      endToEnd: [...sent, ...named],
      suite: results.get(name),
    };
  });
  return { version: official.version, tests, marks: readMarks(root, goldens) };
}

/** Of the last published version, which is the last by name. */
function readResults(root: string): ReadonlyMap<string, ResultLine> {
  const text = readTexts(root, resultsGlob).at(-1)?.text ?? '';
  return new Map(parseResults(text).map((line) => [line.name, line]));
}

/** HTTP/2 to backends is not spoken yet: such requests are only lowered and matched. */
function hasRequests(golden: string): boolean {
  const text = readFileSync(`${golden}/expect.yaml`, 'utf8');
  return /\brequests:/.test(text) && !text.includes('protocol: h2c');
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

function readTexts(root: string, glob: string): TextFile[] {
  const paths = globSync(glob, { cwd: root, exclude: ['**/node_modules/**'] }).sort();
  return paths.map((path) => ({
    path: relative('.', path),
    text: readFileSync(`${root}/${path}`, 'utf8'),
  }));
}

function findNaming(files: readonly TextFile[], name: string): string[] {
  const pattern = new RegExp(`\\b${name}\\b`);
  return files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

function readMarks(root: string, goldens: readonly TextFile[]): MarkCoverage[] {
  const source = readFileSync(`${root}/packages/core/marks.ts`, 'utf8');
  const tests = readTexts(root, 'packages/core/**/*.test.ts');
  const declared = [...source.matchAll(/^ {2}(\w+): '([^']+)',$/gm)];
  if (declared.length === 0) throw new Error('packages/core/marks.ts declares no mark');
  const marks = new Set(declared.map(([, , mark = '']) => mark));
  return [...marks].sort().map((mark) => {
    const keys = declared.flatMap(([, key, text]) => (text === mark ? [`SPEC.${key}`] : []));
    const names = [...keys, `'${mark}'`];
    return {
      mark,
      goldens: goldens
        .filter(({ text }) => text.split('\n').some((line) => line.trim() === `spec: ${mark}`))
        .map(({ path }) => basename(dirname(path))),
      tests: tests
        .filter(({ text }) => names.some((name) => text.includes(name)))
        .map(({ path }) => path),
    };
  });
}
