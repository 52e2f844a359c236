/**
 * Fuzzes the reader: requests and responses by turns, each read whole and in pieces, and compared
 * with the reference.
 */
import { isDeepStrictEqual } from 'node:util';
import { compare } from './comparison.ts';
import { LlhttpReader } from './llhttp-reader.ts';
import { makeRequests, makeResponses } from './message-grammar.ts';
import { mutate } from './mutation.ts';
import { Random } from './random.ts';
import type { StreamKind } from './transcript.ts';
import { WireReader } from './wire-reader.ts';

export interface ReaderRun {
  readonly inputs: number;
  readonly octets: number;
  /** Messages that both read. */
  readonly accepted: number;
  /** How often each reason of the written list was met. */
  readonly stricter: ReadonlyMap<string, number>;
  readonly faults: readonly Fault[];
  readonly slowestMs: number;
}

export interface Fault {
  /** Seed that makes this input alone: `--seed N --count 1`. */
  readonly seed: number;
  readonly kind: StreamKind;
  readonly message: string;
  readonly text: string;
}

export interface ReaderRunOptions {
  readonly seed: number;
  readonly count: number;
  readonly faultsMax: number;
}

/** An input that takes longer than this is a fault. */
const SLOW_MS = 50;

export function runReader({ seed, count, faultsMax }: ReaderRunOptions): ReaderRun {
  const stricter = new Map<string, number>();
  const faults: Fault[] = [];
  const tools = { requests: toolsOf('requests'), responses: toolsOf('responses') };
  let octets = 0;
  let accepted = 0;
  let slowestMs = 0;
  let inputs = 0;
  for (; inputs < count && faults.length < faultsMax; inputs += 1) {
    const random = new Random(seed + inputs);
    const kind = random.oneIn(4) ? 'responses' : 'requests';
    const text = mutate(random, kind === 'requests' ? makeRequests(random) : makeResponses(random));
    octets += text.length;
    const outcome = readOnce(tools[kind], text, random);
    accepted += outcome.accepted;
    slowestMs = Math.max(slowestMs, outcome.durationMs);
    if (outcome.stricter !== '') {
      stricter.set(outcome.stricter, (stricter.get(outcome.stricter) ?? 0) + 1);
    }
    if (outcome.fault !== '') {
      faults.push({ seed: seed + inputs, kind, message: outcome.fault, text });
    }
  }
  return { inputs, octets, accepted, stricter, faults, slowestMs };
}

interface Tools {
  readonly ours: WireReader;
  readonly reference: LlhttpReader;
}

function toolsOf(kind: StreamKind): Tools {
  return { ours: new WireReader(kind, true), reference: new LlhttpReader(kind) };
}

interface Outcome {
  readonly accepted: number;
  readonly durationMs: number;
  readonly stricter: string;
  readonly fault: string;
}

function readOnce(tools: Tools, text: string, random: Random): Outcome {
  const bytes = Buffer.from(text, 'latin1');
  const { ours: reader, reference } = tools;
  const startedAt = performance.now();
  const ours = reader.read(bytes, [bytes.length]);
  let durationMs = performance.now() - startedAt;
  // A pause of the machine is not ours: what is slow is slow twice.
  if (durationMs > SLOW_MS) durationMs = timeAgain(reader, bytes);
  const verdict = compare(ours, reference.read(bytes));
  const outcome = { accepted: ours.messages.length, durationMs, stricter: '', fault: '' };
  if (verdict.kind === 'fault') return { ...outcome, fault: verdict.message };
  if (durationMs > SLOW_MS) return { ...outcome, fault: `took ${durationMs} ms` };
  const cuts = differenceInPieces(reader, `${text}\n`, random);
  if (cuts !== '') return { ...outcome, fault: `reads otherwise in pieces [${cuts}]` };
  return verdict.kind === 'stricter' ? { ...outcome, stricter: verdict.reason } : outcome;
}

/**
 * Reads `text` whole and in pieces. It ends with a line break, since a broken line is reported at
 * its end at the latest. Returns the cuts that made a difference; empty: none did.
 */
function differenceInPieces(reader: WireReader, text: string, random: Random): string {
  const bytes = Buffer.from(text, 'latin1');
  const cuts = new Set([bytes.length]);
  if (random.oneIn(4)) for (let at = 1; at < bytes.length; at += 1) cuts.add(at);
  for (let count = random.below(4); count > 0; count -= 1) cuts.add(1 + random.below(bytes.length));
  const pieces = [...cuts].sort((one, other) => one - other);
  const { messages, error } = reader.read(bytes, pieces);
  const whole = reader.read(bytes, [bytes.length]);
  return isDeepStrictEqual([messages, error], [whole.messages, whole.error])
    ? ''
    : pieces.join(' ');
}

function timeAgain(reader: WireReader, bytes: Uint8Array): number {
  const startedAt = performance.now();
  reader.read(bytes, [bytes.length]);
  return performance.now() - startedAt;
}
