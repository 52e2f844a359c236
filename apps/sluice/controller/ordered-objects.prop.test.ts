import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '@sluice/kube';
import fc from 'fast-check';
import { createOrderedObjects } from './ordered-objects.ts';

const namespaces = ['a', 'a-b', 'b'];

const edit = fc.record({
  namespace: fc.constantFrom(...namespaces),
  name: fc.integer({ min: 0, max: 120 }).map(String),
  action: fc.constantFrom('set', 'set', 'delete', 'look'),
});

test('the list is what a sort of all objects would give, whatever was changed before', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 300 }), (edits) => {
      const objects = createOrderedObjects();
      const model = new Map<string, KubeObject>();
      for (const { namespace, name, action } of edits) {
        const key = `${namespace}/${name}`;
        if (action === 'set') {
          const object = { apiVersion: 'v1', kind: 'Thing', metadata: { namespace, name } };
          objects.set(key, object);
          model.set(key, object);
        } else if (action === 'delete') {
          objects.delete(key);
          model.delete(key);
        } else {
          const list = objects.list();
          assert.equal(objects.list(), list);
          assert.equal(list.length, model.size);
          assert.deepEqual(new Set(list), new Set(model.values()));
          assert.ok(
            list.every((object, index) => index === 0 || precedes(list[index - 1], object)),
          );
        }
        assert.equal(objects.get(key), model.get(key));
      }
    }),
    { numRuns: 100 },
  );
});

function precedes(one: KubeObject | undefined, other: KubeObject): boolean {
  const [before, after] = [one?.metadata, other.metadata];
  if (before?.namespace !== after.namespace)
    return (before?.namespace ?? '') < (after.namespace ?? '');
  return (before?.name ?? '') < after.name;
}
