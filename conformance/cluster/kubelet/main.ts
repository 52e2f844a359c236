/** The kubelet as a process, until SIGTERM or SIGINT: `node main.ts --help`. */
import { join } from 'node:path';
import { readKubeconfig } from '@sluice/kube';
import { bundleCommand } from '../../../tools/bundle.ts';
import { startKubelet } from './kubelet.ts';
import { readOptions, usage } from './options.ts';
import { sluiceProgram, staticImages } from './programs.ts';

const options = readOptions(process.argv.slice(2));
if (options === 'help') {
  console.log(usage);
  process.exit();
}
// Pods run as other users, who have to be able to read what is written for them.
process.umask(0o022);
const sluiceFolder = join(options.stateFolder, 'sluice');
await bundleCommand(sluiceFolder);
const { kubeconfig, images, ...rest } = options;
const kubelet = await startKubelet({
  ...rest,
  access: await readKubeconfig({ path: kubeconfig }),
  images: new Map([['sluice', sluiceProgram(sluiceFolder)], ...staticImages(images)]),
  log: (line) => console.error(line),
});
console.error('the kubelet is ready');
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void kubelet.stop());
}
