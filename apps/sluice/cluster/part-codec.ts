/**
 * Config parts as octets: one JSON line an entry, gzip, named by the SHA-256 of the compressed
 * octets. Both directions cost what changed: an entry that stays the same object is written from
 * memory, a line that stays the same is not parsed again and gives the same object.
 */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type ConfigPart, configPartNames, type PartEntry, parsePartEntry } from '@sluice/model';

export interface EncodedPart {
  readonly name: string;
  /** 64 hexadecimal digits. */
  readonly hash: string;
  /** Compressed size in bytes. */
  readonly bytes: number;
  /** Base64. */
  readonly data: string;
}

/** Fast levels save time that the network does not win back: parts are a few kilobytes. */
const GZIP_LEVEL = 3;

/** Most bytes of a part before compression: a bound for what is read, far above any real one. */
const TEXT_BYTES_MAX = 64 * 1024 * 1024;

export function encodePart(part: ConfigPart): EncodedPart {
  const known = encodedParts.get(part);
  if (known !== undefined) return known;
  const text = part.entries.map(lineOf).join('\n');
  const compressed = gzipSync(text, { level: GZIP_LEVEL });
  const encoded = {
    name: part.name,
    hash: hashOf(compressed),
    bytes: compressed.length,
    data: compressed.toString('base64'),
  };
  encodedParts.set(part, encoded);
  return encoded;
}

const encodedParts = new WeakMap<ConfigPart, EncodedPart>();
const lines = new WeakMap<PartEntry, string>();

/** JSON of one value holds no line break. */
function lineOf(entry: PartEntry): string {
  const known = lines.get(entry);
  if (known !== undefined) return known;
  const line = JSON.stringify(entry);
  lines.set(entry, line);
  return line;
}

export type PartReading =
  | { readonly kind: 'read'; readonly part: ConfigPart }
  /** Names the part and what is wrong with it. */
  | { readonly kind: 'damaged'; readonly message: string };

export interface PartReader {
  read(part: Pick<EncodedPart, 'name' | 'hash' | 'data'>): PartReading;
}

/** Remembers the last good reading of each part. */
export function createPartReader(): PartReader {
  const memory = new Map<string, Remembered>();
  return {
    read({ name, hash, data }) {
      const last = memory.get(name);
      if (last?.hash === hash) return { kind: 'read', part: last.part };
      const text = unpack(name, hash, data);
      if (!(text instanceof Uint8Array)) return text;
      const entries = last === undefined ? readAll(text) : readChanged(text, last);
      if (typeof entries === 'string') return damaged(name, entries);
      const part = { name, entries };
      memory.set(name, { hash, part, text });
      return { kind: 'read', part };
    },
  };
}

interface Remembered {
  readonly hash: string;
  readonly part: ConfigPart;
  /** Octets lie outside of the heap, where strings of thousands of lines would be moved about. */
  readonly text: Buffer;
}

/** The entries, or what is wrong with one. */
function readAll(text: Buffer): PartEntry[] | string {
  return readLines(linesOf(text, 0, text.length), NOTHING_KNOWN);
}

const NOTHING_KNOWN: ReadonlyMap<string, PartEntry> = new Map();

function readLines(
  texts: readonly string[],
  known: ReadonlyMap<string, PartEntry>,
): PartEntry[] | string {
  const entries: PartEntry[] = [];
  for (const line of texts) {
    const entry = known.get(line) ?? parseLine(line);
    if (typeof entry === 'string') return entry;
    entries.push(entry);
  }
  return entries;
}

/** Parses only what lies between the lines that begin and those that end both texts. */
function readChanged(text: Buffer, { part, text: before }: Remembered): PartEntry[] | string {
  const { entries: old } = part;
  const head = commonHead(before, text);
  const tail = commonTail(before, text, head.start);
  const oldLines = linesOf(before, head.start, tail.oldEnd);
  const known = new Map<string, PartEntry>();
  for (const [index, line] of oldLines.entries()) {
    const entry = old[head.count + index];
    if (entry !== undefined) known.set(line, entry);
  }
  const changed = readLines(linesOf(text, head.start, tail.end), known);
  if (typeof changed === 'string') return changed;
  const rest = old.slice(head.count + oldLines.length);
  return [...old.slice(0, head.count), ...changed, ...rest];
}

const LINE_FEED = 0x0a;

/** Whole lines that two texts begin with, and where the next one starts. */
function commonHead(one: Buffer, other: Buffer): { count: number; start: number } {
  let count = 0;
  let start = 0;
  while (start <= other.length && start <= one.length) {
    const end = lineEnd(other, start);
    if (end !== lineEnd(one, start) || one.compare(other, start, end, start, end) !== 0) break;
    count += 1;
    start = end + 1;
  }
  return { count, start };
}

/** Where the lines end that come before those that both texts end with; before `start`: none. */
function commonTail(one: Buffer, other: Buffer, start: number): { oldEnd: number; end: number } {
  let oldEnd = one.length;
  let end = other.length;
  while (oldEnd >= start && end >= start) {
    const oldFirst = lineStart(one, oldEnd);
    const first = lineStart(other, end);
    const isWhole = oldFirst >= start && first >= start && oldEnd - oldFirst === end - first;
    if (!isWhole || one.compare(other, first, end, oldFirst, oldEnd) !== 0) break;
    oldEnd = oldFirst - 1;
    end = first - 1;
  }
  return { oldEnd, end };
}

function lineEnd(text: Buffer, start: number): number {
  const end = text.indexOf(LINE_FEED, start);
  return end === -1 ? text.length : end;
}

function lineStart(text: Buffer, end: number): number {
  return end === 0 ? 0 : text.lastIndexOf(LINE_FEED, end - 1) + 1;
}

function linesOf(text: Buffer, start: number, end: number): string[] {
  return end < start ? [] : text.toString('utf8', start, end).split('\n');
}

function unpack(name: string, hash: string, data: string): Buffer | PartReading {
  if (!configPartNames.includes(name)) return damaged(name, 'there is no part of this name');
  const compressed = Buffer.from(data, 'base64');
  const actual = hashOf(compressed);
  if (actual !== hash) return damaged(name, `its content has hash ${actual}, not ${hash}`);
  try {
    return gunzipSync(compressed, { maxOutputLength: TEXT_BYTES_MAX });
  } catch (error) {
    return damaged(name, error instanceof Error ? error.message : String(error));
  }
}

/** The entry, or what is wrong with the line. */
function parseLine(line: string): PartEntry | string {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return 'a line of it is not JSON';
  }
  const parsed = parsePartEntry(json);
  if (parsed.ok) return parsed.entry;
  return parsed.problems.map(({ field, message }) => `${field}: ${message}`).join('; ');
}

function damaged(name: string, why: string): PartReading {
  return { kind: 'damaged', message: `part ${name} can't be read: ${why}` };
}

function hashOf(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}
