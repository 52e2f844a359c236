/**
 * What `sluice dev` tells a person: the whole picture once the world first comes to rest, then one
 * line for each change and each diagnostic that came or went.
 */

import { renderListeners, renderRoutes } from '../render/config-tables.ts';
import { type Diagnostic, renderDiagnostic } from '../render/diagnostic.ts';
import type { Terminal } from '../terminal.ts';
import type { ManifestSet } from '../world/manifests.ts';
import { compareManifests } from './changes.ts';
import { renderCurlLines } from './curl-lines.ts';
import type { ServingGateway } from './gateways.ts';

const CURL_LINES_MAX = 12;

/** The world at rest. */
export interface Scene {
  readonly manifests: ManifestSet;
  readonly diagnostics: readonly Diagnostic[];
  readonly serving: readonly ServingGateway[];
  /** Base URL of the admin server. */
  readonly adminUrl: string;
  readonly caFile?: string;
}

export function reportFirst(scene: Scene, terminal: Terminal): void {
  const { manifests, diagnostics, serving } = scene;
  const blocks = [
    [`${manifests.files.length} files, ${manifests.objects.length} objects`],
    renderListeners(serving, terminal),
    renderRoutes(serving, terminal),
    diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, terminal)),
    [`metrics, health, config and status: ${scene.adminUrl}`],
    curlBlock(scene),
  ];
  terminal.out(
    blocks
      .filter((block) => block.length > 0)
      .map((block) => block.join('\n'))
      .join('\n\n'),
  );
}

export function reportChanges(before: Scene, after: Scene, terminal: Terminal): void {
  for (const { kind, object, place } of compareManifests(before.manifests, after.manifests)) {
    terminal.out(`${terminal.paint('cyan', kind)}: ${object} (${place})`);
  }
  const old = new Set(before.diagnostics.map(keyOf));
  const now = new Set(after.diagnostics.map(keyOf));
  for (const diagnostic of after.diagnostics) {
    if (!old.has(keyOf(diagnostic))) terminal.out(renderDiagnostic(diagnostic, terminal));
  }
  for (const { object, field, reason } of before.diagnostics.filter(
    (one) => !now.has(keyOf(one)),
  )) {
    const subject = [object, field].filter(Boolean).join(' ');
    terminal.out(`${terminal.paint('green', 'resolved')}: ${subject}: ${reason}`);
  }
  const versions = new Map(before.serving.map(({ gateway, config }) => [gateway, config.version]));
  for (const { gateway, config } of after.serving) {
    if (versions.get(gateway) === config.version) continue;
    terminal.out(`${terminal.paint('green', 'serving')}: ${gateway}, config ${config.version}`);
  }
}

function curlBlock({ serving, caFile }: Scene): string[] {
  const lines = serving.flatMap(({ config, address }) =>
    renderCurlLines(config, { address, ...(caFile ? { caFile } : {}) }, CURL_LINES_MAX),
  );
  return lines.length === 0 ? [] : ['Try:', ...lines.slice(0, CURL_LINES_MAX)];
}

/** The same finding after lines moved is the same finding. */
function keyOf({ file, object, field, reason, message }: Diagnostic): string {
  return JSON.stringify([file, object, field, reason, message]);
}
