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

/** Processes whose command line has all of these words, each as a whole argument. */
export function findRole(name: string, words: readonly string[]): Role {
  const pids = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => {
      const args = read(`/proc/${pid}/cmdline`).split('\0');
      return words.every((word) => args.includes(word));
    });
  return { name, pids };
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
