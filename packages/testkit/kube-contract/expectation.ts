/** What every API server that our client talks to has to do, one expectation at a time. */
import type { Client, KubeObject, Resource } from '@sluice/kube';

export interface ContractWorld {
  readonly client: Client;
  /** Empty, and of this expectation alone. */
  readonly namespace: string;
  /** How long watches last that have to end: what a server needs to send a bookmark before. */
  readonly watchSeconds: number;
}

export interface ApiExpectation {
  readonly name: string;
  readonly check: (world: ContractWorld) => Promise<void>;
}

export const configMaps: Resource = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};

/** A kind with a status of its own, and with lists that have keys. */
export const gateways: Resource = {
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'gateways',
  kind: 'Gateway',
  namespaced: true,
};

type Texts = Readonly<Record<string, string>>;

export function configMap(
  { namespace }: ContractWorld,
  name: string,
  { data = {}, labels }: { readonly data?: Texts; readonly labels?: Texts } = {},
): KubeObject {
  const metadata = { namespace, name, ...(labels === undefined ? {} : { labels }) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
}

export function gateway(
  { namespace }: ContractWorld,
  name: string,
  parts: { readonly spec?: object; readonly status?: object },
): KubeObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { namespace, name },
    ...parts,
  };
}
