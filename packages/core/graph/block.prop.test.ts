/** Blocks together are the list, whatever the blocks before, and one change keeps the others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Block, cutBlocks } from './block.ts';

interface Item {
  readonly name: number;
}

const items = (count: number): Item[] => Array.from({ length: count }, (_, name) => ({ name }));

test('blocks hold the list, after any edits', () => {
  const edits = fc.array(fc.tuple(fc.constantFrom('add', 'remove', 'replace'), fc.nat()), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.nat(400), edits, (count, changes) => {
      let list = items(count);
      let blocks: readonly Block<Item>[] = cutBlocks(list);
      for (const [edit, place] of changes) {
        const at = list.length === 0 ? 0 : place % list.length;
        const added = edit === 'remove' ? [] : [{ name: place }];
        list = list.toSpliced(at, edit === 'add' ? 0 : 1, ...added);
        blocks = cutBlocks(list, blocks);
        assert.deepEqual(
          blocks.flatMap((block) => block.items),
          list,
        );
        assert.ok(blocks.length <= Math.max(3, Math.ceil(list.length / 64) * 3));
      }
    }),
    { numRuns: 100 },
  );
});

test('one change leaves all blocks but one as they are', () => {
  const list = items(10_000);
  const before = cutBlocks(list);
  for (const at of [0, 63, 64, 5_000, 9_999]) {
    const after = cutBlocks(list.with(at, { name: -1 }), before);
    const kept = after.filter((block) => before.includes(block));
    assert.equal(kept.length, before.length - 1);
  }
});
