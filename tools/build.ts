/** `npm run build`: the command as it is shipped, in `dist/`. */
import { fileURLToPath } from 'node:url';
import { bundleCommand } from './bundle.ts';

await bundleCommand(fileURLToPath(new URL('../dist', import.meta.url)));
