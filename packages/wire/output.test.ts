/** Numbers and ranges on their way out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { octetsOf, textOf } from './octets.ts';
import { Output } from './output.ts';

const NUMBERS = [0, 1, 9, 10, 15, 16, 255, 256, 65_535, 2 ** 31, 2 ** 32 + 1, 2 ** 53 - 1];

function written(write: (out: Output) => void): string {
  const out = new Output(new Uint8Array(256));
  write(out);
  return textOf(out.bytes, 0, out.at);
}

test('writes numbers in both bases', () => {
  for (const number of NUMBERS) {
    assert.equal(
      written((out) => out.decimal(number)),
      String(number),
    );
    assert.equal(
      written((out) => out.hexadecimal(number)),
      number.toString(16),
    );
  }
});

test('copies short and long ranges', () => {
  const source = octetsOf('0123456789'.repeat(10));
  for (const size of [0, 1, 31, 32, 33, 90]) {
    const copied = written((out) => out.range(source, 5, 5 + size));
    assert.equal(copied, textOf(source, 5, 5 + size));
  }
});

test('knows its room', () => {
  const out = new Output(new Uint8Array(10));
  out.text('abc');
  assert.equal(out.hasRoom(7), true);
  assert.equal(out.hasRoom(8), false);
});
