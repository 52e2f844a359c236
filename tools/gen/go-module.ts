/**
 * Where the Gateway API comes from: the Go module, fetched by the Go command and verified against
 * its checksum database. Only the generator needs Go; the module names its own toolchain.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const modulePath = 'sigs.k8s.io/gateway-api';
export const moduleVersion = 'v1.7.0';

export interface GoModule {
  readonly path: string;
  readonly version: string;
  /** Checksum of the module's files, as in go.sum. */
  readonly sum: string;
  /** Directory of the unpacked module. */
  readonly directory: string;
}

/** Downloads the module, or finds it in the module cache. Throws with Go's own message. */
export function fetchGoModule(): GoModule {
  const workDirectory = mkdtempSync(join(tmpdir(), 'sluice-gen-'));
  try {
    const go = (...args: string[]): string =>
      execFileSync('go', args, {
        cwd: workDirectory,
        env: { ...process.env, GOTOOLCHAIN: 'auto', GOFLAGS: '-mod=mod' },
        encoding: 'utf8',
      });
    go('mod', 'init', 'sluice.dev/gen');
    const answer = JSON.parse(go('mod', 'download', '-json', `${modulePath}@${moduleVersion}`)) as {
      Dir: string;
      Sum: string;
    };
    return {
      path: modulePath,
      version: moduleVersion,
      sum: answer.Sum,
      directory: answer.Dir,
    };
  } finally {
    rmSync(workDirectory, { recursive: true });
  }
}
