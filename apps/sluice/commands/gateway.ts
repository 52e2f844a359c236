/** `sluice gateway` */
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createProxy, type Proxy, startAdmin } from '@sluice/proxy';
import type { CommandContext } from '../command-context.ts';
import { EXIT_CODE, type ExitCode, UsageError } from '../exit-code.ts';
import type { Log } from '../log.ts';
import { openAccessLog } from '../world/access-log.ts';
import { readGatewayConfig } from '../world/gateway-config.ts';
import { untilSignal } from '../world/signal.ts';

export interface GatewayOptions {
  readonly config: string;
  readonly keys?: string;
  readonly address: string;
  readonly adminAddress: string;
  readonly adminPort: number;
  readonly accessLog: string;
  readonly drainSeconds: number;
}

/** Time for a burst of writes to the config file to end. */
const QUIET_MS = 40;

export async function runGateway(
  { log }: CommandContext,
  options: GatewayOptions,
): Promise<ExitCode> {
  const { close: closeAccessLog, ...accessLog } = openAccessLog(options.accessLog);
  const proxy = createProxy({ ...accessLog, address: () => options.address });
  const problem = await applyFile(proxy, options);
  if (problem !== undefined) {
    await proxy.close();
    throw new UsageError(problem);
  }
  const admin = await startAdmin({ proxy, host: options.adminAddress, port: options.adminPort });
  log.info('serving', { config: options.config, adminPort: admin.port });
  const stopWatching = watchConfig(options.config, () => void reload(proxy, options, log));
  await untilSignal();
  stopWatching();
  await proxy.drain({ timeoutMs: options.drainSeconds * 1000 });
  await admin.close();
  await proxy.close();
  closeAccessLog();
  return EXIT_CODE.ok;
}

async function reload(proxy: Proxy, options: GatewayOptions, log: Log): Promise<void> {
  const problem = await applyFile(proxy, options);
  if (problem === undefined) log.info('the changed config is served', { config: options.config });
  else log.error(`${problem} The last good config keeps serving.`);
}

/** Returns what is wrong; undefined: the config is served. */
async function applyFile(proxy: Proxy, options: GatewayOptions): Promise<string | undefined> {
  const read = await readGatewayConfig(options.config, options.keys);
  if ('problem' in read) return read.problem;
  const { problems } = await proxy.apply(read.config, read.keys);
  if (problems.length === 0) return undefined;
  return `${options.config} can't be served: ${problems.map(({ field, message }) => `${field}: ${message}`).join('; ')}.`;
}

function watchConfig(file: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(file), (_, name) => {
    if (name !== null && name !== basename(file)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
