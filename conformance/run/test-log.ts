/**
 * Reads what a Go test binary writes with `-test.v=test2json`, line by line as it comes, into the
 * official tests: the subtests of `TestConformance`, each with its result, time and complaints.
 *
 * Durations are what the suite's own time stamps span: Go's figure leaves out the time in which a
 * test waits for its parallel parts. Where a test stamps nothing, Go's figure stands.
 */

export type TestResult = 'passed' | 'failed' | 'skipped';

export interface TestOutcome {
  /** As `HTTPRouteSimpleSameNamespace`. */
  readonly name: string;
  readonly result: TestResult;
  readonly seconds: number;
  /** Of a failed test: its last lines and those of its failed parts. Of a skipped one: why. */
  readonly lines: readonly string[];
}

export interface TestLog {
  /** One line without its end. Returns the official test that this line ends, if it does. */
  read(line: string): TestOutcome | undefined;
  /** Nothing more comes: the tests that have begun and not ended, as failed ones. */
  close(): readonly TestOutcome[];
  /** What the binary itself says when it ends early, and what stands outside any official test. */
  outside(): readonly string[];
}

interface Progress {
  firstMs: number | undefined;
  lastMs: number | undefined;
  readonly lines: string[];
}

const linesMax = 60;
const columnsMax = 2_000;
/** A control line starts with the octet 0x16, by which it differs from what tests print. */
const control =
  /^\u0016?(?:=== (RUN|CONT|NAME|PAUSE) +(\S*)|--- (PASS|FAIL|SKIP): (\S+) \(([\d.]+)s\))$/;
const stamp = /^ +\S+\.go:\d+: (\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)): /;
const results = { PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' } as const;

export function createTestLog(root = 'TestConformance'): TestLog {
  const running = new Map<string, Progress>();
  const outside: string[] = [];
  let current = '';

  const end = (path: string, word: keyof typeof results, goSeconds: number) => {
    const name = officialTest(root, path);
    if (name === undefined || path !== `${root}/${name}`) return undefined;
    const progress = running.get(name) ?? emptyProgress();
    running.delete(name);
    const result = results[word];
    const lines = result === 'passed' ? [] : progress.lines;
    return { name, result, seconds: Math.max(goSeconds, spanSeconds(progress)), lines };
  };

  return {
    read: (line) => {
      const [, turn, path, word, ended, goSeconds] = control.exec(line) ?? [];
      if (word !== undefined && ended !== undefined) {
        return end(ended, word as keyof typeof results, Number(goSeconds));
      }
      if (turn !== undefined) {
        current = path ?? '';
        return undefined;
      }
      const name = officialTest(root, current);
      if (name === undefined) keep(outside, line);
      else note(running, name, line);
      return undefined;
    },
    close: () =>
      [...running].map(([name, progress]) => ({
        name,
        result: 'failed',
        seconds: spanSeconds(progress),
        lines: progress.lines,
      })),
    outside: () => outside,
  };
}

/** The official test that a test or a part of one belongs to. */
function officialTest(root: string, path: string): string | undefined {
  const [first, name] = path.split('/');
  return first === root ? name : undefined;
}

function note(running: Map<string, Progress>, name: string, line: string): void {
  let progress = running.get(name);
  if (progress === undefined) {
    progress = emptyProgress();
    running.set(name, progress);
  }
  const at = stampMs(line);
  if (at !== undefined) {
    progress.firstMs ??= at;
    progress.lastMs = Math.max(progress.lastMs ?? at, at);
  }
  keep(progress.lines, line);
}

/** Tests ask ten times a second and say each time what they wait for: once is enough. */
function keep(lines: string[], line: string): void {
  if (line.trim() === '') return;
  const text = unstamped(line);
  const same = lines.findIndex((kept) => unstamped(kept) === text);
  if (same !== -1) lines.splice(same, 1);
  lines.push(line.slice(0, columnsMax));
  if (lines.length > linesMax) lines.shift();
}

function unstamped(line: string): string {
  return line.slice(0, columnsMax).replace(stamp, '');
}

function stampMs(line: string): number | undefined {
  const [, text] = stamp.exec(line) ?? [];
  // ECMAScript takes three digits of a second; the suite writes up to nine.
  return text === undefined ? undefined : Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
}

function spanSeconds({ firstMs, lastMs }: Progress): number {
  return firstMs === undefined || lastMs === undefined ? 0 : (lastMs - firstMs) / 1000;
}

function emptyProgress(): Progress {
  return { firstMs: undefined, lastMs: undefined, lines: [] };
}
