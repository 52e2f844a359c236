/** Objects for tests of this package, as small as can be. */
import type { EndpointSlice, Gateway, GatewayClass, HTTPRoute, Service } from '@sluice/spec';
import type { Settings, WorldSnapshot } from './snapshot.ts';

export const NOW = Date.parse('2026-11-25T00:00:00Z');

export const SETTINGS: Settings = {
  controllerName: 'sluice.dev/gateway-controller',
  namespaces: 'implied',
  portMapping: {},
  addresses: { 'infra/edge': ['192.0.2.1'] },
  usableAddresses: [],
  allowLoopbackEndpoints: false,
};

const EMPTY: WorldSnapshot = {
  gatewayClasses: [],
  gateways: [],
  listenerSets: [],
  httpRoutes: [],
  grpcRoutes: [],
  tlsRoutes: [],
  tcpRoutes: [],
  udpRoutes: [],
  backendTlsPolicies: [],
  referenceGrants: [],
  services: [],
  endpointSlices: [],
  secrets: [],
  configMaps: [],
  namespaces: [],
  ownables: [],
  now: NOW,
  settings: SETTINGS,
  acks: [],
  capabilities: { channel: 'standard' },
};

export function sampleWorld(parts: Partial<WorldSnapshot>): WorldSnapshot {
  return { ...EMPTY, ...parts };
}

export function sampleClass(
  name = 'sluice',
  controllerName = SETTINGS.controllerName,
): GatewayClass {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name, generation: 1 },
    spec: { controllerName },
    status: { conditions: [] },
  };
}

export function sampleGateway(spec: Partial<Gateway['spec']> = {}, name = 'edge'): Gateway {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { namespace: 'infra', name, generation: 1 },
    spec: { gatewayClassName: 'sluice', listeners: [sampleListener()], ...spec },
    status: { conditions: [] },
  };
}

type Listener = Gateway['spec']['listeners'][number];

export function sampleListener(parts: Partial<Listener> = {}): Listener {
  const allowedRoutes = { namespaces: { from: 'Same' as const } };
  return { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes, ...parts };
}

export function sampleRoute(spec: Partial<HTTPRoute['spec']> = {}, name = 'route'): HTTPRoute {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: {
      namespace: 'infra',
      name,
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { parentRefs: [sampleParent()], rules: [sampleRule()], ...spec },
  };
}

type ParentRef = NonNullable<HTTPRoute['spec']['parentRefs']>[number];

export function sampleParent(parts: Partial<ParentRef> = {}): ParentRef {
  return { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'edge', ...parts };
}

type Rule = HTTPRoute['spec']['rules'][number];

export function sampleRule(parts: Partial<Rule> = {}): Rule {
  const matches = [{ path: { type: 'PathPrefix' as const, value: '/' } }];
  return { matches, backendRefs: [sampleBackendRef()], ...parts };
}

type BackendRef = NonNullable<Rule['backendRefs']>[number];

export function sampleBackendRef(parts: Partial<BackendRef> = {}): BackendRef {
  return { group: '', kind: 'Service', name: 'web', port: 80, weight: 1, ...parts };
}

export function sampleService(name = 'web', namespace = 'infra'): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name },
    spec: { type: 'ClusterIP', ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }] },
  };
}

export function sampleSlice(
  addresses: readonly string[] = ['10.0.0.1'],
  service = 'web',
): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace: 'infra',
      name: `${service}-1`,
      labels: { 'kubernetes.io/service-name': service },
    },
    addressType: 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address] })),
    ports: [{ name: '', protocol: 'TCP', port: 8080 }],
  };
}
