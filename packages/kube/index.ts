/** A Kubernetes client: access to a cluster, REST, watches and reflectors. */

export { inClusterAccess, readKubeconfig } from './access.ts';
export { ApiError } from './api-error.ts';
export type { Client, ClientOptions, DeleteOptions, ListOptions, WriteOptions } from './client.ts';
export { createClient } from './connection.ts';
export type { ClusterAccess, Credentials } from './credentials.ts';
export { type LeaderElection, runLeaderElection } from './leader-election.ts';
export type { KubeMetadata, KubeObject, ObjectList, ObjectName, Resource } from './object.ts';
export type { ReflectorSink } from './reflected-objects.ts';
export { type Reflector, startReflector } from './reflector.ts';
export type { Watch, WatchEnd, WatchEvent, WatchOptions } from './watch.ts';
