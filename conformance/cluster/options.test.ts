/** What can be typed, and what is said about what can't. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCommand } from './options.ts';

test('nothing and --help ask for help', () => {
  assert.deepEqual(readCommand([]), { kind: 'help' });
  assert.deepEqual(readCommand(['api-server', '--help']), { kind: 'help' });
});

test('defaults are a free port and all kinds', () => {
  const command = { kind: 'api-server', port: 0, channel: 'experimental' };
  assert.deepEqual(readCommand(['api-server']), command);
  assert.deepEqual(readCommand(['up']), { kind: 'up', channel: 'experimental' });
});

test('what follows exec is the program and its own', () => {
  const command = { kind: 'exec', program: 'kubectl', args: ['get', '--help'] };
  assert.deepEqual(readCommand(['exec', 'kubectl', 'get', '--help']), command);
  assert.deepEqual(readCommand(['exec', '--', 'kubectl', 'get', '--help']), command);
});

for (const [args, message] of [
  [['start'], /start: no such command/],
  [['constructor'], /constructor: no such command/],
  [['exec', '--'], /exec: name a program/],
  [['up', 'now'], /now: not understood/],
  [['up', '--port', '1'], /up takes no --port/],
  [['down', '--channel', 'standard'], /down takes no --channel/],
  [['up', '--profile', 'http'], /Unknown option '--profile'/],
  [['api-server', '--port', '65536'], /--port 65536: give a number/],
  [['api-server', '--port', '1e3'], /--port 1e3: give a number/],
  [['api-server', '--channel', 'beta'], /--channel beta: give standard or experimental/],
] as const) {
  test(`refused: ${args.join(' ')}`, () => {
    assert.throws(() => readCommand(args), message);
  });
}
