import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AuthorityTable } from './authority.ts';

const table = new AuthorityTable();

function find(name: string) {
  const bytes = Buffer.from(`..${name}:8080..`, 'latin1');
  const found = table.find(bytes, 2, 2 + name.length);
  // The bytes are a read buffer: what follows overwrites them.
  bytes.fill(0);
  return found;
}

test('a name is lower case, without port and final dot', () => {
  assert.equal(find('Shop.Example.').name, 'shop.example');
  assert.equal(find('SHOP.example'), find('Shop.Example.'));
});

test('the same name is the same object, another one never is', () => {
  const names = Array.from({ length: 40_000 }, (_, index) => `host-${index}.example`);
  for (const name of names) assert.equal(find(name).name, name);
  for (const name of names) {
    const found = find(name);
    assert.equal(found.name, name);
    assert.equal(find(name), found);
  }
});

test('whatever octets: what is found says what was asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (name) => {
      assert.equal(find(name).name, name.toLowerCase().replace(/\.$/, ''));
    }),
  );
});
