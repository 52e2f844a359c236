/**
 * What the containers of a Pod share: a network namespace with an address on the bridge, a mount
 * namespace with the containers' roots, a process namespace, and a host name.
 *
 * All of them live as long as their first process, which dies with the kubelet. So the system keeps
 * nothing of a Pod, even after a crash: no mount, no interface, no process.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { runCommand } from './command.ts';
import type { ContainerPlan, PodPlan } from './plan.ts';
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

const folders = ['dev', 'etc', 'proc', 'tmp', 'run', 'usr/bin', 'usr/local/bin'];
/** As long as a label of a domain name. */
const hostNameMax = 63;
const devices = ['null', 'zero', 'random', 'urandom'];

export async function startSandbox(plan: PodPlan, options: SandboxOptions): Promise<Sandbox> {
  const { folder } = options;
  await writeVolumes(plan.volumes, folder);
  const containers = [...plan.initContainers, ...plan.containers];
  for (const container of containers) await writeRoot(container, folder, options);
  await writeFile(join(folder, 'mounts'), mountTable(plan, folder));
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

function rootPath(folder: string, container: string): string {
  return join(folder, 'roots', container);
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

/** Lines of an fstab: one program sets up all mounts. */
function mountTable(plan: PodPlan, folder: string): string {
  const memory = plan.volumes.filter((volume) => volume.memory);
  return [
    ...memory.map(({ name }) => mountLine('tmpfs', volumePath(folder, name), 'tmpfs mode=1777')),
    ...[...plan.initContainers, ...plan.containers].flatMap((item) =>
      containerMounts(item, plan, folder),
    ),
  ].join('');
}

function containerMounts(container: ContainerPlan, plan: PodPlan, folder: string): string[] {
  const root = rootPath(folder, container.name);
  const bind = (source: string, target: string, readOnly: boolean) =>
    mountLine(source, join(root, target), readOnly ? 'none bind,ro' : 'none bind');
  return [
    ...(container.readOnlyRoot ? [bind(root, '/', true)] : []),
    mountLine('proc', join(root, 'proc'), 'proc defaults'),
    ...devices.map((name) => bind(join('/dev', name), join('dev', name), false)),
    ...container.files.map(({ source, target }) => bind(source, target, true)),
    ...container.mounts.map(({ name, mountPath, subPath, readOnly }) => {
      const writable = plan.volumes.find((volume) => volume.name === name)?.writable ?? false;
      const source = join(volumePath(folder, name), subPath ?? '');
      return bind(source, mountPath, readOnly === true || !writable);
    }),
  ];
}

function mountLine(source: string, target: string, typeAndOptions: string): string {
  const escape = (path: string) => path.replace(/[\s\\]/g, octal);
  return `${escape(source)} ${escape(target)} ${typeAndOptions} 0 0\n`;
}

function octal(character: string): string {
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

function networkCommands({ address, gateway }: SandboxOptions): string {
  return [
    'link set lo up\n',
    `address add ${address}/16 dev eth0\n`,
    'link set eth0 up\n',
    `route add default via ${gateway}\n`,
  ].join('');
}

function volumePath(folder: string, name: string): string {
  return join(folder, 'volumes', name);
}

async function writeVolumes(volumes: readonly VolumePlan[], folder: string): Promise<void> {
  for (const { name, files, writable } of volumes) {
    const target = volumePath(folder, name);
    await mkdir(target, { recursive: true });
    if (writable) await chmod(target, 0o1777);
    for (const [path, octets] of files) {
      const file = join(target, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.new`, octets);
      await rename(`${file}.new`, file);
    }
  }
}

/** The folders and empty files that mounts cover, and the few files that programs look for. */
async function writeRoot(
  container: ContainerPlan,
  folder: string,
  { address, hostName }: SandboxOptions,
): Promise<void> {
  const root = rootPath(folder, container.name);
  for (const name of folders) await mkdir(join(root, name), { recursive: true });
  await chmod(join(root, 'tmp'), 0o1777);
  const { user, group } = container;
  const files = {
    'etc/passwd': `root:x:0:0::/:/sbin/nologin\npod:x:${user}:${group}::/tmp:/sbin/nologin\n`,
    'etc/group': `root:x:0:\npod:x:${group}:\n`,
    'etc/hosts': `127.0.0.1 localhost\n::1 localhost\n${address} ${hostName}\n`,
    'etc/resolv.conf': '',
    ...Object.fromEntries(devices.map((name) => [join('dev', name), ''])),
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  for (const { source, target } of container.files) {
    const path = join(root, target);
    const isFolder = (await stat(source)).isDirectory();
    await mkdir(isFolder ? path : dirname(path), { recursive: true });
    if (!isFolder) await writeFile(path, '');
  }
  for (const { mountPath } of container.mounts) {
    await mkdir(join(root, mountPath), { recursive: true });
  }
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
