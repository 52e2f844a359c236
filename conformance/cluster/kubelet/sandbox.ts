/**
 * What the containers of a Pod share: a network namespace with an address on the bridge, a mount
 * namespace with the containers' roots, a process namespace, and a host name.
 *
 * All of them live as long as their first process, which dies with the kubelet. So the system keeps
 * nothing of a Pod, even after a crash: no mount, no interface, no process.
 */
import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { runCommand } from './command.ts';
import type { PodPlan } from './plan.ts';
import { rootPath, writePodFiles, writeVolumes } from './pod-files.ts';
import type { VolumePlan } from './volumes.ts';

export interface SandboxOptions {
  /** A new folder, removed with the sandbox. */
  readonly folder: string;
  readonly address: string;
  readonly bridge: string;
  readonly gateway: string;
  readonly hostName: string;
}

export interface Sandbox {
  /** Of its first process, as this machine counts. */
  readonly pid: number;
  rootOf(container: string): string;
  /** Replaces the files of volumes; each is either as it was or as it is to be. */
  writeVolumes(volumes: readonly VolumePlan[]): Promise<void>;
  /** Resolves when all its processes are gone; the kernel then takes its interface away. */
  stop(): Promise<void>;
}

/** As long as a label of a domain name. */
const hostNameMax = 63;
export async function startSandbox(plan: PodPlan, options: SandboxOptions): Promise<Sandbox> {
  const { folder } = options;
  await writePodFiles(plan, options);
  await writeFile(join(folder, 'network'), networkCommands(options));
  await writeFile(join(folder, 'hostname'), options.hostName.slice(0, hostNameMax));
  const child = spawn(
    'setpriv',
    // The first process of a namespace takes all others of it along when it ends.
    ['--pdeathsig', 'KILL', 'unshare', '--net', '--uts', '--mount', '--pid', '--fork']
      .concat(['--kill-child', '--propagation', 'private', 'sh', '-e'])
      .concat(['-c', setupScript, 'sh', folder]),
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  // When it ends early, what it says on its standard error tells why.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const lines = readLines(child.stdout, child.stderr);
    const pid = Number(await lines());
    await attach(pid, options);
    child.stdin.write('attached\n');
    await lines();
    return {
      pid,
      rootOf: (container) => rootPath(folder, container),
      writeVolumes: (volumes) => writeVolumes(volumes, folder),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Names its process by the outer `/proc`, mounts, waits for the interface, and stays. */
const setupScript = [
  'read pid rest < /proc/self/stat; echo $pid',
  'cat "$1/hostname" > /proc/sys/kernel/hostname',
  'mount --all --fstab "$1/mounts"',
  'read attached',
  'ip -batch "$1/network"',
  'echo ready; exec sleep infinity',
].join('\n');

function networkCommands({ address, gateway }: SandboxOptions): string {
  return [
    'link set lo up\n',
    `address add ${address}/16 dev eth0\n`,
    'link set eth0 up\n',
    `route add default via ${gateway}\n`,
  ].join('');
}

/** The end on the bridge is named after the address, and goes with the other one. */
async function attach(pid: number, { address, bridge }: SandboxOptions): Promise<void> {
  const name = `pod${address.split('.').slice(2).join('-')}`;
  await runCommand(
    ['ip', '-batch', '-'],
    `link add ${name} type veth peer name eth0 netns ${pid}\nlink set ${name} master ${bridge} up\n`,
  );
}

/** Next line of the output each time; rejects with the errors it wrote when it ends instead. */
function readLines(output: Readable, errors: Readable): () => Promise<string> {
  let problem = '';
  errors.setEncoding('utf8').on('data', (text: string) => {
    problem += text;
  });
  const lines = createInterface(output)[Symbol.asyncIterator]();
  return async () => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error(`the sandbox could not be set up: ${problem.trim()}`);
    return value;
  };
}
