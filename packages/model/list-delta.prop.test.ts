/** `listDelta` = the difference of two multisets, whatever moved, repeats or changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { isSameList, listDelta } from './list-delta.ts';

const item = fc.nat(6);
const anyList = fc.array(item, { maxLength: 12 });

/** Mostly small edits, as they come in practice. */
const edit = fc.record({
  at: fc.nat(12),
  remove: fc.nat(1),
  insert: fc.array(item, { maxLength: 2 }),
});
const edited = fc.tuple(anyList, fc.array(edit, { maxLength: 3 })).map(([list, edits]) => ({
  before: list,
  after: edits.reduce((now, { at, remove, insert }) => now.toSpliced(at, remove, ...insert), list),
}));
const unrelated = fc.record({ before: anyList, after: anyList });

test('what goes and what comes turn one list into the other', () => {
  fc.assert(
    fc.property(fc.oneof(edited, unrelated), ({ before, after }) => {
      const { gone, come } = listDelta(before, after);
      const rest = [...before];
      for (const one of gone) {
        assert.ok(rest.includes(one));
        rest.splice(rest.indexOf(one), 1);
      }
      assert.deepEqual(sorted([...rest, ...come]), sorted(after));
      assert.deepEqual(
        gone.filter((one) => come.includes(one)),
        [],
      );
    }),
    { numRuns: 2_000 },
  );
});

test('a list is the same as one of the same items in the same order', () => {
  fc.assert(
    fc.property(fc.oneof(edited, unrelated), ({ before, after }) => {
      assert.equal(isSameList(before, after), JSON.stringify(before) === JSON.stringify(after));
    }),
  );
});

function sorted(items: readonly number[]): number[] {
  return items.toSorted((one, other) => one - other);
}
