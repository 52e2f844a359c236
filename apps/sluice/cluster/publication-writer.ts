/** The writes of one publication, in the order that keeps every reader whole. */
import type { KeyPair } from '@sluice/pki';
import {
  type ConfigMapContent,
  IN_INDEX,
  type IndexedPart,
  separateData,
  separateName,
  writeIndex,
  writeSeparate,
} from './config-index.ts';
import { writeBundle } from './key-bundle.ts';
import { CONFIG_MAPS, type ObjectStore, SECRETS } from './kube-port.ts';
import type { EncodedPart } from './part-codec.ts';
import { type Placement, placeParts } from './placement.ts';
import { configMapOf, type Publication, secretOf } from './publication.ts';
import { hasPairs, hasSamePairs, type Published, readOwned, type Wanted } from './published.ts';

export interface Writing {
  readonly store: ObjectStore;
  readonly publication: Publication;
  readonly published: Published;
  readonly wanted: Wanted;
}

/** Gives what is published then; rejects with the error of the write that failed. */
export async function writePublication(writing: Writing): Promise<Published> {
  const { published, wanted } = writing;
  const placement = placeParts(wanted.parts, { live: liveParts(published), ...published });
  const both = new Map([...published.pairs, ...wanted.pairs]);
  if (!hasPairs(published.pairs, wanted.pairs)) await writePairs(writing, both);
  await Promise.all(placement.separate.map((part) => writePart(writing, part)));
  const next = await writeIndexMap(writing, placement);
  if (!hasSamePairs(both, wanted.pairs)) await writePairs(writing, wanted.pairs);
  await removeLeftovers(writing, next);
  return next;
}

function liveParts({ parts }: Published) {
  const inline = (part: IndexedPart) => ({ hash: part.hash, inline: part.in === IN_INDEX });
  return new Map(Array.from(parts.values(), (part) => [part.name, inline(part)]));
}

async function writePairs(
  { store, publication }: Writing,
  pairs: ReadonlyMap<string, KeyPair>,
): Promise<void> {
  await store.apply(SECRETS, secretOf(publication, writeBundle(pairs)));
}

/** Beside the content that the index names until it is written anew. */
async function writePart(
  { store, publication, published }: Writing,
  part: EncodedPart,
): Promise<void> {
  const name = separateName(publication.owned, part.name);
  const live = published.parts.get(part.name);
  if (live?.in === name && live.hash === part.hash) return;
  const before = await readOwned(store, publication, CONFIG_MAPS, name);
  const old = live?.in === name ? separateData((before ?? {}) as ConfigMapContent, live.hash) : '';
  const kept = live === undefined || !old ? [] : [{ hash: live.hash, data: old }];
  const content = writeSeparate([part, ...kept]);
  await store.apply(CONFIG_MAPS, configMapOf(publication, name, content));
}

async function writeIndexMap(
  { store, publication, published, wanted }: Writing,
  placement: Placement,
): Promise<Published> {
  const { owned } = publication;
  const inline = new Set(placement.inline);
  const parts = wanted.parts.map((part): IndexedPart => {
    const { name, hash } = part;
    return { name, hash, in: inline.has(part) ? IN_INDEX : separateName(owned, name) };
  });
  const { version, pairs } = wanted;
  const content = writeIndex({ version, parts }, placement.inline);
  const object = configMapOf(publication, owned, content, published.resourceVersion);
  const written =
    published.resourceVersion === undefined
      ? await store.create(CONFIG_MAPS, object)
      : await store.replace(CONFIG_MAPS, object);
  const { resourceVersion } = written.metadata;
  return {
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    version,
    parts: new Map(parts.map((part) => [part.name, part])),
    recency: placement.recency,
    pairs,
  };
}

/** ConfigMaps of parts that the index before named, when the one now names none. */
async function removeLeftovers(
  { store, publication, published }: Writing,
  next: Published,
): Promise<void> {
  const separate = ({ parts }: Published): string[] =>
    Array.from(parts.values(), (part) => part.in).filter((place) => place !== IN_INDEX);
  if (separate(next).length > 0) return;
  const { namespace } = publication.gateway;
  const names = separate(published);
  await Promise.all(names.map((name) => store.delete(CONFIG_MAPS, { namespace, name })));
}
