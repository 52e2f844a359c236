/**
 * A program that runs for as long as it is wanted, with its output in a file.
 *
 * Guarantees: it dies with this process, also when that is killed; one that ends too early says so
 * with the last lines of its output.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface DaemonOptions {
  /** For messages. */
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly logPath: string;
  /** Instead of the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Daemon {
  readonly name: string;
  /** Polls until the answer is true. Rejects when it takes too long or the program has ended. */
  until(isReady: () => Promise<boolean>, waitMsMax?: number): Promise<void>;
  /** Resolves, with how it ended, when it ends without having been stopped. */
  readonly died: Promise<string>;
  /** Stops it where it is, until it is made to end. */
  pause(): void;
  /** Asks it to end, insists after some seconds, and resolves when it has ended. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const pollMs = 50;
const readyMsMax = 60_000;
const patienceMs = 5_000;
const shownLines = 15;

export function startDaemon({ name, command, logPath, environment }: DaemonOptions): Daemon {
  const log = openSync(logPath, 'w');
  // setpriv becomes the program: the same process id, so signals arrive.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
    // An interrupt from the terminal is for whoever started it.
    detached: true,
    stdio: ['ignore', log, log],
    ...(environment === undefined ? {} : { env: environment }),
  });
  closeSync(log);
  let ended: string | undefined;
  let isStopped = false;
  const end = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}`));
  }).then((how) => {
    ended = `${name} ${how}\n${lastLines(logPath)}`;
    return ended;
  });
  return {
    name,
    async until(isReady, waitMsMax = readyMsMax) {
      const deadline = performance.now() + waitMsMax;
      while (!(await isReady())) {
        if (ended !== undefined) throw new Error(ended);
        if (performance.now() > deadline) {
          throw new Error(`${name} is not ready after ${waitMsMax} ms\n${lastLines(logPath)}`);
        }
        await delay(pollMs);
      }
    },
    died: new Promise((resolve) => {
      void end.then((how) => !isStopped && resolve(how));
    }),
    pause() {
      child.kill('SIGSTOP');
    },
    async stop(signal = 'SIGTERM') {
      isStopped = true;
      await stopChild(child, end, signal);
    },
  };
}

async function stopChild(
  child: ChildProcess,
  end: Promise<string>,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await end;
  clearTimeout(timer);
}

function lastLines(path: string): string {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-shownLines);
  return [...lines, `(all of it: ${path})`].join('\n');
}
