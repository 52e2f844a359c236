import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ANCESTORS, mergeEntries, PARENTS } from './entry-merge.ts';

const OWN = 'sluice.dev/gateway-controller';
const merge = (live: readonly unknown[], desired: readonly unknown[]) =>
  mergeEntries(live, desired, { controllerName: OWN, list: PARENTS });

interface Entry {
  readonly parentRef: { readonly name: string };
  readonly controllerName: string;
  readonly conditions: readonly unknown[];
}

const entry = (controllerName: fc.Arbitrary<string>): fc.Arbitrary<Entry> =>
  fc.record({
    parentRef: fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd') }),
    controllerName,
    conditions: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 2 }),
  });

/** Entries of another make: what we do not understand is not ours. */
const foreign = fc.oneof(
  entry(fc.constantFrom('example.com/one', 'example.com/two', '')),
  fc.jsonValue({ maxDepth: 2 }),
);
const own = entry(fc.constant(OWN));
const desired = fc.uniqueArray(own, { selector: ({ parentRef }) => parentRef.name, maxLength: 4 });
const live = fc.array(fc.oneof(foreign, own), { maxLength: 8 });
const isOwn = (item: unknown): boolean =>
  typeof item === 'object' && item !== null && 'controllerName' in item
    ? item.controllerName === OWN
    : false;

test('foreign entries keep their bytes and their order', () => {
  fc.assert(
    fc.property(live, desired, (before, wanted) => {
      const bytes = (list: readonly unknown[]) =>
        list.filter((item) => !isOwn(item)).map((item) => JSON.stringify(item));
      assert.deepEqual(bytes(merge(before, wanted)), bytes(before));
    }),
  );
});

test('ours are exactly those that are desired', () => {
  fc.assert(
    fc.property(live, desired, (before, wanted) => {
      const texts = (list: readonly unknown[]) =>
        list.filter(isOwn).map((item) => JSON.stringify(item));
      assert.deepEqual(texts(merge(before, wanted)).sort(), texts(wanted).sort());
    }),
  );
});

test('merging again changes nothing', () => {
  fc.assert(
    fc.property(live, desired, (before, wanted) => {
      const once = merge(before, wanted);
      assert.deepEqual(merge(once, wanted), once);
    }),
  );
});

test('an entry that is still desired keeps its place, a new one comes last', () => {
  const at = (name: string, controllerName: string, ...conditions: string[]) => ({
    parentRef: { name },
    controllerName,
    conditions,
  });
  assert.deepEqual(
    merge(
      [at('a', OWN), at('a', 'example.com/other'), at('b', OWN)],
      [at('c', OWN), at('a', OWN, 'new')],
    ),
    [at('a', OWN, 'new'), at('a', 'example.com/other'), at('c', OWN)],
  );
});

test('a full list of others leaves no room, and theirs stay', () => {
  const others = Array.from({ length: ANCESTORS.entriesMax }, (_, index) => ({
    ancestorRef: { name: `${index}` },
    controllerName: 'example.com/other',
  }));
  const ours = [{ ancestorRef: { name: 'a' }, controllerName: OWN }];
  const context = { controllerName: OWN, list: ANCESTORS };
  assert.deepEqual(mergeEntries(others, ours, context), others);
  assert.deepEqual(mergeEntries(others.slice(1), ours, context), [...others.slice(1), ...ours]);
});
