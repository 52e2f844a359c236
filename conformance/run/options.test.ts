/** The command line is read, and what is wrong in it is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from './options.ts';

test('profiles are written short, alone, together or in a list', () => {
  const profilesOf = (...args: string[]): readonly string[] => {
    const options = readOptions(['--kubeconfig', 'k', ...args]);
    assert.ok(options !== 'help');
    return options.profiles;
  };
  assert.deepEqual(profilesOf('--profile', 'http'), ['GATEWAY-HTTP']);
  assert.deepEqual(profilesOf('--profile', 'tls,GATEWAY-UDP'), ['GATEWAY-TLS', 'GATEWAY-UDP']);
  assert.deepEqual(profilesOf('--profile', 'tcp', '--profile', 'grpc'), [
    'GATEWAY-TCP',
    'GATEWAY-GRPC',
  ]);
  assert.equal(profilesOf().length, 5);
});

const refused: readonly (readonly [readonly string[], RegExp])[] = [
  [[], /--kubeconfig is missing/],
  [['--kubeconfig', 'k', '--profile', 'mesh'], /unknown profile mesh; one of: http, grpc/],
  [['--kubeconfig', 'k', '--publish', '--run', 'A'], /leave out --run/],
  [['--kubeconfig', 'k', '--skip', 'A'], /skip/],
];

for (const [args, message] of refused) {
  test(`refused: ${args.join(' ')}`, () => assert.throws(() => readOptions(args), message));
}

test('help wants nothing else', () => assert.equal(readOptions(['--help']), 'help'));
