/** Reading one query parameter, as a backend would read it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { findQueryValue } from './index.ts';

test('the first value of an exact name, decoded', () => {
  const rows: [query: string, name: string, value: string | undefined][] = [
    ['', 'a', undefined],
    ['a=1', 'a', '1'],
    ['a=1&a=2', 'a', '1'],
    ['b=1&a=2', 'a', '2'],
    ['ab=1', 'a', undefined],
    ['A=1', 'a', undefined],
    ['a', 'a', ''],
    ['a&b', 'b', ''],
    ['a=', 'a', ''],
    ['a=b=c', 'a', 'b=c'],
    ['&&a=1&', 'a', '1'],
    ['&&', '', undefined],
    ['a=1&=2', '', '2'],
    ['a=x%20y', 'a', 'x y'],
    ['a=x+y', 'a', 'x y'],
    ['a=x%2By', 'a', 'x+y'],
    ['%61=1', 'a', '1'],
    ['a=%C3%A9', 'a', 'é'],
    ['a=%26b%3D2', 'b', undefined],
    ['a=%zz', 'a', '%zz'],
    ['a=%ff', 'a', '%ff'],
    ['__proto__=1&constructor=2', 'constructor', '2'],
    ['x=1', 'toString', undefined],
    ['a;b=1', 'b', undefined],
  ];
  for (const [query, name, value] of rows) {
    assert.equal(findQueryValue(query, name), value, `${name} in ${query}`);
  }
});

test('agrees with URLSearchParams on what is valid UTF-8', () => {
  const word = fc.string({ unit: 'binary', maxLength: 5 });
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 4 }), word, (pairs, other) => {
      const parameters = new URLSearchParams(pairs);
      for (const name of [...pairs.map((pair) => pair[0]), other]) {
        assert.equal(
          findQueryValue(parameters.toString(), name),
          parameters.get(name) ?? undefined,
        );
      }
    }),
  );
});
