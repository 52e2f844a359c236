/** docs/spec.md is what the repository says today, and every spec mark is shown by something. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readCoverage } from './coverage.ts';
import { renderPage } from './page.ts';

const coverage = readCoverage();

test('docs/spec.md is up to date', () => {
  assert.equal(readFileSync('docs/spec.md', 'utf8'), renderPage(coverage), 'run: npm run spec');
});

/** What no finding carries, or what the API server refuses already. */
const bareMarks = new Set([
  'GEP-1713 listener precedence',
  'GEP-1742 timeouts',
  'GEP-3567 OverlappingTLSConfig',
  'HTTPPathModifier.replacePrefixMatch',
  'HTTPRequestRedirectFilter',
]);

test('every other spec mark of the core has a golden or a test', () => {
  const bare = coverage.marks.filter(({ goldens, tests }) => goldens.length + tests.length === 0);
  assert.deepEqual(
    bare.map(({ mark }) => mark).filter((mark) => !bareMarks.has(mark)),
    [],
  );
});

test('every golden that is named like an official test is counted', () => {
  const covered = coverage.tests.filter(({ golden }) => golden !== undefined);
  assert.ok(covered.length >= 97, `${covered.length} goldens`);
});
