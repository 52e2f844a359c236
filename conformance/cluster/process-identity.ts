/**
 * Which process an id meant: ids are used again, so a recorded one counts only together with the
 * time at which its process started.
 *
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessIdentity {
  readonly pid: number;
  /** In clock ticks since the machine started. */
  readonly startTicks: number;
}

const stateField = 3;
const startField = 22;
const patienceMs = 20_000;
const pollMs = 50;

/** Undefined when no process of that id runs. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  return parseProcessStat(text);
}

/** Undefined for a process that has ended and waits for its parent. */
export function parseProcessStat(text: string): ProcessIdentity | undefined {
  // The second field is a name in parentheses that may hold anything, also `)` and spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): string => fields[number - stateField] ?? '';
  if (field(stateField) === 'Z') return undefined;
  return { pid: Number.parseInt(text, 10), startTicks: Number(field(startField)) };
}

export function isRunning(process: ProcessIdentity): boolean {
  return identifyProcess(process.pid)?.startTicks === process.startTicks;
}

/** Asks it to end, insists when it does not, and resolves when it has ended. */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  if (!isRunning(identity)) return;
  process.kill(identity.pid, 'SIGTERM');
  const deadline = performance.now() + patienceMs;
  let isInsisted = false;
  while (isRunning(identity)) {
    if (!isInsisted && performance.now() > deadline) {
      process.kill(identity.pid, 'SIGKILL');
      isInsisted = true;
    }
    await delay(pollMs);
  }
}
