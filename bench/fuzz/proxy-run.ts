/**
 * Fuzzes the whole proxy over loopback: what arrives at the origin must be exactly the requests
 * that the reader accepted, each with one framing, whatever the client sent.
 *
 * The origin's parser shares no code with ours. Inputs go out in batches of connections; a batch
 * that shows a difference is sent again input by input to find whose it is.
 */
import { connect } from 'node:net';
import {
  buildConfig,
  type RecordingOrigin,
  type RunningProxy,
  startOrigin,
  startProxy,
} from '@sluice/testkit';
import { makeRequests } from './message-grammar.ts';
import { mutate } from './mutation.ts';
import { Random } from './random.ts';
import type { Fault } from './reader-run.ts';
import { WireReader } from './wire-reader.ts';

const BATCH = 64;
/** Far beyond what an exchange over loopback takes: a connection that is open then hangs. */
const STUCK_MS = 20_000;
/** Inputs of one batch that are reported: a fault that shows everywhere is one fault. */
const CULPRITS_MAX = 3;
/** Source addresses in turn, so that closed connections don't use up the ports of one. */
const SOURCES = 200;
const EMPTY = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const LAST = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

export interface ProxyRun {
  readonly inputs: number;
  /** Complete requests that were sent, refused ones included as far as they were read. */
  readonly requests: number;
  /** Requests that the origin received. */
  readonly received: number;
  readonly faults: readonly Fault[];
}

export interface ProxyRunOptions {
  readonly seed: number;
  readonly count: number;
  readonly faultsMax: number;
}

interface Input {
  readonly seed: number;
  readonly text: string;
  /** `METHOD target body` of every request that has to reach the origin. */
  readonly expected: readonly string[];
  /** Answers to wait for before the client's end closes. */
  readonly answers: number;
}

interface Stage {
  readonly origin: RecordingOrigin;
  readonly proxy: RunningProxy;
}

export async function runProxy(options: ProxyRunOptions): Promise<ProxyRun> {
  await using origin = await startOrigin((request, socket) => {
    const upgrades = request.headers.some(([name]) => name.toLowerCase() === 'upgrade');
    if (!upgrades) return EMPTY;
    socket.end(LAST);
    return undefined;
  });
  const config = buildConfig({ backends: { origin: [origin.port] } });
  await using proxy = await startProxy(config, { accessLog: () => {} });
  const stage = { origin, proxy };
  const reader = new WireReader('requests', false);
  const faults: Fault[] = [];
  let inputs = 0;
  let requests = 0;
  let received = 0;
  while (inputs < options.count && faults.length < options.faultsMax) {
    const size = Math.min(BATCH, options.count - inputs);
    const batch = makeBatch(reader, options.seed + inputs, size);
    const difference = await runBatch(stage, batch);
    requests += batch.reduce((sum, { expected }) => sum + expected.length, 0);
    received += origin.requests.length;
    inputs += size;
    if (difference !== '') faults.push(...(await findCulprits(stage, batch, difference)));
  }
  return { inputs, requests, received, faults };
}

function makeBatch(reader: WireReader, seed: number, size: number): Input[] {
  return Array.from({ length: size }, (_, index) => makeInput(reader, seed + index));
}

function makeInput(reader: WireReader, seed: number): Input {
  const random = new Random(seed);
  const text = mutate(random, makeRequests(random));
  const bytes = Buffer.from(text, 'latin1');
  const { messages } = reader.read(bytes, [bytes.length]);
  const complete = messages.filter(({ isComplete }) => isComplete);
  const routed = complete.filter(({ target }) => target !== '*');
  const expected = routed.map(({ start, target, body }) => `${start} ${target} ${body}`);
  return { seed, text, expected, answers: complete.length };
}

/** Sends all inputs at once; returns what was wrong with what the origin saw, or nothing. */
async function runBatch({ origin, proxy }: Stage, batch: readonly Input[]): Promise<string> {
  origin.requests.length = 0;
  origin.violations.length = 0;
  // After a violation the origin is silent: nothing more is to be learnt from this batch.
  const givesUp = new AbortController();
  const watch = setInterval(() => {
    if (origin.violations.length > 0) givesUp.abort();
  }, 50);
  const sent = batch.map((input) => send(proxy.port, input, givesUp.signal));
  const ends = await Promise.all(sent);
  clearInterval(watch);
  if (origin.violations.length > 0) return `the origin refuses: ${origin.violations[0]}`;
  if (ends.includes('stuck')) return 'a connection hangs';
  const odd = origin.requests.find(({ target }) => !isNormal(target));
  if (odd !== undefined) return `the origin saw a path that is not normal: ${odd.target}`;
  const expected = batch.flatMap((input) => input.expected).toSorted();
  const seen = origin.requests
    .map(({ method, target, body }) => `${method} ${target} ${body.toString('latin1')}`)
    .toSorted();
  return multisetDifference(expected, seen);
}

/** RFC 3986 section 6.2.2, by patterns: no dot segment, no escape that has another form. */
function isNormal(target: string): boolean {
  const [path = ''] = target.split('?');
  if (/\/\.{1,2}(\/|$)/.test(path) || path.includes('\\')) return false;
  const escapes = path.match(/%.{0,2}/g) ?? [];
  return escapes.every((escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /^%[0-9A-F]{2}$/.test(escape) && !/[\0A-Za-z0-9._~-]/.test(character);
  });
}

/** Both sorted. */
function multisetDifference(expected: readonly string[], seen: readonly string[]): string {
  const length = Math.max(expected.length, seen.length);
  for (let index = 0; index < length; index += 1) {
    if (expected[index] === seen[index]) continue;
    return `the origin saw ${JSON.stringify(seen[index])}, not ${JSON.stringify(expected[index])}`;
  }
  return '';
}

async function findCulprits(
  stage: Stage,
  batch: readonly Input[],
  difference: string,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const input of batch) {
    if (faults.length === CULPRITS_MAX) break;
    const message = await runBatch(stage, [input]);
    if (message !== '') {
      faults.push({ seed: input.seed, kind: 'requests', message, text: input.text });
    }
  }
  if (faults.length > 0) return faults;
  const [first] = batch;
  const message = `${difference} (only together, --count ${batch.length})`;
  return [{ seed: first?.seed ?? 0, kind: 'requests', message, text: '' }];
}

/** One connection: sends the input, waits for its answers, then ends and waits for the close. */
function send(port: number, input: Input, signal: AbortSignal): Promise<'closed' | 'stuck'> {
  const localAddress = `127.0.1.${1 + (input.seed % SOURCES)}`;
  const socket = connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true });
  let received = '';
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve('stuck');
      socket.destroy();
    }, STUCK_MS);
    signal.addEventListener('abort', () => socket.destroy());
    socket.on('connect', () => {
      socket.write(input.text, 'latin1');
      if (input.answers === 0) socket.end();
    });
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (countAnswers(received) >= input.answers) socket.end();
    });
    socket.on('end', () => socket.end());
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve('closed');
    });
  });
}

/** Final responses: interim ones answer nothing. */
function countAnswers(received: string): number {
  return received.match(/HTTP\/1\.1 [2-9]/g)?.length ?? 0;
}
