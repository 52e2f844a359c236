/**
 * The index ConfigMap of a Gateway: which version, which parts, which content, and where it is.
 * It is written last, so that who reads it finds all that it names.
 */
import { isRecord } from '../controller/json-comparison.ts';
import type { EncodedPart } from './part-codec.ts';

export interface ConfigIndex {
  readonly version: string;
  readonly parts: readonly IndexedPart[];
}

export interface IndexedPart {
  readonly name: string;
  readonly hash: string;
  /** `index`: beside the index itself; else the name of a ConfigMap. */
  readonly in: string;
}

export const IN_INDEX = 'index';

/** What a ConfigMap carries; base64 under `binaryData`. */
export interface ConfigMapContent {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

const FORMAT = 1;
const INDEX_KEY = 'index.json';

export function writeIndex(index: ConfigIndex, inline: readonly EncodedPart[]): ConfigMapContent {
  return {
    data: { [INDEX_KEY]: JSON.stringify({ format: FORMAT, ...index }) },
    binaryData: Object.fromEntries(inline.map(({ name, data }) => [inlineKey(name), data])),
  };
}

export type IndexReading =
  | { readonly kind: 'index'; readonly index: ConfigIndex }
  | { readonly kind: 'damaged'; readonly message: string };

/** Never throws. */
export function readIndex(content: ConfigMapContent): IndexReading {
  const text = content.data?.[INDEX_KEY];
  if (text === undefined) return damaged(`key ${INDEX_KEY} is missing`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return damaged(`${INDEX_KEY} is not JSON`);
  }
  if (!isRecord(json)) return damaged(`${INDEX_KEY} is not an object`);
  const { format, version, parts } = json;
  if (format !== FORMAT) {
    return damaged(`its format is ${JSON.stringify(format)}, this program reads ${FORMAT}`);
  }
  if (typeof version !== 'string' || version === '') return damaged('it has no version');
  if (!Array.isArray(parts) || !parts.every(isIndexedPart)) return damaged('its parts are none');
  return { kind: 'index', index: { version, parts } };
}

/** Content of a part that is beside the index; base64. */
export function inlineData(content: ConfigMapContent, name: string): string | undefined {
  return content.binaryData?.[inlineKey(name)];
}

/**
 * ConfigMaps of single parts name their content by hash, so that one may hold what the index
 * names now and what it is about to name.
 */
export function separateData(content: ConfigMapContent, hash: string): string | undefined {
  return content.binaryData?.[separateKey(hash)];
}

export function writeSeparate(parts: readonly Pick<EncodedPart, 'hash' | 'data'>[]) {
  return {
    binaryData: Object.fromEntries(parts.map(({ hash, data }) => [separateKey(hash), data])),
  } satisfies ConfigMapContent;
}

export function separateName(owned: string, part: string): string {
  return `${owned}-part-${part}`;
}

function inlineKey(name: string): string {
  return `${name}.gz`;
}

function separateKey(hash: string): string {
  return `${hash}.gz`;
}

function damaged(why: string): IndexReading {
  return { kind: 'damaged', message: `the index can't be read: ${why}` };
}

function isIndexedPart(value: unknown): value is IndexedPart {
  return isRecord(value) && ['name', 'hash', 'in'].every((key) => typeof value[key] === 'string');
}
