import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from './options.ts';

test('numbers are read, and what is no number is refused with its name', () => {
  const channels = ['standard', 'experimental'];
  const defaults = { help: false, channels, count: 5_000, seed: 1, show: 10 };
  assert.deepEqual(readOptions([]), defaults);
  assert.deepEqual(readOptions(['--count', '7', '--seed=9']), { ...defaults, count: 7, seed: 9 });
  assert.deepEqual(readOptions(['--channel', 'standard']).channels, ['standard']);
  assert.throws(() => readOptions(['--channel', 'beta']), /--channel beta: give standard or/);
  assert.throws(() => readOptions(['--seed', 'a']), /--seed a: give a whole number/);
  assert.throws(() => readOptions(['--count', '0']), /nothing would be compared/);
});
