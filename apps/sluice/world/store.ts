/**
 * The world of a laptop: manifests, what has been written to their status, local endpoints and
 * certificates, and what the data planes acknowledged. Plays the part of an API server's store.
 *
 * Objects are replaced, never edited, and an object whose content did not change stays the same
 * object, since the core remembers results by identity.
 */

import { type Ack, buildSnapshot, type Settings, type WorldSnapshot } from '@sluice/core';
import { type KeyPair, readKeyPair, readSecretFacts } from '@sluice/pki';
import type { PatchStatusEffect } from '@sluice/sansio';
import type {
  Channel,
  EndpointSlice,
  Gateway,
  KubernetesObject,
  ListenerSet,
  Secret,
  Service,
} from '@sluice/spec';
import { applyLocalServices, type LocalService } from './local-service.ts';
import { keyOf, type ManifestSet } from './manifests.ts';

export interface StoreOptions {
  readonly channel: Channel;
  /** Gateway `namespace/name` → addresses. */
  readonly addresses: Settings['addresses'];
  readonly portMapping: Settings['portMapping'];
  readonly localServices?: readonly LocalService[];
}

export interface WorldStore {
  readonly replaceManifests: (manifests: ManifestSet) => void;
  /** Secrets beside those of the manifests. */
  readonly replaceLocalSecrets: (secrets: readonly Secret[]) => void;
  readonly configure: (settings: Pick<StoreOptions, 'addresses' | 'portMapping'>) => void;
  /** Returns whether anything changed. */
  readonly writeStatus: (effect: PatchStatusEffect) => boolean;
  /** A data plane serves this version. Returns whether that is news. */
  readonly acknowledge: (gateway: string, version: string) => boolean;
  readonly snapshot: (now: number) => WorldSnapshot;
  /** All objects, with the status that was written last. */
  readonly objects: () => readonly KubernetesObject[];
  /** Address that a Gateway is bound to. */
  readonly addressOf: (gateway: string) => string;
  /** Gateways and ListenerSets. */
  readonly owners: () => readonly (Gateway | ListenerSet)[];
  readonly hasSecret: (namespace: string, name: string) => boolean;
  /** Private keys by `namespace/name`, for data planes only. */
  readonly keyPair: (id: string) => KeyPair | undefined;
}

export function createWorldStore(options: StoreOptions): WorldStore {
  let { addresses, portMapping } = options;
  let written = new Map<string, KubernetesObject>();
  let localSecrets: readonly Secret[] = [];
  const acks = new Map<string, string>();
  const all = (): KubernetesObject[] => [...written.values()];
  const secrets = (): Secret[] => [...all().filter(isKind<Secret>('Secret')), ...localSecrets];
  return {
    replaceManifests(manifests) {
      written = takeOver(manifests, written);
    },
    replaceLocalSecrets(next) {
      localSecrets = next;
    },
    configure(next) {
      ({ addresses, portMapping } = next);
    },
    writeStatus({ target, status }) {
      const key = keyOf(target);
      const object = written.get(key);
      if (object === undefined || sameContent(statusOf(object), status)) return false;
      written.set(key, Object.freeze({ ...object, status }) as KubernetesObject);
      return true;
    },
    acknowledge(gateway, version) {
      if (acks.get(gateway) === version) return false;
      acks.set(gateway, version);
      return true;
    },
    snapshot(now) {
      const objects = all();
      const mapped = mapEndpoints(objects, options.localServices ?? []);
      return buildSnapshot(mapped, {
        now,
        secrets: secrets().map(factsOf),
        settings: settingsOf(addresses, portMapping),
        acks: [...acks].map(([gateway, version]): Ack => ({ gateway, version })),
        capabilities: { channel: options.channel },
      });
    },
    addressOf: (gateway) => addresses[gateway]?.[0] ?? '127.0.0.1',
    objects: all,
    owners: () => all().filter(isOwner),
    hasSecret: (namespace, name) => written.has(keyOf({ kind: 'Secret', namespace, name })),
    keyPair: (id) => {
      const secret = secrets().find(
        ({ metadata }) => `${metadata.namespace}/${metadata.name}` === id,
      );
      return secret && readKeyPair(secret);
    },
  };
}

function settingsOf(
  addresses: Settings['addresses'],
  portMapping: Settings['portMapping'],
): Settings {
  return {
    controllerName: 'sluice.dev/gateway-controller',
    namespaces: 'implied',
    portMapping,
    addresses,
    usableAddresses: Object.values(addresses).flat(),
    allowLoopbackEndpoints: true,
  };
}

/** The next set of objects; what is equal to the last version of itself stays that object. */
function takeOver(
  manifests: ManifestSet,
  previous: ReadonlyMap<string, KubernetesObject>,
): Map<string, KubernetesObject> {
  const next = new Map<string, KubernetesObject>();
  for (const { object } of manifests.objects) {
    const key = keyOf({ ...object.metadata, kind: object.kind });
    const before = previous.get(key);
    next.set(key, before ? mergeStatus(object, before) : object);
  }
  return next;
}

/** As an API server does: status belongs to whoever wrote it, a manifest does not change it. */
function mergeStatus(object: KubernetesObject, before: KubernetesObject): KubernetesObject {
  const { generation = 1 } = before.metadata;
  const isSame = sameContent(withoutStatus(before), withoutStatus(object));
  if (isSame) return before;
  const metadata = Object.freeze({ ...object.metadata, generation: generation + 1 });
  const status = statusOf(before) ?? statusOf(object);
  return Object.freeze({
    ...object,
    metadata,
    ...(status === undefined ? {} : { status }),
  }) as KubernetesObject;
}

function withoutStatus(object: KubernetesObject): unknown {
  return { ...object, metadata: { ...object.metadata, generation: 0 }, status: undefined };
}

function statusOf(object: KubernetesObject): unknown {
  return 'status' in object ? object.status : undefined;
}

function sameContent(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function mapEndpoints(
  objects: readonly KubernetesObject[],
  local: readonly LocalService[],
): readonly KubernetesObject[] {
  if (local.length === 0) return objects;
  const isSlice = isKind<EndpointSlice>('EndpointSlice');
  const services = objects.filter(isKind<Service>('Service'));
  const others = objects.filter((object) => !isSlice(object));
  return [...others, ...applyLocalServices(services, objects.filter(isSlice), local)];
}

const facts = new WeakMap<Secret, ReturnType<typeof readSecretFacts>>();

function factsOf(secret: Secret): ReturnType<typeof readSecretFacts> {
  const known = facts.get(secret);
  if (known !== undefined) return known;
  const read = readSecretFacts(secret);
  facts.set(secret, read);
  return read;
}

function isKind<Kind extends KubernetesObject>(kind: Kind['kind']) {
  return (object: KubernetesObject): object is Kind => object.kind === kind;
}

function isOwner(object: KubernetesObject): object is Gateway | ListenerSet {
  return object.kind === 'Gateway' || object.kind === 'ListenerSet';
}
