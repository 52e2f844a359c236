import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validateObject } from '@sluice/spec';
import fc from 'fast-check';
import { listDrawnKinds } from './kind-list.ts';
import { drawObject } from './object-draw.ts';

const channel = fc.constantFrom('standard' as const, 'experimental' as const);

test('a seed gives the same object each time, and another than the next of its kind', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 30 }), channel, (seed, on) => {
      const first = drawObject(seed, on);
      assert.deepEqual(drawObject(seed, on), first);
      const later = drawObject(seed + listDrawnKinds(on).length, on);
      assert.equal(later.kind.kind, first.kind.kind);
    }),
    { numRuns: 40 },
  );
});

test('of each kind there are right objects, and all mutations occur', () => {
  const kinds = listDrawnKinds('experimental');
  const mutations = new Set<string>();
  const right = new Set<string>();
  for (let seed = 0; seed < kinds.length * 6; seed++) {
    const drawn = drawObject(seed, 'experimental');
    for (const mutation of drawn.mutations) mutations.add(mutation);
    const { object } = validateObject(drawn.object, { channel: 'experimental' });
    if (object !== undefined) right.add(drawn.kind.kind);
  }
  assert.deepEqual([...right].sort(), [...new Set(kinds.map(({ kind }) => kind))].sort());
  for (const mutation of ['another type', 'null', 'unknown field', 'beyond a bound', 'twice']) {
    assert.ok(mutations.has(mutation), `${mutation} never happened`);
  }
});
