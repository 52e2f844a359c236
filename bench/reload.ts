/**
 * `npm run reload`: 200 edits of the manifests that `sluice dev` serves, under steady traffic from
 * clients that never retry, beside one WebSocket that must survive them all.
 *
 * Every edit is waited for until it is live, so that each really was applied. Prints figures; exit
 * code 1 when a request failed, an edit did not come alive or the WebSocket broke.
 */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { type RunningProcess, startProcess, untilListening } from './process.ts';
import { type EchoSocket, openEchoSocket } from './reload/echo.ts';
import { type Edit, firstWorld, makeEdits } from './reload/edit.ts';
import { startOrigin } from './reload/origin.ts';
import { untilSeen } from './reload/probe.ts';
import { startTraffic, type Traffic } from './reload/traffic.ts';
import { type CertificatePem, renderWorld, type World } from './reload/world.ts';

const originPort = 18301;
const ports = { port: 18302, tlsPort: 18303 };
const editCount = Number(process.argv[2] ?? 200);
const liveMsMax = 5000;
const program = join(import.meta.dirname, '../apps/sluice/main.ts');

process.exitCode = await main();

async function main(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-reload-'));
  const manifests = join(directory, 'manifests');
  mkdirSync(manifests);
  const certificates = ['one', 'two', 'three'].map((name) => certificateIn(directory, name));
  save(manifests, firstWorld(certificates), 0);
  const origin = await startOrigin(originPort);
  const dev = startDev(directory, manifests);
  try {
    await untilListening(ports.port, dev);
    await untilListening(ports.tlsPort, dev);
    const socket = await openEchoSocket(`ws://127.0.0.1:${ports.port}/socket`);
    const traffic = startTraffic(ports.port, ports.tlsPort);
    const outcome = await applyAll(makeEdits(editCount, certificates), manifests, socket);
    await traffic.stop();
    socket.close();
    return report(outcome, traffic);
  } catch (error) {
    console.error(error, dev.complaints(), readFileSync(join(directory, 'stdout.log'), 'utf8'));
    return 1;
  } finally {
    await dev.stop();
    origin.close();
    origin.closeAllConnections();
    rmSync(directory, { recursive: true });
  }
}

interface Outcome {
  readonly applied: Edit[];
  /** From the save until the edit was seen from outside. */
  readonly liveMs: number[];
  readonly problems: string[];
  readonly durationMs: number;
}

async function applyAll(
  edits: Iterable<Edit>,
  manifests: string,
  socket: EchoSocket,
): Promise<Outcome> {
  const start = performance.now();
  const applied: Edit[] = [];
  const liveMs: number[] = [];
  const problems: string[] = [];
  for (const edit of edits) {
    applied.push(edit);
    save(manifests, edit.world, applied.length);
    try {
      liveMs.push(await untilSeen(edit.expected, ports, liveMsMax));
      await socket.echo(`after edit ${applied.length}`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problems.push(`edit ${applied.length} (${edit.kind}): ${why}`);
    }
  }
  return { applied, liveMs, problems, durationMs: performance.now() - start };
}

/** Editors write in place or replace the file; the suite does both in turn. */
function save(manifests: string, world: World, turn: number): void {
  for (const [name, content] of renderWorld(world)) {
    const path = join(manifests, name);
    if (turn > 0 && readFileSync(path, 'utf8') === content) continue;
    if (turn % 2 === 0) {
      writeFileSync(path, content);
    } else {
      writeFileSync(`${path}.tmp`, content);
      renameSync(`${path}.tmp`, path);
    }
  }
}

function startDev(directory: string, manifests: string): RunningProcess {
  const listeners = ['--port', `80=${ports.port}`, '--port', `443=${ports.tlsPort}`];
  const backend = ['--map', `bench/origin:80=127.0.0.1:${originPort}`, '--admin-port', '0'];
  return startProcess({
    command: process.execPath,
    args: [program, 'dev', '-f', manifests, ...listeners, ...backend],
    directory,
  });
}

function certificateIn(directory: string, name: string): CertificatePem {
  const own = join(directory, name);
  mkdirSync(own);
  const { chain, key } = makeCertificate(own);
  return { chain: readFileSync(chain, 'utf8'), key: readFileSync(key, 'utf8') };
}

function report({ applied, liveMs, problems, durationMs }: Outcome, traffic: Traffic): number {
  const { sent, answered, failed, failures } = traffic.counts;
  const sorted = liveMs.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0);
  const rate = sent / (durationMs / 1000);
  console.log(`edits        ${applied.length} in ${(durationMs / 1000).toFixed(1)} s`);
  console.log(`             ${countKinds(applied)}`);
  console.log(`live after   ${at(0.5)} ms median, ${at(0.99)} ms p99, ${at(1 - 1e-9)} ms at most`);
  console.log(`requests     ${sent} sent (${rate.toFixed(0)}/s), ${answered} answered`);
  console.log(`failed       ${failed}`);
  console.log(
    `WebSocket    ${problems.length === 0 ? 'alive, every echo came back' : 'see below'}`,
  );
  for (const line of [...failures, ...problems.slice(0, 10)]) console.log(`  ${line}`);
  return failed === 0 && problems.length === 0 && answered === sent ? 0 : 1;
}

function countKinds(edits: readonly Edit[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of edits) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
