/** A layered map = a plain one, whatever lies over what. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LayeredMap } from './layered-map.ts';

const key = fc.nat(60).map((number) => `k${number}`);
const change = fc.tuple(key, fc.option(fc.nat(), { nil: undefined, freq: 2 }));

test('changes lie over each other as in a map that is edited', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(key, fc.nat())),
      fc.array(fc.array(change, { maxLength: 12 }), { maxLength: 12 }),
      (start, rounds) => {
        const plain = new Map(start);
        let layered = LayeredMap.of(new Map(start));
        for (const round of rounds) {
          const before = layered;
          const entries = new Map(plain);
          layered = layered.patched(new Map(round));
          for (const [name, value] of round) {
            if (value === undefined) plain.delete(name);
            else plain.set(name, value);
          }
          for (let number = 0; number <= 60; number++) {
            assert.equal(layered.get(`k${number}`), plain.get(`k${number}`));
            assert.equal(before.get(`k${number}`), entries.get(`k${number}`));
          }
          assert.equal(layered.size, plain.size);
          const values = [...layered.values()];
          assert.equal(values.length, plain.size);
          assert.deepEqual(new Set(values), new Set(plain.values()));
        }
      },
    ),
    { numRuns: 200 },
  );
});
