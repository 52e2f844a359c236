/** The edits are what they claim: all kinds, each visible, each a change of a file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstWorld, makeEdits } from './edit.ts';
import { renderWorld } from './world.ts';

const certificates = ['one', 'two', 'three'].map((name) => ({ chain: name, key: `${name} key` }));

test('200 edits are of all five kinds', () => {
  const kinds = new Set([...makeEdits(200, certificates)].map(({ kind }) => kind));
  assert.deepEqual([...kinds].sort(), ['add', 'certificate', 'change', 'remove', 'reorder']);
});

test('each edit changes a file, and its expectation does not hold before it', () => {
  let world = firstWorld(certificates);
  for (const edit of makeEdits(200, certificates)) {
    assert.notDeepEqual(renderWorld(edit.world), renderWorld(world), edit.kind);
    if (edit.expected.kind === 'certificate') {
      assert.notEqual(edit.expected.certificate, world.certificate);
      assert.equal(edit.expected.certificate, edit.world.certificate);
    }
    world = edit.world;
  }
});

test('a removed route was there, an added one was not', () => {
  let world = firstWorld(certificates);
  for (const { kind, world: next } of makeEdits(200, certificates)) {
    if (kind === 'add') assert.equal(next.extras.length, world.extras.length + 1);
    if (kind === 'remove') assert.equal(next.extras.length, world.extras.length - 1);
    world = next;
  }
});
