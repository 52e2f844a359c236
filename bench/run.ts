/**
 * Runs one scenario: origin and load on one core, the proxies on the other, one burst of each
 * proxy in turn, as many rounds as asked.
 *
 * Guarantees: all proxies of a row ran in the same seconds on the same core; each was warmed up;
 * each answers a host that no route names with something other than 200 (it does route); every
 * process started here has ended when this returns.
 */
import { mkdirSync, statSync, truncateSync } from 'node:fs';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import { type Burst, medianBurst, runBurst } from './burst.ts';
import type { CertificateFiles, Launch, Peer, PeerName } from './peer.ts';
import { type RunningProcess, residentMiB, startProcess, untilListening } from './process.ts';
import { nativeProgram } from './program.ts';
import { loadOptions, type Scenario } from './scenario.ts';

export interface RunSettings {
  readonly bursts: number;
  readonly seconds: number;
  readonly warmSeconds: number;
  readonly connections: number;
  /** For configs, logs and keys. Exists. */
  readonly directory: string;
  readonly certificate: CertificateFiles;
  readonly cores: { readonly proxy: number; readonly load: number };
}

export interface Row extends Burst {
  readonly peer: PeerName;
  readonly rssMiB: number;
}

interface Contestant {
  readonly peer: Peer;
  readonly port: number;
  readonly launch: Launch;
  readonly running: RunningProcess;
  readonly bursts: Burst[];
}

const originPort = 18001;
const firstProxyPort = 18010;
/** Connections are open and caches filled before the window opens. */
const leadSeconds = 0.15;
const complaintLinesMax = 5;

/** `onTrouble` is told of a proxy that could not be measured; it has no row then. */
export async function runScenario(
  scenario: Scenario,
  peers: readonly Peer[],
  settings: RunSettings,
  onTrouble: (peer: PeerName, message: string) => void,
): Promise<Row[]> {
  const origin = await startOrigin(scenario, settings);
  const contestants = peers.map((peer, index) => start(peer, index, scenario, settings));
  const able = new Set<Contestant>();
  const attempt = async (contestant: Contestant, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      able.add(contestant);
    } catch (error) {
      able.delete(contestant);
      onTrouble(contestant.peer.name, describe(error, contestant));
    }
  };
  try {
    for (const each of contestants) await attempt(each, () => prepare(each, scenario, settings));
    for (let round = 0; round < settings.bursts; round++) {
      for (const each of contestants.filter((one) => able.has(one))) {
        await attempt(each, () => measure(each, scenario, settings));
      }
    }
    return [...able].map(rowOf).sort((a, b) => order(peers, a) - order(peers, b));
  } finally {
    await Promise.all([origin, ...contestants.map((each) => each.running)].map((it) => it.stop()));
  }
}

async function startOrigin(scenario: Scenario, settings: RunSettings): Promise<RunningProcess> {
  const directory = join(settings.directory, scenario.name, 'origin');
  mkdirSync(directory, { recursive: true });
  const origin = startProcess({
    command: nativeProgram('origin'),
    args: [String(originPort), String(scenario.answerBytes)],
    core: settings.cores.load,
    directory,
  });
  await untilListening(originPort, origin);
  return origin;
}

function start(peer: Peer, index: number, scenario: Scenario, settings: RunSettings): Contestant {
  const directory = join(settings.directory, scenario.name, peer.name);
  mkdirSync(directory, { recursive: true });
  const port = firstProxyPort + index;
  const { certificate, cores } = settings;
  const launch = peer.launch({ scenario, port, originPort, directory, certificate });
  const running = startProcess({ ...launch, core: cores.proxy, directory });
  return { peer, port, launch, running, bursts: [] };
}

async function prepare(it: Contestant, scenario: Scenario, settings: RunSettings): Promise<void> {
  await untilListening(it.port, it.running);
  if (it.peer.name !== 'limit') await expectRouting(it.port, scenario);
  await burst(it, scenario, settings, settings.warmSeconds);
}

async function measure(it: Contestant, scenario: Scenario, settings: RunSettings): Promise<void> {
  it.bursts.push(await burst(it, scenario, settings, settings.seconds));
}

async function burst(
  it: Contestant,
  scenario: Scenario,
  settings: RunSettings,
  seconds: number,
): Promise<Burst> {
  const result = await runBurst({
    port: it.port,
    pids: it.running.pids(),
    core: settings.cores.load,
    connections: settings.connections,
    warmSeconds: leadSeconds,
    seconds,
    shape: loadOptions(scenario),
  });
  if (it.launch.accessLog !== undefined) emptyLog(it.launch.accessLog);
  return result;
}

/** An empty access log means a proxy that was spared a cost the others bear. */
function emptyLog(path: string): void {
  if (statSync(path).size === 0) throw new Error(`wrote no access log (${path})`);
  truncateSync(path);
}

function expectRouting(port: number, { tls }: Scenario): Promise<void> {
  const host = { Host: 'unrouted.example.org' };
  const options = { port, host: '127.0.0.1', headers: host, agent: false as const };
  return new Promise((resolve, reject) => {
    const probe = tls
      ? requestTls({ ...options, servername: 'bench.example.com', rejectUnauthorized: false })
      : request(options);
    probe.once('error', reject);
    probe.once('response', (answer) => {
      answer.resume();
      if (answer.statusCode !== 200) resolve();
      else reject(new Error('answered 200 to a host that no route names'));
    });
    probe.end();
  });
}

function rowOf({ peer, bursts, running }: Contestant): Row {
  return { peer: peer.name, ...medianBurst(bursts), rssMiB: residentMiB(running.pids()) };
}

function order(peers: readonly Peer[], row: Row): number {
  return peers.findIndex(({ name }) => name === row.peer);
}

function describe(error: unknown, { running }: Contestant): string {
  const message = error instanceof Error ? error.message : String(error);
  const complaints = running.complaints().split('\n').slice(-complaintLinesMax);
  return [message, ...complaints].filter((text) => text !== '').join('\n');
}
