/**
 * `npm run bench`: what a proxied request costs, ours beside its peers, in one run.
 *
 * Exit code 1 when ours is missing from a row or failed a request; 2 when the command line or the
 * machine is not fit. README.md has the method and how to read the figures. `scale` as the first
 * argument is another suite, of changes in a cluster.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleSluice } from './bundle.ts';
import { makeCertificate } from './certificate.ts';
import { installPeers } from './install.ts';
import { type Options, readOptions, usage } from './options.ts';
import type { Peer } from './peer.ts';
import { envoy } from './peers/envoy.ts';
import { haproxy } from './peers/haproxy.ts';
import { limit } from './peers/limit.ts';
import { nginx, nginxTuned } from './peers/nginx.ts';
import { ours } from './peers/ours.ts';
import { buildNativePrograms, findProgram } from './program.ts';
import { renderJson, renderTable, type ScenarioResult } from './report.ts';
import { type RunSettings, runScenario } from './run.ts';
import type { Scenario } from './scenario.ts';

const allPeers: readonly Peer[] = [ours, nginx, nginxTuned, haproxy, envoy, limit];

process.exitCode = await main();

async function main(): Promise<number> {
  const [suite, ...args] = process.argv.slice(2);
  if (suite === 'scale') return runScaleSuite(args);
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
    if (options.help) return print(usage);
    if (options.install) installPeers();
    requireMachine();
    buildNativePrograms();
    await bundleSluice();
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const directory = makeDirectory();
  try {
    const results = await runAll(options, directory);
    if (options.json) print(renderJson(results));
    return results.every(({ rows }) => oursIsSound(options, rows)) ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function runScaleSuite(args: readonly string[]): Promise<number> {
  const { runScale } = await import('./scale/command.ts');
  return runScale(args).catch((error: unknown) => {
    complain(error instanceof Error ? error.message : String(error));
    return 2;
  });
}

async function runAll(options: Options, directory: string): Promise<ScenarioResult[]> {
  const settings: RunSettings = {
    ...options,
    directory,
    certificate: makeCertificate(directory),
    cores: { proxy: 1, load: 0 },
  };
  const peers = allPeers.filter((peer) => isWanted(peer, options) && isPresent(peer));
  const results: ScenarioResult[] = [];
  for (const scenario of options.scenarios) {
    const rows = await runScenario(scenario, entrants(peers, scenario), settings, (peer, message) =>
      complain(`${scenario.name}: ${peer} not measured: ${message}`),
    );
    const result = { scenario, rows };
    results.push(result);
    if (!options.json) print(renderTable(result));
  }
  return results;
}

function entrants(peers: readonly Peer[], { yardsticks }: Scenario): Peer[] {
  return peers.filter(({ name }) => {
    if (name !== 'limit' && name !== 'nginxTuned') return true;
    return yardsticks.includes(name);
  });
}

function isWanted({ name }: Peer, { peers }: Options): boolean {
  return peers === undefined || peers.includes(name);
}

function isPresent(peer: Peer): boolean {
  const absence = peer.absence();
  if (absence === undefined) return true;
  complain(`${peer.name} skipped: ${absence}; --install installs it`);
  return false;
}

function oursIsSound(options: Options, rows: ScenarioResult['rows']): boolean {
  if (!isWanted(ours, options)) return true;
  const row = rows.find(({ peer }) => peer === 'ours');
  return row !== undefined && row.errors === 0;
}

function requireMachine(): void {
  if (process.platform !== 'linux') throw new Error('needs Linux (epoll, /proc, taskset)');
  if (availableParallelism() < 2) throw new Error('needs two cores: one for the proxy alone');
  const missing = ['gcc', 'taskset', 'openssl'].filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) throw new Error(`not installed: ${missing.join(', ')}`);
}

/** In memory where possible: writing logs back to a disk would disturb both cores at random. */
function makeDirectory(): string {
  const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const directory = mkdtempSync(join(parent, 'sluice-bench-'));
  mkdirSync(directory, { recursive: true });
  return directory;
}

function print(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}

function complain(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
