/** `--run`: programs beside the gateway, ended with it, however it ends but by a kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Log } from '../log.ts';

/** Starts each command in a shell and a process group of its own. Returns what ends them. */
export function startPrograms(commands: readonly string[], log: Log): () => void {
  const children = commands.map((command) => startProgram(command, log));
  const stop = (): void => {
    process.off('exit', stop);
    for (const child of children) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      try {
        process.kill(-child.pid, 'SIGTERM');
      } catch {
        // It ended between the look and the signal.
      }
    }
  };
  process.on('exit', stop);
  return stop;
}

function startProgram(command: string, log: Log): ChildProcess {
  const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (data: Buffer) => process.stderr.write(data));
  child.stderr.on('data', (data: Buffer) => process.stderr.write(data));
  child.on('error', (error) =>
    log.error('a program could not start', { command, error: error.message }),
  );
  child.on('exit', (code, signal) => {
    if (signal === 'SIGTERM') return;
    const how = signal ?? `code ${code}`;
    (code === 0 ? log.info : log.error)('a program ended', { command, how });
  });
  return child;
}
