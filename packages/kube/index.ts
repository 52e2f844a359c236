/** A Kubernetes client: access to a cluster, REST, watches and reflectors. */

export { inClusterAccess, readKubeconfig } from './access.ts';
export { ApiError } from './api-error.ts';
export {
  type Client,
  type ClientOptions,
  createClient,
  type DeleteOptions,
  type ListOptions,
  type WriteOptions,
} from './client.ts';
export type { ClusterAccess, Credentials } from './credentials.ts';
export type { KubeMetadata, KubeObject, ObjectList, ObjectName, Resource } from './object.ts';
export { type Reflector, type ReflectorSink, startReflector } from './reflector.ts';
export type { Watch, WatchEnd, WatchEvent, WatchOptions } from './watch.ts';
