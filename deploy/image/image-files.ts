/**
 * The root of the image: the Node.js that runs this, the shared libraries that it is linked with,
 * the bundled command, and the licences of all that is in it.
 *
 * Guarantees: nothing else is in it, so no shell, no package manager, no sources; and nothing of it
 * belongs to the user that the image runs as.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { bundleCommand } from '../../tools/bundle.ts';

const repository = resolve(import.meta.dirname, '../..');

/** Replaces what is in `directory`. Throws when a library or a bundle can't be had. */
export async function writeImage(directory: string): Promise<void> {
  const root = resolve(directory);
  rmSync(root, { recursive: true, force: true });
  copyProgram(root);
  await bundleCommand(join(root, 'app'));
  write(root, 'app/package.json', '{ "type": "module" }\n');
  // Names of hosts: the Pod's own file first, as everywhere; the user has a name for those who ask.
  write(root, 'etc/nsswitch.conf', 'hosts: files dns\n');
  write(root, 'etc/passwd', 'sluice:x:65532:65532::/app:/bin/false\n');
  copyLicences(root);
}

function copyProgram(root: string): void {
  const program = realpathSync(process.execPath);
  copy(program, join(root, 'usr/local/bin/node'));
  chmodSync(join(root, 'usr/local/bin/node'), 0o755);
  for (const library of librariesOf(program)) copy(realpathSync(library), join(root, library));
}

/** Paths as the dynamic linker looks for them, the linker's own among them. */
function librariesOf(program: string): string[] {
  const listing = execFileSync('ldd', [program], { encoding: 'utf8' });
  const missing = /^\s*(\S+) => not found/m.exec(listing)?.[1];
  if (missing !== undefined) throw new Error(`${program} needs ${missing}, which is not here`);
  const paths = [...listing.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
  if (paths.length === 0) throw new Error(`ldd says nothing about ${program}`);
  return paths;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly link?: boolean }>>;
}

/** Of Sluice, of Node.js, and of every package that a bundle may have parts of. */
function copyLicences(root: string): void {
  copy(join(repository, 'LICENSE'), join(root, 'licenses/sluice'));
  const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as Lock;
  for (const [path, { dev, link }] of Object.entries(lock.packages)) {
    const folder = join(repository, path);
    if (dev || link || !path.startsWith('node_modules/') || !existsSync(folder)) continue;
    const name = path.replace(/^node_modules\//, '').replaceAll('/', '+');
    for (const file of readdirSync(folder).filter((it) => /^licen[cs]e/i.test(it))) {
      copy(join(folder, file), join(root, 'licenses', name));
    }
  }
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}

function write(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
