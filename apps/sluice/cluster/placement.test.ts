/** What goes into the index and what moves out of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Placed, placeParts } from './placement.ts';

const limits = { inlineBytesMax: 100, inlineBytesLow: 70, partBytesMax: 60 };

function part(name: string, hash: string, bytes: number) {
  return { name, hash, bytes, data: '' };
}

function live(parts: Record<string, readonly [hash: string, inline: boolean]>): Placed['live'] {
  return new Map(
    Object.entries(parts).map(([name, [hash, inline]]) => [name, { hash, inline }] as const),
  );
}

const cases: readonly {
  readonly name: string;
  readonly parts: readonly ReturnType<typeof part>[];
  readonly placed: Placed;
  readonly inline: readonly string[];
}[] = [
  {
    name: 'all that fits is beside the index',
    parts: [part('a', '1', 50), part('b', '1', 50)],
    placed: { live: new Map(), recency: [] },
    inline: ['a', 'b'],
  },
  {
    name: 'a changed part comes in while there is room, others stay where they are',
    parts: [part('a', '2', 50), part('b', '1', 40), part('c', '1', 40)],
    placed: { live: live({ a: ['1', false], b: ['1', true], c: ['1', false] }), recency: ['b'] },
    inline: ['a', 'b'],
  },
  {
    name: 'past the limit those unchanged longest move out, down to the low mark',
    parts: [part('a', '2', 40), part('b', '1', 20), part('c', '1', 30), part('d', '1', 20)],
    placed: {
      live: live({ a: ['1', true], b: ['1', true], c: ['1', true], d: ['1', true] }),
      recency: ['c', 'b', 'd', 'a'],
    },
    inline: ['a', 'c'],
  },
  {
    name: 'what changed stays in, however much else there is',
    parts: [part('a', '1', 60), part('b', '1', 60), part('c', '2', 60)],
    placed: { live: live({ a: ['1', true], b: ['1', false], c: ['1', true] }), recency: ['a'] },
    inline: ['c'],
  },
];

for (const { name, parts, placed, inline } of cases) {
  test(name, () => {
    const placement = placeParts(parts, placed, limits);
    assert.deepEqual(
      placement.inline.map((one) => one.name),
      inline,
    );
    const all = [...placement.inline, ...placement.separate];
    assert.deepEqual(new Set(all), new Set(parts));
    assert.equal(all.length, parts.length);
  });
}
