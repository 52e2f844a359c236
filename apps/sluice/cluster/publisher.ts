/**
 * Writes the config of Gateways to their ConfigMaps and Secret, for their data planes to follow.
 *
 * Order of writes: keys, parts in ConfigMaps of their own, the index; then what nobody needs any
 * more goes. So whatever the index names is there already, and a crash between two writes leaves
 * the last index and all that it names. Most changes are one write, that of the index.
 *
 * What can't be published is a failed outcome that says why; nothing was written then, and what
 * was published before keeps serving.
 */
import { createConfigSplitter, listCertificateRefs } from '@sluice/model';
import type { KeyPair } from '@sluice/pki';
import type { HandlerResult } from '@sluice/sansio';
import { describeFailure, RefusedError } from './failure.ts';
import { bundleProblem, isPairOf, writeBundle } from './key-bundle.ts';
import type { ObjectStore } from './kube-port.ts';
import { type EncodedPart, encodePart } from './part-codec.ts';
import { placementLimits } from './placement.ts';
import { nameGateway, type Publication } from './publication.ts';
import { writePublication } from './publication-writer.ts';
import { isPublished, type Published, readPublished } from './published.ts';

export interface Publisher {
  /** Never rejects. Calls for one Gateway run one after the other. */
  publish(publication: Publication): Promise<HandlerResult>;
  /** Forgets the Gateways that are not among these uids. */
  retain(uids: ReadonlySet<string>): void;
}

export function createPublisher({ store }: { readonly store: ObjectStore }): Publisher {
  const lines = new Map<string, PublicationLine>();
  return {
    publish(publication) {
      const { uid } = publication.gateway;
      const line = lines.get(uid) ?? createLine(store);
      lines.set(uid, line);
      return line(publication);
    },
    retain(uids) {
      for (const uid of lines.keys()) if (!uids.has(uid)) lines.delete(uid);
    },
  };
}

type PublicationLine = (publication: Publication) => Promise<HandlerResult>;

/**
 * One Gateway: remembers what is published, until a write fails and nobody knows any more, or the
 * Gateway's class changes, and with it the names of what is published.
 */
function createLine(store: ObjectStore): PublicationLine {
  const split = createConfigSplitter();
  const checkedPairs = new WeakMap<KeyPair, string>();
  let published: Published | undefined;
  let owned: string | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const publish = async (publication: Publication): Promise<HandlerResult> => {
    try {
      const parts = split(publication.config).map(encodePart);
      refuseLargeParts(publication, parts);
      const pairs = collectPairs(publication, checkedPairs);
      if (publication.owned !== owned) published = undefined;
      owned = publication.owned;
      published ??= await readPublished(store, publication);
      const wanted = { version: publication.config.version, parts, pairs };
      if (isPublished(published, wanted)) return { kind: 'unchanged' };
      published = await writePublication({ store, publication, published, wanted });
      return { kind: 'done' };
    } catch (error) {
      published = undefined;
      return describeFailure(error, `publishing the config of Gateway ${nameGateway(publication)}`);
    }
  };
  return (publication) => {
    const result = last.then(() => publish(publication));
    last = result;
    return result;
  };
}

function refuseLargeParts(publication: Publication, parts: readonly EncodedPart[]): void {
  const { partBytesMax } = placementLimits;
  const large = parts.filter(({ bytes }) => bytes > partBytesMax);
  if (large.length === 0) return;
  const sizes = large.map(({ name, bytes }) => `${name} has ${kib(bytes)}`).join(', ');
  throw new RefusedError(
    'invalid',
    `The config of Gateway ${nameGateway(publication)} is too large to publish: of its parts, ` +
      `${sizes} compressed, and ${kib(partBytesMax)} is the most that fits. The config published ` +
      'before keeps serving. Move routes to another Gateway, or make them smaller.',
  );
}

/** By fingerprint. */
function collectPairs(
  publication: Publication,
  checked: WeakMap<KeyPair, string>,
): ReadonlyMap<string, KeyPair> {
  const pairs = new Map<string, KeyPair>();
  for (const { id, fingerprint } of listCertificateRefs(publication.config)) {
    const pair = publication.keyPair(id);
    if (pair === undefined) {
      throw new RefusedError('not-found', `${needs(publication, id)}, and no such pair is known.`);
    }
    if (checked.get(pair) !== fingerprint && !isPairOf(pair, fingerprint)) {
      const message = `${needs(publication, id)}, which has changed since the config was made.`;
      throw new RefusedError('conflict', message);
    }
    checked.set(pair, fingerprint);
    pairs.set(fingerprint, pair);
  }
  const problem = bundleProblem(writeBundle(pairs));
  if (problem === undefined) return pairs;
  throw new RefusedError(
    'invalid',
    `The certificates of Gateway ${nameGateway(publication)} can't be published: ${problem}. ` +
      'The config published before keeps serving. Share certificates between listeners, by a ' +
      'wildcard for example, or move listeners to another Gateway.',
  );
}

function needs(publication: Publication, id: string): string {
  return `The config of Gateway ${nameGateway(publication)} needs the key pair of Secret ${id}`;
}

function kib(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}
