/** `sluice gateway` */
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { createProxy, startAdmin } from '@sluice/proxy';
import { openClusterConfig } from '../cluster/cluster-config.ts';
import type { CommandContext } from '../command-context.ts';
import { EXIT_CODE, type ExitCode, UsageError } from '../exit-code.ts';
import type { Log } from '../log.ts';
import { openAccessLog } from '../world/access-log.ts';
import { openConfigFile } from '../world/config-file.ts';
import type { ApplyConfig, ConfigSource, FollowedConfig } from '../world/config-source.ts';
import { untilSignal } from '../world/signal.ts';

export interface GatewayOptions {
  readonly config?: string;
  readonly keys?: string;
  readonly cluster?: { readonly namespace: string; readonly name: string };
  readonly lastGood: string;
  readonly address?: string;
  readonly admin: { readonly host: string; readonly port: number };
  readonly accessLog: string;
  readonly shutdownDelaySeconds?: number;
  readonly drainSeconds: number;
}

/**
 * In a cluster nodes and load balancers are told that a Pod ends while it is ending, and send it
 * new connections until they know.
 */
const UNKNOWN_SECONDS = 5;

export async function runGateway(
  { log }: CommandContext,
  options: GatewayOptions,
): Promise<ExitCode> {
  const source = await openSource(options, log);
  const { close: closeAccessLog, ...accessLog } = openAccessLog(options.accessLog);
  const address = options.address ?? (options.cluster ? everyAddress() : '127.0.0.1');
  // In a cluster the Service of the Gateway maps the ports that it declares to those bound.
  const clientsDial = options.cluster ? 'declared' : 'bound';
  const proxy = createProxy({ ...accessLog, clientsDial, address: () => address });
  let followed: FollowedConfig | undefined;
  const describe = () => followed?.describe() ?? {};
  const admin = await startAdmin({ proxy, ...options.admin, describe }).catch((error: unknown) => {
    const { host, port } = options.admin;
    throw new UsageError(`the admin server can't listen on ${host} ${port}: ${messageOf(error)}`);
  });
  const apply: ApplyConfig = async (config, keys) => {
    const result = await proxy.apply(config, keys);
    admin.applied();
    return result;
  };
  try {
    followed = await source.follow(apply);
    log.info('started', { admin: `${options.admin.host} ${admin.port}` });
    const signal = await untilSignal();
    const delaySeconds = options.shutdownDelaySeconds ?? (options.cluster ? UNKNOWN_SECONDS : 0);
    log.info('ending', { signal, delaySeconds });
    await delay(delaySeconds * 1000);
    await followed.stop();
    await proxy.drain({ timeoutMs: options.drainSeconds * 1000 });
    return EXIT_CODE.ok;
  } finally {
    await admin.close();
    await proxy.close();
    closeAccessLog();
  }
}

async function openSource(options: GatewayOptions, log: Log): Promise<ConfigSource> {
  const { config, cluster, keys, lastGood } = options;
  if (config !== undefined && cluster === undefined) {
    return openConfigFile({ file: config, keys, log });
  }
  if (cluster !== undefined && config === undefined) {
    const { createClient } = await import('@sluice/kube');
    const { findAccess } = await import('../controller/access.ts');
    const client = createClient(await findAccess());
    return openClusterConfig({ client, owned: cluster, directory: lastGood, log });
  }
  throw new UsageError('say where the config is: either --config or --cluster.');
}

/** The unspecified address of IPv6 takes IPv4 too, where there is IPv6 at all. */
function everyAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((own) => own ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
