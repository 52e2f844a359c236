/**
 * Builds a `WorldSnapshot` from a plain list of objects, in whatever order they came: the one place
 * where kinds are sorted into the snapshot's lists. Kinds that the core does not know are left out,
 * and so are Secrets: the boundary hands them in as facts.
 *
 * A list whose elements are the same as last time is the same list, so that what was derived from
 * it need not be derived again.
 */
import { createListSharer, createMemo } from './memo.ts';
import { noteOrdered } from './object-order.ts';
import { compareText } from './objects.ts';
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
  ['Deployment', 'ownables'],
  ['ServiceAccount', 'ownables'],
  ['Role', 'ownables'],
  ['RoleBinding', 'ownables'],
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
  return complete(
    [...lists].map(([name, list]) => [name, shareList(list.sort(byName))]),
    inputs,
  );
}

/**
 * The same from lists that hold one kind each, by namespace and name, and that are replaced when
 * something in them changes: costs what changed.
 */
export function buildSnapshotOfLists(
  lists: readonly (readonly AnyObject[])[],
  inputs: SnapshotInputs,
): WorldSnapshot {
  const groups = new Map<keyof ObjectLists, (readonly AnyObject[])[]>();
  for (const name of LIST_OF_KIND.values()) groups.set(name, []);
  for (const list of lists) {
    const name = LIST_OF_KIND.get(list[0]?.kind ?? '');
    if (name !== undefined) groups.get(name)?.push(list);
  }
  return complete(
    [...groups].map(([name, [only = NO_OBJECTS, ...others]]) => [
      name,
      others.length === 0 ? only : joinLists([only, ...others]),
    ]),
    inputs,
  );
}

function complete(
  lists: readonly (readonly [keyof ObjectLists, readonly AnyObject[]])[],
  inputs: SnapshotInputs,
): WorldSnapshot {
  for (const [, list] of lists) noteOrdered(list);
  const secrets = inputs.secrets.toSorted(compareNames);
  return { ...(Object.fromEntries(lists) as unknown as ObjectLists), ...inputs, secrets };
}

/** Kinds that stand in one list of the snapshot: the same list while none of theirs changed. */
function joinLists(lists: readonly (readonly AnyObject[])[]): readonly AnyObject[] {
  const [first = NO_OBJECTS] = lists;
  return joinMemo(first, lists, () => shareList(lists.flat().sort(byName)));
}

/** One for all, since what is derived from a list is remembered by it. */
const NO_OBJECTS: readonly AnyObject[] = [];

const joinMemo = createMemo<object, readonly AnyObject[]>();

const shareList = createListSharer();

function byName(one: AnyObject, other: AnyObject): number {
  return compareNames(one.metadata, other.metadata) || compareText(one.kind, other.kind);
}

type Name = AnyObject['metadata'] | SecretFacts;

function compareNames(one: Name, other: Name): number {
  const byNamespace = compareText(one.namespace ?? '', other.namespace ?? '');
  return byNamespace || compareText(one.name, other.name);
}
