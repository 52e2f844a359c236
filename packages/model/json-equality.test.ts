/** JSON equality is the equality of `node:assert`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isEqualJson } from './json-equality.ts';

test('a copy is equal; two values are when node says so', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(json, json, (one, other) => {
      assert.ok(isEqualJson(one, structuredClone(one)));
      let isSame = true;
      try {
        assert.deepEqual(one, other);
      } catch {
        isSame = false;
      }
      // To `node:assert`, 0 and -0 differ; to a config they don't.
      if (!Object.is(one, other) && one === other) isSame = true;
      assert.equal(isEqualJson(one, other), isSame);
    }),
  );
});

test('shapes that look alike are not equal', () => {
  const rows: [unknown, unknown][] = [
    [[], {}],
    [{}, null],
    [{ a: 1 }, { b: 1 }],
    [{ a: undefined }, { b: undefined }],
    [[1], [1, 2]],
    [{ a: 1 }, { a: 1, b: 2 }],
    ['1', 1],
    [JSON.parse('{"__proto__": 1}'), {}],
    [{ toString: 1 }, {}],
  ];
  for (const [one, other] of rows) {
    assert.ok(!isEqualJson(one, other));
    assert.ok(!isEqualJson(other, one));
  }
});
