/** `sluice gateway` */
import { createProxy, startAdmin } from '@sluice/proxy';
import type { CommandContext } from '../command-context.ts';
import { EXIT_CODE, type ExitCode, UsageError } from '../exit-code.ts';
import { openAccessLog } from '../world/access-log.ts';
import { openConfigFile } from '../world/config-file.ts';
import type { ApplyConfig, FollowedConfig } from '../world/config-source.ts';
import { untilSignal } from '../world/signal.ts';

export interface GatewayOptions {
  readonly config: string;
  readonly keys?: string;
  readonly address: string;
  readonly admin: { readonly host: string; readonly port: number };
  readonly accessLog: string;
  readonly drainSeconds: number;
}

export async function runGateway(
  { log }: CommandContext,
  options: GatewayOptions,
): Promise<ExitCode> {
  const source = openConfigFile({ file: options.config, keys: options.keys, log });
  const { close: closeAccessLog, ...accessLog } = openAccessLog(options.accessLog);
  const proxy = createProxy({ ...accessLog, address: () => options.address });
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
    await untilSignal();
    await followed.stop();
    await proxy.drain({ timeoutMs: options.drainSeconds * 1000 });
    return EXIT_CODE.ok;
  } finally {
    await admin.close();
    await proxy.close();
    closeAccessLog();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
