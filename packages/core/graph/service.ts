/**
 * Services as backends: which exist, which policies bind them, where their endpoints are.
 *
 * A node changes identity only when something that a route's status can depend on changes. Pods
 * come and go much more often; their addresses are looked up when a backend is lowered.
 */
import type { EndpointSlice, Service } from '@sluice/spec';
import { createListSharer, createMapSharer, createMemo } from '../memo.ts';
import { keyOf, namespaceOf } from '../objects.ts';
import type { WorldSnapshot } from '../snapshot.ts';
import { refusedAddress } from './address.ts';
import {
  type AnchorSources,
  buildPolicies,
  type PolicyNode,
  serviceTargets,
} from './backend-tls.ts';

export interface ServiceNode {
  /** `namespace/name`. */
  readonly key: string;
  readonly service: Service;
  /** BackendTLSPolicies that name this Service, oldest first. */
  readonly policies: readonly PolicyNode[];
  /** Set when there are endpoints and every one is refused: the first reason why. */
  readonly unsafe: string | undefined;
}

export interface ServiceIndex {
  readonly nodes: ReadonlyMap<string, ServiceNode>;
  /** By the Service's `namespace/name`; slices of Services that do not exist are there too. */
  readonly slices: ReadonlyMap<string, readonly EndpointSlice[]>;
}

export function indexServices(snapshot: WorldSnapshot, anchors: AnchorSources): ServiceIndex {
  const { services, endpointSlices, backendTlsPolicies, settings } = snapshot;
  const policies = groupPolicies(buildPolicies(backendTlsPolicies, anchors));
  const dependencies = [endpointSlices, policies, settings.allowLoopbackEndpoints];
  return indexMemo(services, dependencies, () => buildIndex(snapshot, policies));
}

const indexMemo = createMemo<object, ServiceIndex>();

function buildIndex(snapshot: WorldSnapshot, policies: PolicyGroups): ServiceIndex {
  const slices = groupSlices(snapshot.endpointSlices);
  const nodes = new Map<string, ServiceNode>();
  for (const service of snapshot.services) {
    const key = keyOf(service);
    const bound = policies.get(key) ?? NO_POLICIES;
    const unsafe = findUnsafe(
      slices.get(key) ?? NO_SLICES,
      snapshot.settings.allowLoopbackEndpoints,
    );
    const node = nodeMemo(service, [bound, unsafe], () => ({
      key,
      service,
      policies: bound,
      unsafe,
    }));
    nodes.set(key, node);
  }
  return { nodes: shareNodes(nodes), slices };
}

const NO_POLICIES: readonly PolicyNode[] = [];
const NO_SLICES: readonly EndpointSlice[] = [];
const shareNodes = createMapSharer();
const nodeMemo = createMemo<Service, ServiceNode>();

const shareSlices = createListSharer();
const sharePolicies = createListSharer();

const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

function groupSlices(slices: readonly EndpointSlice[]): ServiceIndex['slices'] {
  const groups = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const name = slice.metadata.labels?.[SERVICE_NAME_LABEL];
    if (name !== undefined) append(groups, `${namespaceOf(slice)}/${name}`, slice);
  }
  const shared = new Map<string, readonly EndpointSlice[]>();
  for (const [key, group] of groups) shared.set(key, shareSlices(group.sort(byName)));
  return shared;
}

function byName(one: EndpointSlice, other: EndpointSlice): number {
  return keyOf(one) < keyOf(other) ? -1 : 1;
}

type PolicyGroups = ReadonlyMap<string, readonly PolicyNode[]>;

/** By the Service's `namespace/name`; the same map while all of it is the same. */
function groupPolicies(policies: readonly PolicyNode[]): PolicyGroups {
  const groups = new Map<string, PolicyNode[]>();
  for (const node of policies) {
    const names = new Set(serviceTargets(node.policy).map(({ name }) => name));
    for (const name of names) append(groups, `${namespaceOf(node.policy)}/${name}`, node);
  }
  const shared = new Map<string, readonly PolicyNode[]>();
  for (const [key, group] of groups) shared.set(key, sharePolicies(group));
  return shareGroups(shared);
}

const shareGroups = createMapSharer();

function append<Item>(groups: Map<string, Item[]>, key: string, item: Item): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}

function findUnsafe(slices: readonly EndpointSlice[], allowLoopback: boolean): string | undefined {
  let refused: string | undefined;
  for (const slice of slices) {
    for (const endpoint of slice.endpoints ?? []) {
      const address = endpoint.addresses?.[0];
      if (address === undefined) continue;
      const why = refusedAddress(address, allowLoopback);
      if (why === undefined) return undefined;
      refused ??= why;
    }
  }
  return refused;
}
