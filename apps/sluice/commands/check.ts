/** `sluice check` */
import type { Channel } from '@sluice/spec';
import type { CommandContext } from '../command-context.ts';
import { EXIT_CODE, type ExitCode } from '../exit-code.ts';
import { buildDiagnostics, countDiagnostics, renderDiagnostic } from '../render/diagnostic.ts';
import { type OutputFormat, renderData } from '../render/output.ts';
import { evaluateManifests } from '../world/evaluation.ts';
import { readManifests } from '../world/manifests.ts';

export interface CheckOptions {
  readonly filename: readonly string[];
  readonly output: OutputFormat;
  readonly channel: Channel;
  readonly strict: boolean;
}

export async function runCheck(
  { terminal }: CommandContext,
  options: CheckOptions,
): Promise<ExitCode> {
  const manifests = await readManifests(options.filename, options.channel);
  const { findings } = evaluateManifests(manifests, options.channel);
  const diagnostics = buildDiagnostics(manifests.problems, findings, manifests.objects);
  const data = renderData(options.output, { files: manifests.files, diagnostics });
  if (data !== undefined) {
    terminal.out(data);
  } else {
    for (const diagnostic of diagnostics) terminal.out(renderDiagnostic(diagnostic, terminal));
    const counts = countDiagnostics(diagnostics) ?? 'nothing wrong';
    terminal.out(
      `${manifests.files.length} files, ${manifests.objects.length} valid objects: ${counts}`,
    );
  }
  const failing = options.strict ? ['error', 'warning'] : ['error'];
  const failed = diagnostics.some(({ severity }) => failing.includes(severity));
  return failed ? EXIT_CODE.findings : EXIT_CODE.ok;
}
