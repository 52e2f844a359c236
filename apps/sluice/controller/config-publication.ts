/**
 * Publishing: hands a Gateway's config to the publisher with what it needs of the cluster (owner,
 * names, key pairs), and tells the acknowledgements which version to expect.
 */
import { ownedLabels, ownedName } from '@sluice/core';
import type { ProxyConfig } from '@sluice/model';
import type { HandlerResult, ObjectRef, PublishConfigEffect } from '@sluice/sansio';
import type { Gateway } from '@sluice/spec';
import type { Publisher } from '../cluster/publisher.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import type { ClusterWorld } from './cluster-world.ts';
import type { ObjectStore } from './object-store.ts';
import { GATEWAY_GROUP } from './served-kinds.ts';

export interface ConfigPublication {
  publish(effect: PublishConfigEffect<ProxyConfig>): Promise<HandlerResult>;
  /** Whether this process published the version last, for the Gateway `namespace/name`. */
  readonly isPublished: (gateway: string, version: string) => boolean;
  /** Forgets the Gateways that are not among these. */
  retain(gateways: readonly string[]): void;
  /** Somebody else may have written meanwhile: what is published is to be read again. */
  forget(): void;
}

export interface ConfigPublicationOptions {
  readonly store: ObjectStore;
  readonly world: ClusterWorld;
  readonly publisher: Publisher;
  readonly acknowledgements: Acknowledgements;
}

interface PublishedConfig {
  readonly uid: string;
  /** Name of the index. */
  readonly owned: string;
  readonly version: string;
}

export function createConfigPublication(options: ConfigPublicationOptions): ConfigPublication {
  const { store, world, publisher, acknowledgements } = options;
  const published = new Map<string, PublishedConfig>();
  const uidOf = (gateway: string): string => findGateway(store, gateway)?.metadata.uid ?? '';
  return {
    async publish({ target, version, content }) {
      const key = `${target.namespace}/${target.name}`;
      const gateway = findGateway(store, key);
      if (gateway === undefined) {
        return { kind: 'failed', reason: 'not-found', message: `Gateway ${key} is gone` };
      }
      const { namespace, name, uid = '' } = gateway.metadata;
      const { gatewayClassName, infrastructure } = gateway.spec;
      const owned = ownedName(name, gatewayClassName);
      const result = await publisher.publish({
        gateway: { namespace, name, uid },
        owned,
        labels: { ...infrastructure?.labels, ...ownedLabels(name, gatewayClassName) },
        config: content,
        keyPair: world.keyPair,
      });
      if (result.kind === 'failed') {
        published.delete(key);
      } else {
        published.set(key, { uid, owned, version });
        acknowledgements.expect(key, version);
      }
      return result;
    },
    isPublished(gateway, version) {
      const last = published.get(gateway);
      const found = findGateway(store, gateway);
      if (last === undefined || found === undefined) return false;
      const { name, uid = '' } = found.metadata;
      const owned = ownedName(name, found.spec.gatewayClassName);
      return last.version === version && last.uid === uid && last.owned === owned;
    },
    retain(gateways) {
      const kept = new Set(gateways);
      for (const key of published.keys()) if (!kept.has(key)) published.delete(key);
      publisher.retain(new Set(gateways.map(uidOf)));
    },
    forget() {
      published.clear();
      publisher.retain(new Set());
    },
  };
}

function findGateway(store: ObjectStore, key: string): Gateway | undefined {
  const [namespace = '', name = ''] = key.split('/');
  const ref: ObjectRef = { group: GATEWAY_GROUP, kind: 'Gateway', namespace, name };
  return store.find(ref) as unknown as Gateway | undefined;
}
