/** What a run prints and keeps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatResults, parseResults } from './results.ts';
import { readSuiteReport } from './suite-report.ts';
import { renderOutcome, renderSummary } from './summary.ts';
import type { TestOutcome } from './test-log.ts';

const outcomes: readonly TestOutcome[] = [
  { name: 'B', result: 'passed', seconds: 1.26, lines: [] },
  { name: 'A', result: 'failed', seconds: 31, lines: ['    a.go:1: expected 200, got 503'] },
  { name: 'C', result: 'skipped', seconds: 0, lines: [] },
  { name: 'D', result: 'passed', seconds: 2, lines: [] },
];

const reportText = `
kind: ConformanceReport
gatewayAPIVersion: v1.7.0
gatewayAPIChannel: experimental
profiles:
- name: GATEWAY-HTTP
  core:
    failedTests: [A]
    result: failure
    statistics: { Failed: 1, Passed: 36, Skipped: 0 }
  extended:
    result: success
    statistics: { Failed: 0, Passed: 2, Skipped: 0 }
    supportedFeatures: [GatewayPort8080, HTTPRouteCORS]
- name: GATEWAY-TLS
  core:
    result: success
    statistics: { Failed: 0, Passed: 20, Skipped: 0 }
`;

test('a line a test that ran', () => {
  assert.deepEqual(outcomes.map(renderOutcome), [
    '✔ B (1.3 s)',
    '✖ A (31.0 s)',
    undefined,
    '✔ D (2.0 s)',
  ]);
});

test('failures, profiles, times and totals', () => {
  const report = readSuiteReport(reportText);
  assert.equal(
    renderSummary({ outcomes, report, seconds: 77.4 }),
    `
✖ A
  a.go:1: expected 200, got 503

Gateway API v1.7.0, experimental channel
profile       level     result   passed  failed  skipped  features
GATEWAY-HTTP  core      failure  36      1       0
GATEWAY-HTTP  extended  success  2       0       0        2
GATEWAY-TLS   core      success  20      0       0

slowest: A 31.0 s, D 2.0 s, B 1.3 s
median 2.0 s; all in 77 s
2 passed, 1 failed, 1 skipped for want of a claimed feature or by --run`,
  );
});

test('of a test that waited, the last try is shown, not how it was cleaned up', () => {
  const sent = `request ${'x'.repeat(500)}`;
  const lines = [
    `    http.go:322: 13:59:53.052 ${sent} not ready yet: got 503 (after 29.0 s)`,
    `    http.go:322: 13:59:53.153 ${sent} not ready yet: got 503 (after 29.1 s)`,
    '    apply.go:295: 13:59:54.021 Deleting 303-redirect HTTPRoute',
  ];
  const failed: TestOutcome = { name: 'A', result: 'failed', seconds: 30, lines };
  const text = renderSummary({ outcomes: [failed], report: undefined, seconds: 1 });
  assert.match(text, /✖ A\n {2}http\.go:322: 13:59:53\.153 .+ … .+ got 503 \(after 29\.1 s\)\n\n/);
});

test('a suite without report or tests has a summary too', () => {
  const text = renderSummary({ outcomes: [], report: undefined, seconds: 1 });
  assert.match(text, /0 passed, 0 failed, 0 skipped/);
});

test('another file is no report', () => {
  assert.throws(() => readSuiteReport('kind: Pod'), /not a report/);
  assert.throws(() => readSuiteReport(''), /not a report/);
});

test('results of tests that ran, by name, survive a file', () => {
  const text = formatResults(outcomes);
  assert.deepEqual(parseResults(text), [
    { name: 'A', result: 'failed', seconds: 31 },
    { name: 'B', result: 'passed', seconds: 1.3 },
    { name: 'D', result: 'passed', seconds: 2 },
  ]);
  assert.throws(() => parseResults('{"name":"A"}\n'), /not a result/);
});
