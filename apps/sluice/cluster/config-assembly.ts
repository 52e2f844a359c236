/**
 * Index, parts and Secret → a config and its keys, or why there is none yet.
 *
 * All or nothing: a config comes out only when each part has the content that the index names,
 * every entry is what an entry may be, what the parts say of each other holds, and each
 * certificate is there and is the one that the config means. Costs what changed: parts, lines and
 * key pairs that were read before are not read again, and their objects stay the same objects.
 */
import {
  type CertificateRef,
  type ConfigPart,
  createConfigJoiner,
  createReferenceCheck,
  listCertificateRefs,
  type ProxyConfig,
  type ReferenceCheck,
} from '@sluice/model';
import type { KeyPair, KeyStore } from '@sluice/proxy';
import type { ConfigIndex, IndexedPart } from './config-index.ts';
import { isPairOf, readBundled, type SecretData } from './key-bundle.ts';
import { createPartReader, type EncodedPart } from './part-codec.ts';

export type Assembly =
  | { readonly kind: 'complete'; readonly set: ConfigSet }
  /** Names the part or certificate, and what is wrong with it. */
  | { readonly kind: 'incomplete'; readonly message: string };

export interface ConfigSet {
  readonly config: ProxyConfig;
  readonly keys: KeyStore;
  /** As they were read. */
  readonly parts: readonly RawPart[];
}

export type RawPart = Pick<EncodedPart, 'name' | 'hash' | 'data'>;

export interface ConfigSources {
  readonly index: ConfigIndex;
  /** Content of a part; undefined: it is not there, or not with this hash. May reject. */
  readonly partData: (part: IndexedPart) => Promise<string | undefined>;
  /** Undefined: there is no Secret, or it was not read yet. */
  readonly secret: SecretData | undefined;
}

export interface ConfigAssembler {
  /** Rejects only with what `partData` rejects with. */
  assemble(sources: ConfigSources): Promise<Assembly>;
}

export function createConfigAssembler(): ConfigAssembler {
  const reader = createPartReader();
  const join = createConfigJoiner();
  const checkReferences = createReferenceCheck();
  let raw: ReadonlyMap<string, RawPart> = new Map();
  let pairs: ReadonlyMap<string, KeyPair> = new Map();
  return {
    async assemble({ index, partData, secret }) {
      const fetched = await fetchParts(index, raw, partData);
      if (typeof fetched === 'string') return incomplete(fetched);
      const parts: ConfigPart[] = [];
      for (const part of fetched) {
        const reading = reader.read(part);
        if (reading.kind === 'damaged') return incomplete(reading.message);
        parts.push(reading.part);
      }
      raw = new Map(fetched.map((part) => [part.name, part]));
      const config = join(index.version, parts);
      const problems = checkReferences(config);
      if (problems.length > 0) return incomplete(describeProblems(index, problems));
      const refs = listCertificateRefs(config);
      const read = readPairs(refs, secret ?? {}, pairs);
      if (typeof read === 'string') return incomplete(read);
      pairs = read;
      const keys = new Map(
        refs.flatMap(({ id, fingerprint }) => {
          const pair = read.get(fingerprint);
          return pair === undefined ? [] : [[id, pair] as const];
        }),
      );
      return { kind: 'complete', set: { config, keys, parts: fetched } };
    },
  };
}

/** In the order of the index; what was read before is not fetched again. */
async function fetchParts(
  index: ConfigIndex,
  known: ReadonlyMap<string, RawPart>,
  partData: ConfigSources['partData'],
): Promise<readonly RawPart[] | string> {
  const fetched = await Promise.all(
    index.parts.map(async (part) => {
      const { name, hash } = part;
      const before = known.get(name);
      if (before?.hash === hash) return before;
      const data = await partData(part);
      return data === undefined ? name : { name, hash, data };
    }),
  );
  const missing = fetched.find((part) => typeof part === 'string');
  if (missing !== undefined) return `part ${missing} of version ${index.version} is not there yet`;
  return fetched.filter((part) => typeof part !== 'string');
}

/**
 * By fingerprint, or what is wrong with one. A pair is what its fingerprint says for ever, so that
 * those in `known` are not checked again.
 */
function readPairs(
  refs: readonly CertificateRef[],
  data: SecretData,
  known: ReadonlyMap<string, KeyPair>,
): ReadonlyMap<string, KeyPair> | string {
  const pairs = new Map<string, KeyPair>();
  for (const { id, fingerprint } of refs) {
    if (pairs.has(fingerprint)) continue;
    const pair = known.get(fingerprint) ?? readBundled(data, fingerprint);
    const naming = `certificate ${id} with fingerprint ${fingerprint}`;
    if (pair === undefined) return `${naming} is not in the Secret yet`;
    if (!known.has(fingerprint) && !isPairOf(pair, fingerprint)) {
      return `${naming} is damaged in the Secret`;
    }
    pairs.set(fingerprint, { ...pair, fingerprint });
  }
  return pairs;
}

function describeProblems({ version }: ConfigIndex, problems: ReturnType<ReferenceCheck>): string {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return `version ${version} is no config: ${first?.field}: ${first?.message}${more}`;
}

function incomplete(message: string): Assembly {
  return { kind: 'incomplete', message };
}
