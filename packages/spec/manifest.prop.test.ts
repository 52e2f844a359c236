import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Manifest, parseManifests } from './index.ts';

/** What every manifest keeps to, whatever the text. */
function assertSound(manifest: Manifest, text: string): void {
  const lines = text.split('\n').length;
  for (const problem of manifest.problems) {
    assert.ok(problem.line >= 1 && problem.line <= lines && problem.column >= 1);
    assert.ok(problem.message !== '' && problem.hint !== '');
  }
  for (const { line, column } of manifest.rejected) {
    const isSaid = manifest.problems.some(
      (problem) =>
        problem.severity === 'error' &&
        (problem.line > line || (problem.line === line && problem.column >= column)),
    );
    assert.ok(isSaid, 'rejected without an error');
  }
  for (const { locate } of manifest.objects) {
    for (const path of ['', 'spec.rules[0].matches[0]', 'metadata.labels[a/b]', '[[[', 'a..b']) {
      assert.ok(locate(path).line >= 1);
    }
  }
}

const base = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a, labels: &l {a: b}}
spec:
  parentRefs: [{name: g}]
  rules:
  - matches:
    - path: {type: Exact, value: "/a"}
    backendRefs:
    - {name: s, port: 80}
---
apiVersion: v1
kind: Secret
metadata: {name: a, labels: *l}
`;

test('any text gives a sound manifest', () => {
  const tokens =
    '---\n,- ,: ,\n,  ,{,},[,],",\',&a ,*a,<<: ,#,? ,|\n,>,!,%,@,\t,\r,kind,apiVersion,v1,List,items';
  const token = fc.constantFrom(...tokens.split(','));
  const text = fc.oneof(
    fc.string(),
    fc.array(token, { maxLength: 40 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, (any) => {
      assertSound(parseManifests(any, 'f', { channel: 'standard' }), any);
    }),
    { numRuns: 500 },
  );
});

test('a good manifest with a piece replaced gives a sound one', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom('', '*', 'null', '\n---\n', ' - ', '{}', '[]', 'on', '1', '"'),
  );
  fc.assert(
    fc.property(fc.nat(base.length), fc.nat(12), piece, (at, length, by) => {
      const text = base.slice(0, at) + by + base.slice(at + length);
      assertSound(parseManifests(text, 'f', { channel: 'experimental' }), text);
    }),
    { numRuns: 500 },
  );
});

test('nesting without end is an error, not a crash', () => {
  for (const text of ['['.repeat(30_000), `a: ${'{a: '.repeat(9000)}1${'}'.repeat(9000)}`]) {
    const { objects, problems } = parseManifests(text, 'f', { channel: 'standard' });
    assert.equal(objects.length, 0);
    assert.ok(problems.length > 0);
  }
  const levels = `${'{a: '.repeat(150)}1${'}'.repeat(150)}`;
  const pod =
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n' +
    `spec: {containers: [{name: a, env: ${levels}}]}\n`;
  const { problems } = parseManifests(pod, 'f', { channel: 'standard' });
  assert.deepEqual(
    problems.map(({ rule }) => rule),
    ['depth: 100'],
  );
});
