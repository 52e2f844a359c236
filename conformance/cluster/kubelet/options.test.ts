import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, usage } from './options.ts';

const least = ['--kubeconfig', 'admin.conf', '--state', '/run/kubelet'];

test('two options suffice; the others have the values that the help names', () => {
  const options = readOptions(least);
  assert.ok(options !== 'help');
  const { images, apiService, ...rest } = options;
  assert.equal(images.size, 0);
  assert.deepEqual(apiService, { host: '10.96.0.1', port: '443' });
  assert.deepEqual(rest, {
    kubeconfig: 'admin.conf',
    stateFolder: '/run/kubelet',
    nodeName: 'sluice-node',
    bridge: 'br0',
    address: '10.244.0.1',
  });
  for (const value of ['sluice-node', 'br0', '10.244.0.1', '10.96.0.1:443']) {
    assert.ok(usage.includes(value), value);
  }
});

test('images and the address of the API server are taken apart', () => {
  const more = ['--image', 'echo-basic=/bin/a=b', '--image', 'x=y', '--api-service', '[::1]:6443'];
  const options = readOptions([...least, ...more]);
  assert.ok(options !== 'help');
  assert.deepEqual(
    [...options.images],
    [
      ['echo-basic', '/bin/a=b'],
      ['x', 'y'],
    ],
  );
  assert.deepEqual(options.apiService, { host: '::1', port: '6443' });
});

const refused: readonly [args: readonly string[], message: RegExp][] = [
  [['--state', 'x'], /--kubeconfig is missing/],
  [['--kubeconfig', 'x'], /--state is missing/],
  [[...least, '--image', 'echo-basic'], /--image NAME=FILE: "echo-basic"/],
  [[...least, '--image', '=file'], /--image NAME=FILE/],
  [[...least, '--api-service', '10.96.0.1:'], /--api-service HOST:PORT/],
  [[...least, '--unknown'], /unknown/],
];
for (const [args, message] of refused) {
  test(`refused: ${args.join(' ')}`, () => assert.throws(() => readOptions(args), message));
}

test('help is asked for without anything else', () =>
  assert.equal(readOptions(['--help']), 'help'));
