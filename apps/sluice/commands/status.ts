/** `sluice status` */
import type { Channel } from '@sluice/spec';
import type { CommandContext } from '../command-context.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { type OutputFormat, renderData } from '../render/output.ts';
import { listStatusParts, renderStatus } from '../render/status-table.ts';
import { evaluateManifests } from '../world/evaluation.ts';
import { readManifests } from '../world/manifests.ts';

export interface StatusOptions {
  readonly filename: readonly string[];
  readonly output: OutputFormat;
  readonly channel: Channel;
}

export async function runStatus(
  { terminal }: CommandContext,
  options: StatusOptions,
): Promise<ExitCode> {
  const manifests = await readManifests(options.filename, options.channel);
  const objects = evaluateManifests(manifests, options.channel)
    .store.objects()
    .filter((object) => 'status' in object);
  const lines =
    renderData(options.output, objects) ??
    renderStatus(listStatusParts(objects), options.output === 'wide', terminal).join('\n');
  terminal.out(lines === '' ? 'no object of these manifests has a status' : lines);
  return EXIT_CODE.ok;
}
