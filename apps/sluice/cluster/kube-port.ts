/** The part of the Kubernetes client that config travels through. */
import type { Client, Resource } from '@sluice/kube';

export type ObjectStore = Pick<Client, 'get' | 'create' | 'apply' | 'replace' | 'delete'>;

export type WatchClient = Pick<Client, 'get' | 'watch'>;

export const CONFIG_MAPS: Resource = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};

export const SECRETS: Resource = {
  group: '',
  version: 'v1',
  plural: 'secrets',
  kind: 'Secret',
  namespaced: true,
};
