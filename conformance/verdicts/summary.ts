/** The results of a comparison, for people. */
import type { Comparison } from './comparison.ts';
import type { DrawnObject } from './object-draw.ts';

export interface Compared {
  readonly seed: number;
  readonly drawn: DrawnObject;
  readonly comparison: Comparison;
}

/** A row a kind and version, and the sum. */
export function renderSummary(results: readonly Compared[], durationMs: number): string {
  const nameOf = ({ drawn: { kind } }: Compared): string => `${kind.kind} ${kind.version}`;
  const names = [...new Set(results.map(nameOf))].sort();
  const rows = names.map((name) =>
    renderRow(
      name,
      results.filter((result) => nameOf(result) === name),
    ),
  );
  const seconds = (durationMs / 1000).toFixed(1);
  return [
    [`kind`.padEnd(nameWidth), ...columns.map((name) => name.padStart(columnWidth))].join(''),
    ...rows,
    renderRow('all', results),
    ...countReasons(results),
    `${results.length} objects compared in ${seconds} s, servers' start aside`,
  ].join('\n');
}

const nameWidth = 32;
const columnWidth = 12;
const columns = ['accepted', 'rejected', 'intended', 'differences'] as const;

function renderRow(name: string, results: readonly Compared[]): string {
  const comparisons = results.map(({ comparison }) => comparison);
  const intended = comparisons.filter((each) => each.intended !== undefined);
  const different = comparisons.filter(({ differences }) => differences.length > 0);
  const same = comparisons.length - intended.length - different.length;
  const accepted = comparisons.filter(
    (each) => each.accepted && each.intended === undefined && each.differences.length === 0,
  ).length;
  const cells = [accepted, same - accepted, intended.length, different.length];
  return name.padEnd(nameWidth) + cells.map((cell) => String(cell).padStart(columnWidth)).join('');
}

function countReasons(results: readonly Compared[]): string[] {
  const reasons = results.flatMap(({ comparison }) => comparison.intended ?? []);
  return [...new Set(reasons)].map(
    (reason) => `intended, ${reasons.filter((each) => each === reason).length}: ${reason}`,
  );
}

export function renderDifference({ seed, drawn, comparison }: Compared): string {
  const { channel, kind, object, mutations, fieldValidation } = drawn;
  const again = `--channel ${channel} --seed ${seed} --count 1`;
  const title = `${again}: ${kind.kind} ${kind.version}, ${fieldValidation}`;
  return [
    `${title}${mutations.length === 0 ? '' : `, changed: ${mutations.join(', ')}`}`,
    ...comparison.differences.flatMap(({ what, ours, server }) => [
      `  ${what}`,
      `    ours:   ${JSON.stringify(ours)}`,
      `    server: ${JSON.stringify(server)}`,
    ]),
    `  object: ${JSON.stringify(object).slice(0, 2_000)}`,
  ].join('\n');
}
