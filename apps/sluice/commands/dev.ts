/** `sluice dev` */
import type { Channel } from '@sluice/spec';
import type { CommandContext } from '../command-context.ts';
import { runManifests } from '../dev/serve.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { parseMapOptions } from '../world/local-service.ts';
import { parsePortOptions } from '../world/port-mapping.ts';
import { untilSignal } from '../world/signal.ts';

export interface DevOptions {
  readonly filename: readonly string[];
  readonly map: readonly string[];
  readonly port: readonly string[];
  readonly address: string;
  readonly adminPort: number;
  readonly accessLog: string;
  readonly run: readonly string[];
  readonly channel: Channel;
}

export async function runDev(context: CommandContext, options: DevOptions): Promise<ExitCode> {
  const stop = await runManifests(context, {
    paths: options.filename,
    channel: options.channel,
    localServices: await parseMapOptions(options.map),
    fixedPorts: parsePortOptions(options.port),
    address: options.address,
    adminPort: options.adminPort,
    accessLog: options.accessLog,
    programs: options.run,
  });
  await untilSignal();
  await stop();
  return EXIT_CODE.ok;
}
