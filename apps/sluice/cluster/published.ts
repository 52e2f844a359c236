/** What is published of a Gateway at present, as far as the next publication needs to know. */

import type { KubeObject, Resource } from '@sluice/kube';
import type { KeyPair } from '@sluice/pki';
import { type ConfigMapContent, IN_INDEX, type IndexedPart, readIndex } from './config-index.ts';
import { isAbsent, RefusedError } from './failure.ts';
import { bundledFingerprints, readBundled, type SecretData } from './key-bundle.ts';
import { CONFIG_MAPS, type ObjectStore, SECRETS } from './kube-port.ts';
import type { EncodedPart } from './part-codec.ts';
import { isOurs, nameGateway, type Publication } from './publication.ts';

export interface Published {
  /** Of the index; absent: there is none. */
  readonly resourceVersion?: string;
  /** Empty: no index, or one that can't be read. */
  readonly version: string;
  readonly parts: ReadonlyMap<string, IndexedPart>;
  /** Names of parts, the one that changed last first. */
  readonly recency: readonly string[];
  /** By fingerprint. */
  readonly pairs: ReadonlyMap<string, KeyPair>;
}

export interface Wanted {
  readonly version: string;
  readonly parts: readonly EncodedPart[];
  /** By fingerprint. */
  readonly pairs: ReadonlyMap<string, KeyPair>;
}

export async function readPublished(
  store: ObjectStore,
  publication: Publication,
): Promise<Published> {
  const [map, secret] = await Promise.all([
    readOwned(store, publication, CONFIG_MAPS, publication.owned),
    readOwned(store, publication, SECRETS, publication.owned),
  ]);
  const reading = map && readIndex(map as ConfigMapContent);
  const index = reading?.kind === 'index' ? reading.index : { version: '', parts: [] };
  return {
    ...(map?.metadata.resourceVersion === undefined
      ? {}
      : { resourceVersion: map.metadata.resourceVersion }),
    version: index.version,
    parts: new Map(index.parts.map((part) => [part.name, part])),
    recency: index.parts.filter((part) => part.in === IN_INDEX).map(({ name }) => name),
    pairs: readPairs(secret),
  };
}

/** Nothing needs to be written. */
export function isPublished(published: Published, wanted: Wanted): boolean {
  return (
    published.version === wanted.version &&
    published.parts.size === wanted.parts.length &&
    wanted.parts.every(({ name, hash }) => published.parts.get(name)?.hash === hash) &&
    hasSamePairs(published.pairs, wanted.pairs)
  );
}

export function hasSamePairs(
  one: ReadonlyMap<string, KeyPair>,
  other: ReadonlyMap<string, KeyPair>,
): boolean {
  return one.size === other.size && hasPairs(one, other);
}

export function hasPairs(
  published: ReadonlyMap<string, KeyPair>,
  wanted: ReadonlyMap<string, KeyPair>,
): boolean {
  return [...wanted].every(([fingerprint, { certificatePem, privateKeyPem }]) => {
    const found = published.get(fingerprint);
    return found?.certificatePem === certificatePem && found.privateKeyPem === privateKeyPem;
  });
}

/** Undefined: there is none. Refuses an object that somebody else made. */
export async function readOwned(
  store: ObjectStore,
  publication: Publication,
  resource: Resource,
  name: string,
): Promise<KubeObject | undefined> {
  const { namespace } = publication.gateway;
  const object = await store.get(resource, { namespace, name }).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
  if (object === undefined || isOurs(publication, object)) return object;
  throw new RefusedError(
    'conflict',
    `${resource.kind} ${namespace}/${name} is needed for the config of Gateway ` +
      `${nameGateway(publication)}, but somebody else made it: it lacks our labels. ` +
      'Rename or delete it.',
  );
}

function readPairs(secret: KubeObject | undefined): ReadonlyMap<string, KeyPair> {
  const data = (secret?.['data'] ?? {}) as SecretData;
  const pairs = new Map<string, KeyPair>();
  for (const fingerprint of bundledFingerprints(data)) {
    const pair = readBundled(data, fingerprint);
    if (pair !== undefined) pairs.set(fingerprint, pair);
  }
  return pairs;
}
