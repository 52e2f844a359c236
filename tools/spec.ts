/**
 * `npm run spec`: writes docs/spec.md, where each official test and each spec mark is paired with
 * the goldens and tests that show it. `tools/spec/page.test.ts` fails when the page is stale.
 */
import { writeFileSync } from 'node:fs';
import { readCoverage } from './spec/coverage.ts';
import { renderPage } from './spec/page.ts';

const page = 'docs/spec.md';
writeFileSync(page, renderPage(readCoverage()));
console.log(`wrote ${page}`);
