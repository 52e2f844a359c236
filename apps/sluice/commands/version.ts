/** `sluice version` */

import type { CommandContext } from '../command-context.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import metadata from '../package.json' with { type: 'json' };
import { type OutputFormat, renderData } from '../render/output.ts';

export interface VersionOptions {
  readonly output: OutputFormat;
}

/** The Gateway API release whose objects and semantics this program knows. */
export const GATEWAY_API_VERSION = 'v1.7.0';

export function runVersion({ terminal }: CommandContext, options: VersionOptions): ExitCode {
  const versions = {
    sluice: metadata.version,
    gatewayApi: GATEWAY_API_VERSION,
    node: process.version,
  };
  terminal.out(
    renderData(options.output, versions) ??
      `sluice ${versions.sluice} (Gateway API ${versions.gatewayApi}, Node.js ${versions.node})`,
  );
  return EXIT_CODE.ok;
}
