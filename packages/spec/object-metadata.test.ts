import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { validateObject } from './validation.ts';

function problemsOf(metadata: unknown, kind = 'ConfigMap'): readonly string[] {
  const { problems } = validateObject(
    { apiVersion: 'v1', kind, metadata, spec: { clusterIP: 'None' } },
    { channel: 'standard' },
  );
  return problems
    .filter(({ field }) => field.startsWith('metadata'))
    .map(({ severity, field, message, hint }) => `${severity} ${field}: ${message} ${hint}`);
}

const long = (length: number): string => 'a'.repeat(length);

describe('metadata', () => {
  const bad: readonly (readonly [unknown, RegExp, string?])[] = [
    [undefined, /^error metadata: is required and missing/],
    [{}, /^error metadata.name: is required and missing/],
    [{ name: '' }, /^error metadata.name: is required and missing/],
    [{ generateName: 'a-' }, /^error metadata.name: .*generateName is of no use/],
    [{ name: 1 }, /^error metadata.name: must be a string, is a number/],
    [{ name: 'Shop' }, /^error metadata.name: "Shop" is not a valid name.*lower-case/],
    [{ name: 'a_b' }, /^error metadata.name/],
    [{ name: '-a' }, /^error metadata.name/],
    [{ name: long(254) }, /^error metadata.name: .*at most 253/],
    [{ name: 'a.b' }, /^error metadata.name: .*at most 63/, 'Service'],
    [{ name: long(64) }, /^error metadata.name/, 'Namespace'],
    [{ name: 'a', namespace: 'a.b' }, /^error metadata.namespace: "a.b" is not a valid namespace/],
    [{ name: 'a', namespace: 'b' }, /^warning metadata.namespace: .*no namespace/, 'Namespace'],
    [{ name: 'a', labels: { '-a': '' } }, /^error metadata.labels.-a: "-a" is not a valid key/],
    [
      { name: 'a', labels: { 'a/b/c': '' } },
      /^error metadata.labels\[a\/b\/c\]: .* not a valid key/,
    ],
    [{ name: 'a', labels: { a: long(64) } }, /^error metadata.labels.a: .*annotations may hold/],
    [{ name: 'a', labels: { a: 'b c' } }, /^error metadata.labels.a: "b c" is not a valid label/],
    [{ name: 'a', labels: { a: true } }, /^error metadata.labels.a: must be a string.*quotes/],
    [{ name: 'a', annotations: { 'a b': '' } }, /^error metadata.annotations\[a b\]: .*valid key/],
    [{ name: 'a', annotations: { a: long(262_145) } }, /^error metadata.annotations: .*262144/],
    [{ name: 'a', creationTimestamp: 'now' }, /^error metadata.creationTimestamp: .*RFC 3339/],
    [{ name: 'a', lables: {} }, /^warning metadata.lables: unknown .* did you mean "labels"/],
    ['a', /^error metadata: must be a map, is a string/],
  ];
  for (const [metadata, says, kind] of bad) {
    test(String(says), () => {
      const [problem, ...rest] = problemsOf(metadata, kind);
      assert.deepEqual(rest, []);
      assert.match(problem ?? '', says);
    });
  }

  test('that is right', () => {
    const metadata = {
      name: `${long(63)}.example-1.com`,
      namespace: long(63),
      labels: { 'app.kubernetes.io/name': 'Shop_1.2', empty: '' },
      annotations: { 'Example.com/Any': 'any text, {"even": "JSON"}' },
      creationTimestamp: '2026-01-31T12:00:00Z',
      deletionTimestamp: null,
      uid: '1',
      generation: 2,
    };
    assert.deepEqual(problemsOf(metadata), []);
  });
});
