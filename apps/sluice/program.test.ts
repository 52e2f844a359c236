import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand } from '@sluice/testkit';

test('version names the Gateway API release, in every form', async () => {
  const text = await runCommand(['version']);
  assert.match(text.stdout, /^sluice \d+\.\d+\.\d+ \(Gateway API v1\.7\.0, Node\.js v24\./);
  const json = await runCommand(['version', '-o', 'json']);
  assert.equal(JSON.parse(json.stdout).gatewayApi, 'v1.7.0');
});

test('help documents exit codes and gives examples', async () => {
  const { exitCode, stdout } = await runCommand(['--help']);
  assert.equal(exitCode, 0);
  assert.match(stdout, /Exit codes:/);
  for (const command of ['dev', 'gateway', 'check', 'explain', 'status', 'version', 'completion']) {
    assert.match(stdout, new RegExp(`^  ${command}\\b`, 'm'));
    const help = await runCommand([command, '--help']);
    assert.equal(help.exitCode, 0);
  }
});

test('a wrong command line exits 2 and says where help is', async () => {
  for (const args of [['nonsense'], ['check'], ['explain', 'GET'], ['--log-level', 'loud']]) {
    const { exitCode, stderr } = await runCommand(args);
    assert.equal(exitCode, 2, args.join(' '));
    assert.match(stderr, /--help/);
  }
});

test('a kubeconfig that is not there is named, and how to name another', async () => {
  const env = { KUBECONFIG: '/nowhere/config', KUBERNETES_SERVICE_HOST: undefined };
  for (const args of [['gateway', '--cluster', 'shop/edge'], ['controller'], ['doctor']]) {
    const { exitCode, stderr } = await runCommand(args, env);
    assert.equal(exitCode, 2, args.join(' '));
    assert.match(stderr, /^sluice: \/nowhere\/config: cannot read .*ENOENT.*\$KUBECONFIG.*\n$/);
  }
});

test('completion scripts are for this command, and commands complete', async () => {
  const script = await runCommand(['completion', 'bash']);
  assert.match(script.stdout, /sluice/);
  const { stdout } = await runCommand(['complete', '--', 'ex']);
  assert.match(stdout, /explain/);
});
