/** What a run prints: a line as each test ends, and at its end the failures and two tables. */
import type { Level, SuiteReport } from './suite-report.ts';
import type { TestOutcome } from './test-log.ts';

const slowestCount = 5;
const failureLines = 12;
const lineCharsMax = 400;
/** What follows each failure. */
const cleanup = /\bapply\.go:\d+: \S+ Deleting /;

/** Undefined for a test that did not run. */
export function renderOutcome({ name, result, seconds }: TestOutcome): string | undefined {
  if (result === 'skipped') return undefined;
  return `${result === 'passed' ? '✔' : '✖'} ${name} (${seconds.toFixed(1)} s)`;
}

export interface RunSummary {
  readonly outcomes: readonly TestOutcome[];
  /** Absent when the suite ended before it wrote one. */
  readonly report: SuiteReport | undefined;
  readonly seconds: number;
}

export function renderSummary({ outcomes, report, seconds }: RunSummary): string {
  const ran = outcomes.filter(({ result }) => result !== 'skipped');
  const failed = ran.filter(({ result }) => result === 'failed');
  const times = ran.map((outcome) => outcome.seconds).sort((a, b) => a - b);
  return [
    ...failed.flatMap(renderFailure),
    ...(report === undefined ? [] : renderProfiles(report)),
    '',
    ...(ran.length === 0 ? [] : [`slowest: ${renderSlowest(ran)}`]),
    `median ${median(times).toFixed(1)} s; all in ${Math.round(seconds)} s`,
    `${ran.length - failed.length} passed, ${failed.length} failed, ` +
      `${outcomes.length - ran.length} skipped for want of a claimed feature or by --run`,
  ].join('\n');
}

function renderSlowest(ran: readonly TestOutcome[]): string {
  const slowest = [...ran].sort((a, b) => b.seconds - a.seconds).slice(0, slowestCount);
  return slowest.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(', ');
}

function renderFailure({ name, lines }: TestOutcome): string[] {
  const telling = lines.filter((line) => !cleanup.test(line));
  const last = withoutRepeats(telling).slice(-failureLines);
  return ['', `✖ ${name}`, ...last.map((line) => `  ${shorten(line.trim())}`)];
}

/** A test that waits says the same at each try, with another time; the last of them is enough. */
function withoutRepeats(lines: readonly string[]): string[] {
  const text = (line: string | undefined): string | undefined =>
    line?.replace(/[\d.]+([nµm]?s)?/g, '');
  return lines.filter((line, index) => text(line) !== text(lines[index + 1]));
}

/** What went wrong is at the end of such lines, behind all that was sent. */
function shorten(line: string): string {
  if (line.length <= lineCharsMax) return line;
  const half = lineCharsMax / 2;
  return `${line.slice(0, half)} … ${line.slice(-half)}`;
}

function renderProfiles({ profiles, gatewayAPIVersion, gatewayAPIChannel }: SuiteReport): string[] {
  const rows = profiles.flatMap(({ name, core, extended }) => [
    renderLevel(name, 'core', core),
    ...(extended === undefined ? [] : [renderLevel(name, 'extended', extended)]),
  ]);
  const head = ['profile', 'level', 'result', 'passed', 'failed', 'skipped', 'features'];
  const title = `Gateway API ${gatewayAPIVersion}, ${gatewayAPIChannel} channel`;
  return ['', title, ...renderTable([head, ...rows])];
}

function renderLevel(name: string, level: string, value: Level): string[] {
  const { result, passed, failed, skipped, supportedFeatures } = value;
  const features = level === 'core' ? '' : String(supportedFeatures);
  return [name, level, result, String(passed), String(failed), String(skipped), features];
}

function renderTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function median(sorted: readonly number[]): number {
  const middle = Math.trunc(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
