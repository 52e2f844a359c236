/** The part of the Kubernetes client that config travels through. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}
export interface KubeMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
}
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubeMetadata;
  readonly [field: string]: unknown;
}
export interface ObjectName {
  readonly namespace?: string;
  readonly name: string;
}
export interface ObjectStore {
  get(resource: Resource, name: ObjectName): Promise<KubeObject>;
  create(resource: Resource, object: object): Promise<KubeObject>;
  apply(resource: Resource, object: object): Promise<KubeObject>;
  replace(resource: Resource, object: object): Promise<KubeObject>;
  delete(resource: Resource, name: ObjectName): Promise<void>;
}
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

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubeObject;
}
export interface WatchOptions {
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
}
export interface Watch {
  /** Rejects when it broke or could not begin; an ERROR event is an error with its code. */
  readonly ended: Promise<unknown>;
  stop(): void;
}
export interface WatchClient {
  get(resource: Resource, name: ObjectName): Promise<KubeObject>;
  watch(resource: Resource, options: WatchOptions, onEvent: (event: WatchEvent) => void): Watch;
}
