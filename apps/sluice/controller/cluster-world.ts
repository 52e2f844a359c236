/**
 * The world of a cluster: what the reflectors know, what the data planes acknowledged, and what
 * the API server can do, as the core's snapshot. The cluster's counterpart of a laptop's store.
 *
 * Secrets enter the snapshot as facts; their keys are looked up for a publish and not kept.
 */
import {
  type Ack,
  type AnyObject,
  buildSnapshotOfLists,
  type Capabilities,
  type Settings,
  type WorldSnapshot,
} from '@sluice/core';
import type { KubeObject } from '@sluice/kube';
import { type KeyPair, readKeyPair, readSecretFacts, type SecretLike } from '@sluice/pki';
import type { EndpointSlice } from '@sluice/spec';
import type { ObjectStore } from './object-store.ts';

export interface ClusterWorld {
  readonly snapshot: (now: number) => WorldSnapshot;
  /** A private key by `namespace/name` of its Secret, for data planes only. */
  readonly keyPair: (id: string) => KeyPair | undefined;
}

export interface ClusterWorldOptions {
  readonly store: ObjectStore;
  readonly settings: Settings;
  readonly capabilities: () => Capabilities;
  readonly acks: () => readonly Ack[];
}

export function createClusterWorld(options: ClusterWorldOptions): ClusterWorld {
  const { store } = options;
  return {
    snapshot(now) {
      // Sound: the API server validated them by the CRDs that the types were generated from.
      const lists = store.lists() as readonly (readonly unknown[])[] as readonly AnyObject[][];
      const secrets = store.listOf('', 'Secret').map(factsOf);
      return buildSnapshotOfLists(lists, {
        now,
        secrets,
        settings: options.settings,
        acks: options.acks(),
        capabilities: options.capabilities(),
      });
    },
    keyPair(id) {
      const [namespace = '', name = ''] = id.split('/');
      const secret = store.find({ group: '', kind: 'Secret', namespace, name });
      return secret && keyPairOf(secret);
    },
  };
}

type Facts = ReturnType<typeof readSecretFacts>;

const facts = new WeakMap<KubeObject, Facts>();

function factsOf(secret: KubeObject): Facts {
  const known = facts.get(secret);
  if (known !== undefined) return known;
  const read = readSecretFacts(secret as unknown as SecretLike);
  facts.set(secret, read);
  return read;
}

const keyPairs = new WeakMap<KubeObject, { readonly pair: KeyPair | undefined }>();

/** The same pair for the same Secret: who compares it with its fingerprint does so once. */
function keyPairOf(secret: KubeObject): KeyPair | undefined {
  const known = keyPairs.get(secret);
  if (known !== undefined) return known.pair;
  const pair = readKeyPair(secret as unknown as SecretLike);
  keyPairs.set(secret, { pair });
  return pair;
}

const SERVICE_LABEL = 'kubernetes.io/service-name';

/** Addresses of the ready endpoints of a Service, by its `namespace/name`. */
export interface ReadyAddresses {
  note(key: string, object: KubeObject | undefined): void;
  of(service: string): readonly string[];
}

export function createReadyAddresses(): ReadyAddresses {
  const slices = new Map<string, EndpointSlice>();
  const byService = new Map<string, Set<string>>();
  const serviceOf = ({ metadata }: EndpointSlice): string =>
    `${metadata.namespace}/${metadata.labels?.[SERVICE_LABEL] ?? ''}`;
  return {
    note(key, object) {
      const before = slices.get(key);
      if (before !== undefined) byService.get(serviceOf(before))?.delete(key);
      slices.delete(key);
      if (object === undefined) return;
      const slice = object as unknown as EndpointSlice;
      slices.set(key, slice);
      const keys = byService.get(serviceOf(slice)) ?? new Set();
      byService.set(serviceOf(slice), keys.add(key));
    },
    of(service) {
      const found = [...(byService.get(service) ?? [])].flatMap((key) => slices.get(key) ?? []);
      const endpoints = found.flatMap((slice) => slice.endpoints ?? []);
      const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false);
      return [...new Set(ready.flatMap(({ addresses }) => addresses[0] ?? []))].sort();
    },
  };
}
