/**
 * Runs one program of a check and keeps what it printed, so that many can run side by side and
 * only the failures are shown.
 *
 * Guarantees: a program that cannot be started or dies by a signal is a failure, never silence.
 */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

export interface Step {
  readonly name: string;
  /** A program of `node_modules/.bin` or of the PATH. */
  readonly command: string;
  readonly args: readonly string[];
  /** Where it runs; the current folder when absent. */
  readonly folder?: string;
  /** After this it is ended and counts as failed; no limit when absent. */
  readonly timeoutMs?: number;
}

export interface StepOutcome {
  readonly name: string;
  readonly ok: boolean;
  readonly durationMs: number;
  /** Standard output and standard error in the order they came. */
  readonly output: string;
}

/** Runs the steps, at most `width` at a time, in order; `onDone` is told of each as it ends. */
export async function runSteps(
  steps: readonly Step[],
  width: number,
  onDone: (outcome: StepOutcome) => void,
): Promise<StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  const waiting = [...steps];
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const outcome = await runStep(step);
      outcomes.push(outcome);
      onDone(outcome);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return outcomes;
}

export function runStep(step: Step): Promise<StepOutcome> {
  const startedAt = performance.now();
  const chunks: string[] = [];
  return new Promise((resolve) => {
    const end = (ok: boolean): void => {
      const durationMs = performance.now() - startedAt;
      resolve({ name: step.name, ok, durationMs, output: chunks.join('') });
    };
    // A group of its own, so that a time limit also ends what the program has started.
    const child = spawn(step.command, step.args, {
      detached: step.timeoutMs !== undefined,
      cwd: step.folder ?? process.cwd(),
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
    const timer = step.timeoutMs && setTimeout(() => endGroup(child.pid), step.timeoutMs);
    child.once('error', (error) => {
      chunks.push(`${step.command}: ${error.message}\n`);
      end(false);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (signal !== null) chunks.push(`${step.command} ended by ${signal}\n`);
      end(code === 0);
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}

/** The installed tools come first; a git hook's variables would mislead tests that use git. */
export function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const path = [join(process.cwd(), 'node_modules', '.bin'), process.env['PATH'] ?? ''];
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
