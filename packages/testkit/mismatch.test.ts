import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkKeys, findMismatches } from './mismatch.ts';

const cases = [
  { name: 'equal', expected: { a: [1, 'x'] }, actual: { a: [1, 'x'] }, lines: [] },
  { name: 'more than expected', expected: { a: 1 }, actual: { a: 1, b: 2 }, lines: [] },
  {
    name: 'another value, deep down',
    expected: { a: [{ b: 1 }] },
    actual: { a: [{ b: 2 }] },
    lines: ['it.a[0].b: expected 1, got 2'],
  },
  {
    name: 'a longer list',
    expected: { a: [1] },
    actual: { a: [1, 2] },
    lines: ['it.a: expected [1], got [1,2]'],
  },
  {
    name: 'nothing there',
    expected: { a: { b: 1 } },
    actual: {},
    lines: ['it.a: expected {"b":1}, got nothing'],
  },
  {
    name: 'something where nothing should be',
    expected: { a: undefined },
    actual: { a: 0 },
    lines: ['it.a: expected nothing, got 0'],
  },
  { name: 'text is no number', expected: '1', actual: 1, lines: ['it: expected "1", got 1'] },
];

for (const { name, expected, actual, lines } of cases) {
  test(`findMismatches: ${name}`, () => {
    assert.deepEqual(findMismatches(expected, actual, 'it'), lines);
  });
}

test('checkKeys refuses a key that nobody reads', () => {
  assert.throws(
    () => checkKeys({ condition: {} }, ['conditions'], 'it'),
    /unknown key "condition"/,
  );
});
