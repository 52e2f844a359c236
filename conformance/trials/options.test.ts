/** What can be typed, and what is said about what can't. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, renderUsage } from './options.ts';
import type { Trial } from './trial.ts';

const trials: readonly Trial[] = ['one', 'two'].map((name) => ({
  name,
  about: `proves ${name}`,
  run: async () => {},
}));
const read = (...args: readonly string[]) => readOptions(args, trials);

test('nothing and --help ask for help, which names each trial', () => {
  assert.equal(read(), 'help');
  assert.equal(read('one', '--help'), 'help');
  assert.match(renderUsage(trials), /^ {2}two +proves two$/m);
});

test('trials run in the order in which they are named', () => {
  assert.deepEqual(read('two', 'one'), { names: ['two', 'one'], isShort: false });
  assert.deepEqual(read('all', '--short'), { names: ['one', 'two'], isShort: true });
  assert.deepEqual(read('one', '--minutes', '0.5'), {
    names: ['one'],
    isShort: false,
    minutes: 0.5,
  });
});

for (const [args, message] of [
  [['three'], /three: no such trial/],
  [['one', '--minutes', '0'], /--minutes 0: give a number/],
  [['one', '--minutes', 'x'], /--minutes x: give a number/],
  [['one', '--minutes', '5', '--short'], /exclude each other/],
] as const) {
  test(`refused: ${args.join(' ')}`, () => {
    assert.throws(() => read(...args), message);
  });
}
