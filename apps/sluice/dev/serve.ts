/** Puts `sluice dev` together: files, runtime, certificates, admin server, report, programs. */

import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding, ReconcileResult } from '@sluice/core';
import { createProxy } from '@sluice/proxy';
import type { Channel, KubernetesObject } from '@sluice/spec';
import type { CommandContext } from '../command-context.ts';
import type { Log } from '../log.ts';
import { buildDiagnostics } from '../render/diagnostic.ts';
import { openAccessLog } from '../world/access-log.ts';
import { assignAddresses } from '../world/addresses.ts';
import {
  createLocalCertificates,
  describeLocalCertificate,
  findMissingSecrets,
} from '../world/local-certificates.ts';
import type { LocalService } from '../world/local-service.ts';
import { createManifestReader, keepLastGood, type ManifestSet } from '../world/manifests.ts';
import { buildPortMapping, listPortUsers } from '../world/port-mapping.ts';
import { untilReachable } from '../world/reachable.ts';
import { watchPaths } from '../world/watch.ts';
import { startDevAdmin } from './admin.ts';
import { startPrograms } from './program-runner.ts';
import { reportChanges, reportFirst, type Scene } from './report.ts';
import { type Runtime, startRuntime } from './runtime.ts';

export interface ServeOptions {
  readonly paths: readonly string[];
  readonly channel: Channel;
  readonly localServices: readonly LocalService[];
  readonly fixedPorts: ReadonlyMap<number, number>;
  readonly address: string;
  readonly adminPort: number;
  readonly accessLog: string;
  readonly programs: readonly string[];
}

/** Longest wait for the programs of `--run` to listen. */
const PROGRAMS_START_MS = 5_000;

export type Stop = () => Promise<void>;

/** Serves until the returned function is called. A `UsageError` says why it can't. */
export async function runManifests(
  { terminal, log }: CommandContext,
  options: ServeOptions,
): Promise<Stop> {
  const reader = createManifestReader(options.paths, options.channel);
  const first = await reader.read();
  const { close: closeAccessLog, ...accessLog } = openAccessLog(options.accessLog);
  let loaded: Loaded = { manifests: first, notes: [] };
  let scene: Scene | undefined;
  const runtime = startRuntime({
    channel: options.channel,
    localServices: options.localServices,
    startProxy: (_, address) => createProxy({ ...accessLog, address: () => address }),
    log,
    onRest: (result) => {
      const next = buildScene(loaded, result, runtime, admin.url);
      if (scene === undefined) reportFirst(next, terminal);
      else reportChanges(scene, next, terminal);
      scene = next;
    },
  });
  const certificates = createLocalCertificates();
  const load = async (manifests: ManifestSet): Promise<void> => {
    loaded = { manifests, ...(await prepare(runtime, manifests, certificates, options)) };
    runtime.notify();
  };
  const reload = async (): Promise<void> =>
    load(keepLastGood(await reader.read(), loaded.manifests));
  const admin = await startDevAdmin(runtime, options);
  const stopPrograms = startPrograms(options.programs, log);
  if (options.programs.length > 0) await untilReachable(objectsOf(first), PROGRAMS_START_MS);
  await load(first);
  const stopWatching = followFiles(options.paths, reload, log);
  return async () => {
    stopWatching();
    stopPrograms();
    await runtime.stop();
    await admin.close();
    closeAccessLog();
  };
}

/** Reloads after each change, one reload after the other. */
function followFiles(paths: readonly string[], reload: () => Promise<void>, log: Log): () => void {
  let loading = Promise.resolve();
  const onChange = (): void => {
    loading = loading.then(reload).catch((error: unknown) => {
      log.error(`${messageOf(error)} What is served stays.`);
    });
  };
  return watchPaths(paths, onChange, (error) => {
    log.error('watching the files failed', { error: error.message });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function objectsOf({ objects }: ManifestSet): KubernetesObject[] {
  return objects.map(({ object }) => object);
}

interface Loaded {
  readonly manifests: ManifestSet;
  /** What the laptop adds to the core's findings. */
  readonly notes: readonly Finding[];
  readonly caFile?: string;
}

/** Brings the store up to date with the files: objects, certificates, ports, addresses. */
async function prepare(
  { store }: Runtime,
  manifests: ManifestSet,
  certificates: ReturnType<typeof createLocalCertificates>,
  { fixedPorts, address }: ServeOptions,
): Promise<Omit<Loaded, 'manifests'>> {
  store.replaceManifests(manifests);
  const owners = store.owners();
  const missing = findMissingSecrets(owners, store.hasSecret);
  store.replaceLocalSecrets(await certificates.provide(missing, Date.now()));
  const portMapping = buildPortMapping(owners, fixedPorts);
  const addresses = assignAddresses(listPortUsers(owners, portMapping), address);
  store.configure({ portMapping, addresses });
  const notes = missing.map(describeLocalCertificate);
  if (missing.length === 0) return { notes };
  const caFile = join(stateDirectory(), 'dev-ca.pem');
  await mkdir(dirname(caFile), { recursive: true });
  await writeFile(caFile, certificates.authorities());
  return { notes, caFile };
}

function stateDirectory(): string {
  return join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'sluice');
}

function buildScene(
  { manifests, notes, caFile }: Loaded,
  { findings }: ReconcileResult,
  { gateways }: Runtime,
  adminUrl: string,
): Scene {
  return {
    manifests,
    diagnostics: buildDiagnostics(manifests.problems, [...findings, ...notes], manifests.objects),
    serving: gateways.serving(),
    adminUrl,
    ...(caFile === undefined ? {} : { caFile }),
  };
}
