/** The programs that stand for images: our own, and static ones such as the suite's echo-basic. */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import type { ImageTable, Program } from './plan.ts';

/** As images that are made to run restricted have it. */
const nobody = 65_532;

/** From names of images to static programs of this machine. */
export function staticImages(files: ReadonlyMap<string, string>): ImageTable {
  const program = (name: string, file: string): Program => ({
    command: [`/${name}`],
    files: [{ source: realpathSync(file), target: `/${name}` }],
    user: 0,
    drains: false,
  });
  return new Map([...files].map(([name, file]) => [name, program(name, file)]));
}

/** The bundled command in a folder, run by the Node that runs this. */
export function sluiceProgram(folder: string): Program {
  const node = realpathSync(process.execPath);
  return {
    command: ['/usr/local/bin/node', '/sluice/sluice.js'],
    files: [
      { source: node, target: '/usr/local/bin/node' },
      { source: realpathSync(folder), target: '/sluice' },
      ...sharedLibraries(node).map((path) => ({ source: realpathSync(path), target: path })),
    ],
    user: nobody,
    drains: true,
  };
}

/** What the dynamic loader would load, and the loader itself; each at the path it is asked for. */
function sharedLibraries(program: string): string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1] ?? '');
}
