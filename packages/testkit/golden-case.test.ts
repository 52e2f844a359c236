/** Cases that would pass without asserting anything are errors. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readGoldenCases } from './golden-case.ts';

const world = `kind: World
about: A world.
now: "2026-06-01T00:00:00Z"
channel: standard
settings: {}
dataPlanes: current
`;
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: infra }\n';
const something = 'findings: []\n';

/** Writes one case and reads it back. */
function readCase(situation: string, expectation: string): ReturnType<typeof readGoldenCases> {
  const root = mkdtempSync(join(tmpdir(), 'golden-'));
  try {
    const path = join(root, 'feature', 'name');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'in.yaml'), situation);
    writeFileSync(join(path, 'expect.yaml'), expectation);
    return readGoldenCases(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('a case is its world, its steps and what each of them expects', () => {
  const situation = `${world}---\n${namespace}---\nkind: Then\nabout: Later.\ndelete: [Namespace infra]\n`;
  const expectation = 'steps:\n  - findings: []\n  - requests: []\n';
  const [goldenCase] = readCase(situation, expectation);
  assert.ok(goldenCase);
  assert.equal(goldenCase.feature, 'feature');
  assert.equal(goldenCase.name, 'name');
  assert.equal(goldenCase.world.now, Date.UTC(2026, 5, 1));
  assert.deepEqual(goldenCase.steps, [
    { about: 'A world.', delete: [], manifests: `---\n${namespace}` },
    { about: 'Later.', delete: ['Namespace infra'], manifests: '' },
  ]);
  assert.deepEqual(goldenCase.expectations, [{ findings: [] }, { requests: [] }]);
});

const mistakes = [
  { name: 'no world', situation: namespace, expectation: something, error: /begin with a World/ },
  {
    name: 'an unknown word about the world',
    situation: `${world}today: 1\n`,
    expectation: something,
    error: /unknown key "today"/,
  },
  { name: 'no expectation', situation: world, expectation: '', error: /asserts nothing/ },
  {
    name: 'an unknown word in an expectation',
    situation: world,
    expectation: 'status: {}\n',
    error: /unknown key "status"/,
  },
  {
    name: 'a step that nobody looks at',
    situation: `${world}---\nkind: Then\nabout: Later.\n`,
    expectation: something,
    error: /2 steps, but 1 expectations/,
  },
];

for (const { name, situation, expectation, error } of mistakes) {
  test(`a case with ${name} is an error`, () => {
    assert.throws(() => readCase(situation, expectation), error);
  });
}

test('a run on no case at all is an error', () => {
  assert.throws(() => readGoldenCases(join(tmpdir(), 'no-such-folder')), /no golden case/);
});
