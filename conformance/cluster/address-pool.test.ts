/** Addresses are given once, kept, and given again as late as possible. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressPool } from './address-pool.ts';

test('each holder gets an address of its own and keeps it', () => {
  const pool = new AddressPool();
  assert.equal(pool.claim('a'), '10.97.0.1');
  assert.equal(pool.claim('b'), '10.97.0.2');
  assert.equal(pool.claim('a'), '10.97.0.1');
});

test('an address that was given back is not the next one', () => {
  const pool = new AddressPool();
  pool.claim('a');
  pool.release('a');
  assert.equal(pool.claim('b'), '10.97.0.2');
});

test('what is asked for is given when it is ours and free', () => {
  const pool = new AddressPool();
  assert.equal(pool.claim('a', '10.97.255.1'), '10.97.255.1');
  assert.equal(pool.claim('a', '10.97.255.1'), '10.97.255.1');
  assert.equal(pool.claim('b', '10.97.255.1'), undefined);
  pool.release('a');
  assert.equal(pool.claim('b', '10.97.255.1'), '10.97.255.1');
});

for (const address of ['198.51.100.0', '10.97.0.0', '10.97.255.255', '10.98.0.1', '::1', '10.97']) {
  test(`nobody gets ${address}`, () => {
    assert.equal(new AddressPool().claim('a', address), undefined);
  });
}

test('who asks for something else gives back what it had', () => {
  const pool = new AddressPool();
  pool.claim('a', '10.97.1.1');
  assert.equal(pool.claim('a', '198.51.100.0'), undefined);
  assert.equal(pool.claim('b', '10.97.1.1'), '10.97.1.1');
});

test('an address that somebody asked for is not given to another', () => {
  const pool = new AddressPool();
  pool.claim('a', '10.97.0.1');
  assert.equal(pool.claim('b'), '10.97.0.2');
});

test('all are given before one is given again', () => {
  const pool = new AddressPool();
  const count = 200 * 256 - 1;
  const given = new Set(Array.from({ length: count }, (_, index) => pool.claim(`${index}`)));
  assert.equal(given.size, count);
  assert.equal(given.has(undefined), false);
  assert.equal(pool.claim('late'), undefined);
  pool.release('7');
  assert.equal(pool.claim('late'), '10.97.0.8');
});
