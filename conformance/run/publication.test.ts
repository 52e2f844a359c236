/** What is published is the suite's own report, named and listed as its repository wants it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { publish } from './publication.ts';
import { parseResults } from './results.ts';

test('report, results and a README that lists all reports', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-publication-'));
  try {
    const reportPath = join(directory, 'report.yaml');
    writeFileSync(reportPath, 'kind: ConformanceReport # as it is\n');
    const outcomes = [{ name: 'A', result: 'passed', seconds: 1, lines: [] }] as const;
    for (const gatewayAPIChannel of ['standard', 'experimental']) {
      const report = { gatewayAPIVersion: 'v1.7.0', gatewayAPIChannel, profiles: [] };
      publish({ report, reportPath, outcomes, version: 'v0.1.0', directory });
    }
    const folder = join(directory, 'v1.7/sluice');
    const experimental = join(folder, 'experimental-0.1.0-default');
    assert.equal(
      readFileSync(`${experimental}-report.yaml`, 'utf8'),
      readFileSync(reportPath, 'utf8'),
    );
    const results = parseResults(readFileSync(`${experimental}-results.jsonl`, 'utf8'));
    assert.deepEqual(results, [{ name: 'A', result: 'passed', seconds: 1 }]);
    assert.equal(readdirSync(folder).length, 5);
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const channel of ['standard', 'experimental']) {
      const file = `${channel}-0.1.0-default-report.yaml`;
      const row = `| ${channel} | v0.1.0 | default | [v0.1.0 report](./${file}) |`;
      assert.ok(readme.includes(row), readme);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
