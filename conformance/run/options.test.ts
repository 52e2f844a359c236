/** The command line is read, and what is wrong in it is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from './options.ts';

test('profiles are written short, alone, together or in a list', () => {
  const profilesOf = (...args: string[]): unknown => {
    const options = readOptions(args);
    assert.ok(options !== 'help');
    return options.profiles;
  };
  assert.deepEqual(profilesOf('--profile', 'http'), ['GATEWAY-HTTP']);
  assert.deepEqual(profilesOf('--profile', 'tls,GATEWAY-UDP'), ['GATEWAY-TLS', 'GATEWAY-UDP']);
  assert.deepEqual(profilesOf('--profile', 'tcp', '--profile', 'grpc'), [
    'GATEWAY-TCP',
    'GATEWAY-GRPC',
  ]);
  assert.equal(profilesOf(), undefined);
});

test('without a kubeconfig it is a cluster of its own', () => {
  const targetOf = (...args: string[]): unknown => {
    const options = readOptions(args);
    return options !== 'help' && options.target;
  };
  assert.deepEqual(targetOf(), { kind: 'own', channel: 'experimental', isKept: false });
  assert.deepEqual(targetOf('--keep', '--channel', 'standard'), {
    kind: 'own',
    channel: 'standard',
    isKept: true,
  });
  assert.deepEqual(targetOf('--kubeconfig', 'k', '--network-namespace', 'n'), {
    kind: 'named',
    kubeconfig: 'k',
    networkNamespace: 'n',
  });
});

const refused: readonly (readonly [readonly string[], RegExp])[] = [
  [['--kubeconfig', 'k', '--keep'], /leave out --kubeconfig/],
  [['--network-namespace', 'n'], /wants --kubeconfig/],
  [['--channel', 'beta'], /--channel beta: give standard or experimental/],
  [['--profile', 'mesh'], /unknown profile mesh; one of: http, grpc/],
  [['--publish', '--run', 'A'], /leave out --run/],
  [['--skip', 'A'], /skip/],
];

for (const [args, message] of refused) {
  test(`refused: ${args.join(' ')}`, () => assert.throws(() => readOptions(args), message));
}

test('help wants nothing else', () => assert.equal(readOptions(['--help']), 'help'));
