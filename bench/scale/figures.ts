/** Figures beside the goals that they are held against. */

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** At most this; absent: for information. */
  readonly goal?: number;
}

export interface ScenarioFigures {
  readonly scenario: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  /** What went wrong, as words. */
  readonly problems: readonly string[];
}

/** The smallest value that a share of all does not exceed; 0 when there are none. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Median and 99th percentile, with goals for both or neither. */
export function spread(
  name: string,
  values: readonly number[],
  goals?: { readonly p50: number; readonly p99: number },
): Figure[] {
  return [
    figure(`${name}, p50`, quantileOf(values, 0.5), 'ms', goals?.p50),
    figure(`${name}, p99`, quantileOf(values, 0.99), 'ms', goals?.p99),
    figure(`${name}, max`, quantileOf(values, 1), 'ms'),
  ];
}

export function figure(name: string, value: number, unit: string, goal?: number): Figure {
  return { name, value, unit, ...(goal === undefined ? {} : { goal }) };
}

export function isMet({ figures, problems }: ScenarioFigures): boolean {
  return problems.length === 0 && figures.every(({ value, goal }) => value <= (goal ?? value));
}

export function renderScenario(result: ScenarioFigures): string {
  const lines = result.figures.map(({ name, value, unit, goal }) => {
    const shown = `${format(value)} ${unit}`.padStart(14);
    if (goal === undefined) return `  ${name.padEnd(46)}${shown}`;
    const verdict = value <= goal ? 'met' : 'MISSED';
    return `  ${name.padEnd(46)}${shown}   goal ≤ ${format(goal)}: ${verdict}`;
  });
  const problems = result.problems.map((problem) => `  problem: ${problem}`);
  return [`${result.scenario}: ${result.title}`, ...lines, ...problems, ''].join('\n');
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);
}
