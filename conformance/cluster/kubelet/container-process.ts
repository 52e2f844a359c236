/** One container: a process in the namespaces of its Pod, its root, its user, its log. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ContainerLog } from './container-log.ts';
import type { ContainerPlan } from './plan.ts';
import type { Sandbox } from './sandbox.ts';

export interface ContainerProcess {
  /** 128 and the number of the signal when a signal ended it, as shells have it. */
  readonly ended: Promise<number>;
  /** Asks the program to end. */
  terminate(): void;
}

const signalNumbers: Readonly<Record<string, number>> = { SIGTERM: 15, SIGKILL: 9, SIGINT: 2 };

/** Tells its own number, seen from outside, before it becomes the program. */
const prologue = 'read pid rest < /proc/self/stat; echo $pid >&3; exec 3>&-; exec "$@"';

export function startContainer(
  plan: ContainerPlan,
  sandbox: Sandbox,
  log: ContainerLog,
): ContainerProcess {
  const child = spawn(
    'nsenter',
    [`--target=${sandbox.pid}`, '--net', '--uts', '--mount', '--pid', 'sh', '-c', prologue, 'sh']
      .concat(restrictions(plan))
      .concat(['chroot', `--userspec=${plan.user}:${plan.group}`, '--groups='])
      .concat([sandbox.rootOf(plan.name), ...plan.argv]),
    { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: plan.environment },
  );
  let pid: number | undefined;
  let terminating = false;
  const terminate = () => {
    terminating = true;
    if (pid !== undefined && child.exitCode === null) signal(pid);
  };
  (child.stdio[3] as Readable).setEncoding('utf8').once('data', (text: string) => {
    pid = Number(text);
    if (terminating) terminate();
  });
  for (const stream of [child.stdout, child.stderr]) {
    const writer = log.writer(Date.now);
    stream?.setEncoding('utf8').on('data', writer.write).once('end', writer.end);
  }
  const ended = new Promise<number>((done) => {
    child.once('error', (error) => {
      log.writer(Date.now).write(`${error.message}\n`);
      done(127);
    });
    child.once('close', (code, name) => done(code ?? 128 + (signalNumbers[name ?? ''] ?? 0)));
  });
  return { ended, terminate };
}

/** `chroot` itself needs three capabilities, which any user but root loses on the way. */
function restrictions({ restricted }: ContainerPlan): string[] {
  if (!restricted) return [];
  const kept = '-all,+sys_chroot,+setuid,+setgid';
  return ['setpriv', '--no-new-privs', '--inh-caps=-all', `--bounding-set=${kept}`];
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
