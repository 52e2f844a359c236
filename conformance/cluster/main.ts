/** `npm run cluster`: clusters for tests on this machine, without a container runtime. */
import { resolve } from 'node:path';
import { startControlPlane } from './control-plane.ts';
import { type Channel, installDefinitions } from './definitions.ts';
import { readCommand, usage } from './options.ts';

const cache = resolve(import.meta.dirname, '../../.cache');

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(args: readonly string[]): Promise<void> {
  const command = readCommand(args);
  if (command.kind === 'help') console.log(usage);
  else await runApiServer(command.port, command.channel);
}

async function runApiServer(port: number, channel: Channel): Promise<void> {
  const controlPlane = await startControlPlane({
    directory: resolve(cache, 'api-server'),
    address: '127.0.0.1',
    port,
    report: (line) => console.error(line),
  });
  try {
    await installDefinitions(controlPlane.kubeconfig, channel);
    console.log(`${controlPlane.server} with the ${channel} channel; ^C stops it`);
    console.log(`export KUBECONFIG=${controlPlane.kubeconfig}`);
    const interrupted = new Promise<undefined>((done) => {
      process.once('SIGINT', () => done(undefined)).once('SIGTERM', () => done(undefined));
    });
    const problem = await Promise.race([interrupted, controlPlane.died]);
    if (problem !== undefined) throw new Error(problem);
  } finally {
    await controlPlane.stop();
  }
}
