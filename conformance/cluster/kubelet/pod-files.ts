/**
 * The folder of a Pod, before anything of it runs: a root for each container, a folder for each
 * volume, and in `mounts` what is to be mounted where, as an fstab has it.
 */
import { chmod, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContainerPlan, PodPlan } from './plan.ts';
import type { VolumePlan } from './volumes.ts';

interface PodIdentity {
  readonly folder: string;
  readonly address: string;
  readonly hostName: string;
}

const folders = ['dev', 'etc', 'proc', 'tmp', 'run', 'usr/bin', 'usr/local/bin'];
const devices = ['null', 'zero', 'random', 'urandom'];

export async function writePodFiles(plan: PodPlan, pod: PodIdentity): Promise<void> {
  const { folder } = pod;
  await writeVolumes(plan.volumes, folder);
  const containers = [...plan.initContainers, ...plan.containers];
  for (const container of containers) await writeRoot(container, folder, pod);
  await writeFile(join(folder, 'mounts'), mountTable(plan, folder));
}

export function rootPath(folder: string, container: string): string {
  return join(folder, 'roots', container);
}

function volumePath(folder: string, name: string): string {
  return join(folder, 'volumes', name);
}

/** Replaces files one by one; each is either as it was or as it is to be. */
export async function writeVolumes(volumes: readonly VolumePlan[], folder: string): Promise<void> {
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
  { address, hostName }: PodIdentity,
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
