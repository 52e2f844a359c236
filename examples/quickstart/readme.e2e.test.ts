/**
 * The README's curl lines, run against `npm start` as a reader would: each exits 0 and prints what
 * the README says, and so does each line that the program itself prints.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
/** Of the first one, as `backends.ts` has it. */
const BACKEND_PORT = 9101;
const CANARY = 'shop v2 (canary): GET /';

interface Example {
  readonly line: string;
  readonly output: string;
}

/** Pairs of an `sh` block of curl lines and the `text` block that follows it. */
async function readExamples(): Promise<Example[]> {
  const readme = await readFile(`${ROOT}/README.md`, 'utf8');
  const examples: Example[] = [];
  for (const [, shell = '', text = ''] of readme.matchAll(
    /```sh\n(curl [\s\S]*?)```\n\n```text\n([\s\S]*?)```/g,
  )) {
    const lines = shell.trim().split('\n');
    const outputs = text.trim().split('\n');
    for (const [index, line] of lines.entries()) {
      const output = lines.length === 1 ? text.trim() : (outputs[index] ?? '');
      examples.push({ line, output });
    }
  }
  return examples;
}

function runShell(line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('sh', ['-c', line], { timeout: 10_000 }, (error, stdout) => {
      if (error) reject(new Error(`${line}: ${error.message}`));
      else resolve(stdout.replaceAll('\r', '').trim());
    });
  });
}

/** The date differs at each run; the canary answers one of ten requests without its header. */
function comparable(output: string): string {
  return output.replace(/^Date: .*$/m, 'Date: …').replace(CANARY, 'shop v1: GET /');
}

let gateway: ChildProcess;
let printed = '';

before(async () => {
  gateway = spawn('npm', ['start'], { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 2] });
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not started: ${printed}`)), START_TIMEOUT_MS);
    gateway.stdout?.on('data', (data) => {
      printed += data;
      if (!/^Try:\n(curl .*\n)+/m.test(printed)) return;
      clearTimeout(timer);
      resolve();
    });
    gateway.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${printed}`)));
  });
});

after(() => {
  const hasEnded = gateway.exitCode !== null || gateway.signalCode !== null;
  if (!hasEnded && gateway.pid !== undefined) process.kill(-gateway.pid, 'SIGTERM');
});

test('the curl lines of the README print what the README says', async () => {
  const examples = await readExamples();
  assert.ok(examples.length >= 5, 'the README has its examples');
  for (const { line, output } of examples) {
    assert.equal(comparable(await runShell(`${line} -sS`)), comparable(output), line);
  }
});

test('each curl line that npm start prints exits 0 and is answered', async () => {
  const lines = printed.split('\n').filter((line) => line.startsWith('curl '));
  assert.ok(lines.length >= 5, printed);
  for (const line of lines) {
    const output = await runShell(`${line} -sS`);
    assert.match(output, /GET \/|301 Moved Permanently/, line);
  }
});

test('stopping it stops its backends', async () => {
  assert.ok(await isListening(BACKEND_PORT), 'a backend listens while it runs');
  assert.ok(gateway.pid);
  gateway.removeAllListeners('exit');
  const ended = once(gateway, 'exit');
  // As a terminal does: npm and all below it get the signal, and npm passes on its own.
  process.kill(-gateway.pid, 'SIGTERM');
  await ended;
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while ((await isListening(BACKEND_PORT)) && performance.now() < deadline) await delay(50);
  assert.equal(await isListening(BACKEND_PORT), false, 'a backend listens after the end');
});

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => socket.destroy());
    socket.once('error', () => undefined);
    socket.once('close', (hadError) => resolve(!hadError));
  });
}
