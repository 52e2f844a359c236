/** What the publisher is asked to make true, and the objects that say it. */

import type { KubeMetadata, KubeObject } from '@sluice/kube';
import type { ProxyConfig } from '@sluice/model';
import type { KeyPair } from '@sluice/pki';
import type { ConfigMapContent } from './config-index.ts';
import type { SecretData } from './key-bundle.ts';

export interface Publication {
  /** The owner of what is written. */
  readonly gateway: { readonly namespace: string; readonly name: string; readonly uid: string };
  /** Name of the index ConfigMap and of the Secret; prefix of the others. */
  readonly owned: string;
  /** Of every object written; who lacks `managed-by` of these is never touched. */
  readonly labels: Readonly<Record<string, string>>;
  readonly config: ProxyConfig;
  /** The pair under a `CertificateRef.id`. */
  readonly keyPair: (id: string) => KeyPair | undefined;
}

/** `resourceVersion`: of the object that it replaces; who wrote since then makes that fail. */
export function configMapOf(
  publication: Publication,
  name: string,
  content: ConfigMapContent,
  resourceVersion?: string,
): KubeObject {
  const version = resourceVersion === undefined ? {} : { resourceVersion };
  const metadata = { ...metadataOf(publication, name), ...version };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, ...content };
}

export function secretOf(publication: Publication, data: SecretData): KubeObject {
  const metadata = metadataOf(publication, publication.owned);
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, data };
}

/** Whether it is one that this controller wrote for a Gateway of this name. */
export function isOurs({ labels }: Publication, object: KubeObject): boolean {
  const { labels: found = {} } = object.metadata;
  return IDENTIFYING.every((name) => found[name] === labels[name]);
}

const IDENTIFYING = ['app.kubernetes.io/managed-by', 'gateway.networking.k8s.io/gateway-name'];

export function nameGateway({ gateway }: Publication): string {
  return `${gateway.namespace}/${gateway.name}`;
}

function metadataOf({ gateway, labels }: Publication, name: string): KubeMetadata {
  const { namespace, name: ownerName, uid } = gateway;
  const apiVersion = 'gateway.networking.k8s.io/v1';
  const owner = { apiVersion, kind: 'Gateway', name: ownerName, uid, controller: true };
  return { namespace, name, labels, ownerReferences: [owner] };
}
