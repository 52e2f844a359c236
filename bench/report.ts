/** Renders results: a table per scenario for people, one JSON document for machines. */
import type { PeerName } from './peer.ts';
import type { Row } from './run.ts';
import type { Scenario } from './scenario.ts';

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly rows: readonly Row[];
}

const labels: Record<PeerName, string> = {
  ours: 'sluice',
  nginx: 'nginx',
  nginxTuned: 'nginx, big buffers',
  haproxy: 'HAProxy',
  envoy: 'Envoy',
  limit: 'limit (bare epoll)',
};

const columns = ['CPU µs', '× nginx', '× limit', 'core %', 'req/s', 'p50 µs', 'p99 µs', 'RSS MiB'];
const labelWidth = 20;
const columnWidth = 9;

/** `{"scenarios":[{"scenario":"h1-small","ours":{…},"nginx":{…}}]}`; an absent peer has no key. */
export function renderJson(results: readonly ScenarioResult[]): string {
  return JSON.stringify({
    scenarios: results.map(({ scenario, rows }) => ({
      scenario: scenario.name,
      ...Object.fromEntries(rows.map((row) => [row.peer, figures(row)])),
    })),
  });
}

export function renderTable({ scenario, rows }: ScenarioResult): string {
  const head = ['', ...columns].map((text, index) => pad(text, index)).join('');
  const nginx = cpuOf(rows, 'nginx');
  const limit = cpuOf(rows, 'limit');
  const lines = rows.map((row) => {
    const errors = row.errors > 0 ? `  ${row.errors} failed requests` : '';
    return cells(row, nginx, limit).map(pad).join('') + errors;
  });
  return [`${scenario.name}: ${scenario.title}`, head, ...lines, ''].join('\n');
}

function figures(row: Row): Record<string, number> {
  return {
    cpuMicros: round(row.cpuMicros, 2),
    requestsPerSecond: round(row.requestsPerSecond, 0),
    p50Micros: round(row.p50Micros, 0),
    p99Micros: round(row.p99Micros, 0),
    rssMiB: round(row.rssMiB, 1),
  };
}

function cells(row: Row, nginx: number | undefined, limit: number | undefined): string[] {
  return [
    labels[row.peer],
    row.cpuMicros.toFixed(1),
    ratio(row.cpuMicros, nginx),
    ratio(row.cpuMicros, limit),
    (row.coreShare * 100).toFixed(0),
    row.requestsPerSecond.toFixed(0),
    row.p50Micros.toFixed(0),
    row.p99Micros.toFixed(0),
    row.rssMiB.toFixed(0),
  ];
}

function ratio(value: number, to: number | undefined): string {
  return to === undefined ? '–' : (value / to).toFixed(2);
}

function cpuOf(rows: readonly Row[], peer: PeerName): number | undefined {
  return rows.find((row) => row.peer === peer)?.cpuMicros;
}

function pad(text: string, column: number): string {
  return column === 0 ? text.padEnd(labelWidth) : text.padStart(columnWidth);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
