import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AuthorityTable } from './authority.ts';

const table = new AuthorityTable();

function find(name: string, port = '') {
  const bytes = Buffer.from(`..${name}${port}..`, 'latin1');
  const found = table.find(bytes, 2, 2 + name.length, bytes.length - 2);
  // The bytes are a read buffer: what follows overwrites them.
  bytes.fill(0);
  return found;
}

test('a name is lower case, without port and final dot; the rest is as sent', () => {
  const found = find('Shop.Example.', ':8080');
  assert.equal(found.name, 'shop.example');
  assert.equal(Buffer.from(found.octets).toString(), 'Shop.Example.:8080');
  assert.equal(Buffer.from(found.logged).toString(), 'shop.example');
  const line = Buffer.from(found.forwarded.append).toString();
  assert.equal(line, 'X-Forwarded-Host: Shop.Example.:8080\r\n');
});

test('the same authority is the same object, another one never is', () => {
  const names = Array.from({ length: 40_000 }, (_, index) => `host-${index}.example`);
  for (const name of names) assert.equal(find(name).name, name);
  for (const name of names) {
    const found = find(name);
    assert.equal(found.name, name);
    assert.equal(find(name), found);
  }
});

test('no authority, no field', () => {
  assert.equal(find('').forwarded.append.length, 0);
});

test('whatever octets: what is found says what was asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (name) => {
      assert.equal(Buffer.from(find(name).octets).toString('latin1'), name);
    }),
  );
});
