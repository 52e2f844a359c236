/**
 * Builds a `WorldSnapshot` from a plain list of objects, in whatever order they came: the one place
 * where kinds are sorted into the snapshot's lists. Kinds that the core does not know are left out,
 * and so are Secrets: the boundary hands them in as facts.
 */
import type { SecretFacts, WorldSnapshot } from './snapshot.ts';

/** The least that every object of the Kubernetes API carries. */
export interface AnyObject {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string };
}

/** What a snapshot holds beside objects. */
export type SnapshotInputs = Pick<
  WorldSnapshot,
  'now' | 'settings' | 'acks' | 'capabilities' | 'secrets'
>;

type ObjectLists = Omit<WorldSnapshot, keyof SnapshotInputs>;

const LIST_OF_KIND: ReadonlyMap<string, keyof ObjectLists> = new Map([
  ['GatewayClass', 'gatewayClasses'],
  ['Gateway', 'gateways'],
  ['ListenerSet', 'listenerSets'],
  ['HTTPRoute', 'httpRoutes'],
  ['GRPCRoute', 'grpcRoutes'],
  ['TLSRoute', 'tlsRoutes'],
  ['TCPRoute', 'tcpRoutes'],
  ['UDPRoute', 'udpRoutes'],
  ['BackendTLSPolicy', 'backendTlsPolicies'],
  ['ReferenceGrant', 'referenceGrants'],
  ['Service', 'services'],
  ['EndpointSlice', 'endpointSlices'],
  ['ConfigMap', 'configMaps'],
  ['Namespace', 'namespaces'],
]);

/** `objects` must be valid (see `@sluice/spec`): their kind says what they are. */
export function buildSnapshot(
  objects: readonly AnyObject[],
  inputs: SnapshotInputs,
): WorldSnapshot {
  const lists = new Map<keyof ObjectLists, AnyObject[]>();
  for (const list of LIST_OF_KIND.values()) lists.set(list, []);
  for (const object of objects) {
    const list = LIST_OF_KIND.get(object.kind);
    if (list !== undefined) lists.get(list)?.push(object);
  }
  for (const list of lists.values()) list.sort(byName);
  const secrets = [...inputs.secrets].sort((a, b) => compareNames(nameOf(a), nameOf(b)));
  return { ...(Object.fromEntries(lists) as unknown as ObjectLists), ...inputs, secrets };
}

function byName(one: AnyObject, other: AnyObject): number {
  return compareNames(nameOf(one.metadata), nameOf(other.metadata));
}

function nameOf({ namespace = '', name }: AnyObject['metadata'] | SecretFacts): string {
  return `${namespace}/${name}`;
}

function compareNames(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
