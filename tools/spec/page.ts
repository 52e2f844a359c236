/** Renders docs/spec.md. */
import type { Coverage, MarkCoverage, TestCoverage } from './coverage.ts';

const none = '–';

export function renderPage({ version, tests, marks }: Coverage): string {
  const covered = tests.filter(({ golden }) => golden !== undefined).length;
  return [
    '# What the specification asks and what shows it',
    '',
    '<!-- Written by `npm run spec`. -->',
    '',
    `The official Gateway API conformance suite ${version} has ${tests.length} tests on the Gateway`,
    `side; ${covered} have a golden case of their own: the test's situation as YAML, the statuses and`,
    'answers that the test asserts, and all that we make of it. Under *end to end* stand the test',
    'that sends the requests of the golden through a running proxy, and tests over sockets that name',
    'the official test; under *property* those over generated input that name it. *Suite* is the',
    `official suite itself against a real API server: ${renderRun(tests)}.`,
    '',
    '## Official tests',
    '',
    '| test | golden | property | end to end | suite |',
    '|---|---|---|---|---|',
    ...tests.map(renderTest),
    '',
    '## Spec marks',
    '',
    'Each finding names the part of the specification behind it. A mark stands here with the goldens',
    'that have such a finding, and with the tests of the core that name the mark.',
    '',
    '| mark | goldens | tests |',
    '|---|---|---|',
    ...marks.map(renderMark),
    '',
  ].join('\n');
}

function renderRun(tests: readonly TestCoverage[]): string {
  const results = tests.flatMap(({ suite }) => suite ?? []);
  if (results.length === 0) return 'it has not been run yet';
  const passed = results.filter(({ result }) => result === 'passed').length;
  return `the published run passed ${passed} of the ${results.length} tests that it ran`;
}

function renderTest({ name, golden, properties, endToEnd, suite }: TestCoverage): string {
  const link = golden === undefined ? none : `[golden](../${golden})`;
  const run = suite === undefined ? none : `${suite.result} (${suite.seconds} s)`;
  return `| ${name} | ${link} | ${renderFiles(properties)} | ${renderFiles(endToEnd)} | ${run} |`;
}

function renderMark({ mark, goldens, tests }: MarkCoverage): string {
  const first = goldens.slice(0, 3).join(', ');
  const more = goldens.length > 3 ? ` and ${goldens.length - 3} more` : '';
  return `| ${mark} | ${goldens.length === 0 ? none : first + more} | ${renderFiles(tests)} |`;
}

function renderFiles(paths: readonly string[]): string {
  if (paths.length === 0) return none;
  return paths.map((path) => `[${path.split('/').at(-1)}](../${path})`).join(' ');
}
