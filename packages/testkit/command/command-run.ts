/** Runs the command as a person does, in a process of its own: for tests. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../apps/sluice/main.ts', import.meta.url));
const TIMEOUT_MS = 30_000;

export interface CommandRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function runCommand(
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<CommandRun> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...variables };
    const options = { timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024, env };
    execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ exitCode, stdout, stderr });
    });
  });
}
