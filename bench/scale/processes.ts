/** What the processes of controller and data planes cost: CPU time and resident memory. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Role {
  readonly name: string;
  readonly pids: readonly number[];
}

export interface Usage {
  readonly name: string;
  /** Of one core, over the window. */
  readonly corePercent: number;
  /** At its end; the largest of them. */
  readonly residentMiB: number;
}

const ticksPerSecond = 100;
const kibPerMib = 1024;

/** Where a Pod finds our program. */
const program = '/sluice/sluice.js';

/** Our processes below this one whose command line has all of these words as whole arguments. */
export function findRole(name: string, ancestor: number, words: readonly string[]): Role {
  const parents = new Map(listProcesses().map((pid) => [pid, parentOf(pid)]));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  const pids = [...parents.keys()].filter((pid) => {
    const [interpreter = '', script, ...args] = read(`/proc/${pid}/cmdline`).split('\0');
    const isOurs = interpreter.endsWith('/node') && script === program;
    return isOurs && words.every((word) => args.includes(word)) && isBelow(pid);
  });
  return { name, pids };
}

function listProcesses(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Starts a window; the function ends it. One figure for each process. */
export function measureUsage(roles: readonly Role[]): () => readonly Usage[] {
  const startedAt = performance.now();
  const before = roles.map(({ pids }) => pids.map(cpuSecondsOf));
  return () => {
    const seconds = (performance.now() - startedAt) / 1000;
    return roles.flatMap(({ name, pids }, index) =>
      pids.map((pid, nth) => {
        const used = cpuSecondsOf(pid) - (before[index]?.[nth] ?? 0);
        const corePercent = (used / seconds) * 100;
        return { name, corePercent, residentMiB: residentOf(pid) };
      }),
    );
  };
}

function cpuSecondsOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // The name in brackets may hold anything; what follows it are numbers.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function residentOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
  return Number(kib ?? 0) / kibPerMib;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
