/**
 * The last config that was served, with its keys, in a file: what a data plane starts from while
 * the API server is away. In a cluster the directory is a memory-backed volume of the Pod.
 *
 * The file is whole or not there (written beside and renamed), and its owner alone may read it.
 * Writing it costs as much as all routes do, so that it rests between two writes: what was served
 * in the last seconds before a crash may be missing, which the API server then tells anew.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listCertificateRefs } from '@sluice/model';
import { isRecord } from '../controller/json-comparison.ts';
import type { Assembly, ConfigAssembler, ConfigSet, RawPart } from './config-assembly.ts';
import { type SecretData, writeBundle } from './key-bundle.ts';

const FORMAT = 1;

const REST_MS = 5_000;

export interface LastGood {
  /** Undefined: there is no file. What is wrong with it is an incomplete assembly. */
  load(assembler: ConfigAssembler): Promise<Assembly | undefined>;
  /** Has it written soon, unless another one comes before. */
  save(set: ConfigSet): void;
  /** Writes at once what waits. Never rejects. */
  close(): Promise<void>;
}

export interface LastGoodOptions {
  readonly directory: string;
  readonly onProblem: (message: string) => void;
}

export function openLastGood({ directory, onProblem }: LastGoodOptions): LastGood {
  const file = join(directory, 'last-good.json');
  let waiting: ConfigSet | undefined;
  let writing: Promise<void> | undefined;
  const closing = new AbortController();
  const writeAll = async (): Promise<void> => {
    for (let set = waiting; set !== undefined; set = waiting) {
      waiting = undefined;
      await writeFile(directory, file, render(set)).catch((error: unknown) => {
        onProblem(`the last good config can't be kept: ${messageOf(error)}`);
      });
      await delay(REST_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
    writing = undefined;
  };
  return {
    async load(assembler) {
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (error) {
        return isMissing(error) ? undefined : incomplete(`it can't be read: ${messageOf(error)}`);
      }
      const content = parse(text);
      if (content === undefined) return incomplete(`${file} does not hold a config`);
      const data = new Map(content.parts.map((part) => [part.name, part.data]));
      return assembler.assemble({
        index: {
          version: content.version,
          parts: content.parts.map(({ name, hash }) => ({ name, hash, in: file })),
        },
        partData: async ({ name }) => data.get(name),
        secret: content.keys,
      });
    },
    save(set) {
      waiting = set;
      writing ??= writeAll();
    },
    async close() {
      closing.abort();
      await writing;
    },
  };
}

function incomplete(message: string): Assembly {
  return { kind: 'incomplete', message };
}

interface Content {
  readonly format: number;
  readonly version: string;
  readonly parts: readonly RawPart[];
  readonly keys: SecretData;
}

function render({ config, keys, parts }: ConfigSet): string {
  const pairs = listCertificateRefs(config).flatMap(({ id, fingerprint }) => {
    const pair = keys.get(id);
    return pair === undefined ? [] : [[fingerprint, pair] as const];
  });
  const content: Content = {
    format: FORMAT,
    version: config.version,
    parts,
    keys: writeBundle(new Map(pairs)),
  };
  return JSON.stringify(content);
}

async function writeFile(directory: string, file: string, text: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const fresh = `${file}.${process.pid}`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}

/** Only the outer shape: parts and keys are checked where they are assembled. */
function parse(text: string): Content | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(json) || json['format'] !== FORMAT) return undefined;
  const { version, parts, keys } = json;
  const isWhole =
    typeof version === 'string' &&
    Array.isArray(parts) &&
    parts.every(isRawPart) &&
    isRecord(keys) &&
    Object.values(keys).every((value) => typeof value === 'string');
  return isWhole ? (json as unknown as Content) : undefined;
}

function isRawPart(value: unknown): value is RawPart {
  return isRecord(value) && ['name', 'hash', 'data'].every((key) => typeof value[key] === 'string');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
