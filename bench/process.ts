/**
 * A child process, pinned to one core if wanted: starting it, waiting until it listens, what
 * memory it and its own children hold, ending it. Linux only (/proc, taskset).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface RunningProcess {
  /** The process and its descendants, itself first. */
  pids(): number[];
  stop(): Promise<void>;
  /** What it wrote to standard error so far. */
  complaints(): string;
}

export interface ProcessCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Absent: any core. */
  readonly core?: number;
  /** Standard output and error go into files here. Exists. */
  readonly directory: string;
}

const startMsMax = 20_000;
const stopMsMax = 3_000;

export function startProcess({ command, args, core, directory }: ProcessCommand): RunningProcess {
  const errors = join(directory, 'stderr.log');
  const files = [openSync(join(directory, 'stdout.log'), 'a'), openSync(errors, 'a')];
  const pinning = core === undefined ? [] : ['taskset', '-c', String(core)];
  const [program = command, ...rest] = [...pinning, command, ...args];
  const child = spawn(program, rest, { stdio: ['ignore', ...files] });
  for (const file of files) closeSync(file);
  return {
    pids: () => (child.pid === undefined ? [] : descendants(child.pid)),
    stop: () => stop(child),
    complaints: () => readFileSync(errors, 'utf8').trim(),
  };
}

/** Resolves once the port accepts connections. Throws when the process does not get there. */
export async function untilListening(port: number, running: RunningProcess): Promise<void> {
  const deadline = performance.now() + startMsMax;
  while (performance.now() < deadline && running.pids().length > 0) {
    if (await accepts(port)) return;
    await delay(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}

/**
 * Resident MiB: of the largest process all, of the others what they do not share, so that a master
 * and its forked worker do not count the same pages twice.
 */
export function residentMiB(pids: readonly number[]): number {
  const sizes = pids.map(memoryKib).sort((a, b) => b.resident - a.resident);
  const kib = sizes.reduce((sum, size, index) => sum + (index === 0 ? size.resident : size.own), 0);
  return kib / 1024;
}

function memoryKib(pid: number): { resident: number; own: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string): number =>
    Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  return { resident: field('Rss'), own: field('Private_Clean') + field('Private_Dirty') };
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry)) parents.set(Number(entry), parentOf(entry));
  }
  if (!parents.has(root)) return [];
  const found = [root];
  for (const pid of found) {
    for (const [child, parent] of parents) if (parent === pid) found.push(child);
  }
  return found;
}

/** 0 when the process has gone meanwhile or is a zombie. */
function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? 0 : Number(parent);
  } catch {
    return 0;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const end = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
  await exited;
  clearTimeout(timer);
}
