/** `sluice dev` on manifests of a test, in a process of its own, on free loopback ports. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as setTimeoutOf } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../apps/sluice/main.ts', import.meta.url));
const START_TIMEOUT_MS = 20_000;
const LOG_TIMEOUT_MS = 5_000;

export interface DevProcess {
  readonly directory: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Lines of the access log, once there are as many: they are written in batches. */
  readonly accessLog: (count: number) => Promise<string[]>;
  /** Writes a manifest file and waits until stdout shows `sign` after it. */
  readonly save: (file: string, text: string, sign: RegExp) => Promise<void>;
  readonly waitFor: (sign: RegExp, from?: number) => Promise<void>;
  readonly stop: () => Promise<number | null>;
}

/** Starts it and waits for the first report. */
export async function startDev(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<DevProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-dev-'));
  for (const [file, text] of Object.entries(files)) await writeFile(join(directory, file), text);
  const logFile = join(directory, '.access.log');
  const child = spawn(
    process.execPath,
    [MAIN, 'dev', '-f', directory, '--admin-port', '0', '--access-log', logFile, ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, XDG_STATE_HOME: join(directory, '.state') },
    },
  );
  const output = collect(child);
  const dev: DevProcess = {
    directory,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    accessLog: (count) => readLines(logFile, count),
    async save(file, text, sign) {
      const from = output.stdout.length;
      await writeFile(join(directory, file), text);
      await output.waitFor(sign, from);
    },
    waitFor: output.waitFor,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await ended;
      }
      await rm(directory, { recursive: true, force: true });
      return child.exitCode;
    },
  };
  await output.waitFor(/metrics, health, config and status/).catch(async (error: Error) => {
    await dev.stop();
    throw error;
  });
  return dev;
}

async function readLines(file: string, count: number): Promise<string[]> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
    if (lines.length >= count || waitedMs > LOG_TIMEOUT_MS) return lines;
    await setTimeoutOf(50);
  }
}

interface Output {
  stdout: string;
  stderr: string;
  readonly waitFor: (sign: RegExp, from?: number) => Promise<void>;
}

function collect(child: ChildProcess): Output {
  const waiting = new Set<() => void>();
  const output: Output = {
    stdout: '',
    stderr: '',
    waitFor: (sign, from = 0) =>
      new Promise((resolve, reject) => {
        const settle = (error?: Error): void => {
          clearTimeout(timer);
          waiting.delete(look);
          if (error) reject(error);
          else resolve();
        };
        const look = (): void => {
          if (sign.test(output.stdout.slice(from))) settle();
          else if (child.exitCode !== null) settle(new Error(`it ended: ${output.stderr}`));
        };
        const timer = setTimeout(
          () => settle(new Error(`no ${sign} in: ${output.stdout}\n${output.stderr}`)),
          START_TIMEOUT_MS,
        );
        waiting.add(look);
        look();
      }),
  };
  child.stdout?.on('data', (data) => {
    output.stdout += data;
    for (const look of waiting) look();
  });
  child.stderr?.on('data', (data) => {
    output.stderr += data;
  });
  child.on('exit', () => {
    for (const look of waiting) look();
  });
  return output;
}

/** A port of 127.0.0.1 that nothing listens on. */
export async function findFreePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
