/** The hash agrees with published MurmurHash3 values, and is one for strings and bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { hashBytes, hashString } from './hash.ts';

test('published values', () => {
  assert.equal(hashString('', 0), 0);
  assert.equal(hashString('', 1), 0x514e28b7);
  assert.equal(hashString('', 0xffffffff), 0x81f16f39);
  assert.equal(hashString('test', 0), 0xba6bd213);
  assert.equal(hashString('test', 0x9747b28c), 0x704b81dc);
  assert.equal(hashString('Hello, world!', 0), 0xc0363e43);
  assert.equal(hashString('aaa', 0x9747b28c), 0x283e0130);
  assert.equal(hashBytes(Uint8Array.of(0xff, 0xff, 0xff, 0xff)), 0x76293b50);
});

test('a string hashes as its Latin-1 bytes, a range as its copy', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(), (bytes, seed) => {
      const text = String.fromCharCode(...bytes);
      assert.equal(hashString(text, seed), hashBytes(bytes, 0, bytes.length, seed));
      const framed = Uint8Array.of(1, ...bytes, 2);
      assert.equal(hashBytes(framed, 1, framed.length - 1, seed), hashString(text, seed));
    }),
  );
});

test('similar keys spread evenly over buckets', () => {
  const counts = new Uint32Array(64);
  for (let index = 0; index < 64_000; index++) counts[hashString(`10.0.0.${index}`) % 64]!++;
  for (const count of counts) assert.ok(Math.abs(count - 1000) < 150, counts.join());
});
