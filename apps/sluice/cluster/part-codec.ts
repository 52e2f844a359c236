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
  /** The part if its last reading had this hash: nothing needs to be fetched. */
  known(name: string, hash: string): ConfigPart | undefined;
  read(part: Pick<EncodedPart, 'name' | 'hash' | 'data'>): PartReading;
}

/** Remembers the last good reading of each part. */
export function createPartReader(): PartReader {
  const memory = new Map<string, Remembered>();
  return {
    known(name, hash) {
      const last = memory.get(name);
      return last?.hash === hash ? last.part : undefined;
    },
    read({ name, hash, data }) {
      const last = memory.get(name);
      if (last?.hash === hash) return { kind: 'read', part: last.part };
      const text = unpack(name, hash, data);
      if (typeof text !== 'string') return text;
      const byLine = new Map<string, PartEntry>();
      const entries: PartEntry[] = [];
      for (const line of text.split('\n')) {
        const entry = last?.byLine.get(line) ?? parseLine(line);
        if (typeof entry === 'string') return damaged(name, entry);
        byLine.set(line, entry);
        entries.push(entry);
      }
      const part = { name, entries };
      memory.set(name, { hash, part, byLine });
      return { kind: 'read', part };
    },
  };
}

interface Remembered {
  readonly hash: string;
  readonly part: ConfigPart;
  /** The lines are those of the last text, so that no older text is kept alive. */
  readonly byLine: ReadonlyMap<string, PartEntry>;
}

function unpack(name: string, hash: string, data: string): string | PartReading {
  if (!configPartNames.includes(name)) return damaged(name, 'there is no part of this name');
  const compressed = Buffer.from(data, 'base64');
  const actual = hashOf(compressed);
  if (actual !== hash) return damaged(name, `its content has hash ${actual}, not ${hash}`);
  try {
    return gunzipSync(compressed, { maxOutputLength: TEXT_BYTES_MAX }).toString('utf8');
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
