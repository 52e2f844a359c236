/** The objects of the scale suite: a backend, a Gateway, routes by the thousand. */
import type { KubeObject, Resource } from '@sluice/kube';

const resource = (group: string, kind: string, plural: string, namespaced = true): Resource => ({
  group,
  kind,
  plural,
  version: 'v1',
  namespaced,
});

export const RESOURCES = {
  namespaces: resource('', 'Namespace', 'namespaces', false),
  services: resource('', 'Service', 'services'),
  endpointSlices: resource('discovery.k8s.io', 'EndpointSlice', 'endpointslices'),
  deployments: resource('apps', 'Deployment', 'deployments'),
  gateways: resource('gateway.networking.k8s.io', 'Gateway', 'gateways'),
  routes: resource('gateway.networking.k8s.io', 'HTTPRoute', 'httproutes'),
};

export const GATEWAY = 'edge';
export const BACKEND = 'backend';

const GATEWAY_API = 'gateway.networking.k8s.io/v1';
const echoPort = 3000;
const labels = (app: string) => ({ app });

export function namespace(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

export function backend(namespaceName: string, name: string, replicas: number): KubeObject {
  const containers = [
    { name: 'echo', image: 'sluice-bench/echo-basic:1', ports: [{ containerPort: echoPort }] },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: namespaceName, name },
    spec: {
      replicas,
      selector: { matchLabels: labels(name) },
      template: { metadata: { labels: labels(name) }, spec: { containers } },
    },
  };
}

export function service(namespaceName: string, name: string): KubeObject {
  const ports = [{ port: 80, targetPort: echoPort }];
  const metadata = { namespace: namespaceName, name };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels(name), ports } };
}

/** A Service whose endpoints are written by hand: as many as are wanted without a Pod for each. */
export function fixedService(
  namespaceName: string,
  addresses: readonly string[],
): readonly [service: KubeObject, slice: KubeObject] {
  const metadata = { namespace: namespaceName, name: BACKEND };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': BACKEND } },
      addressType: 'IPv4',
      ports: [{ port: echoPort }],
      endpoints: addresses.map((address) => ({ addresses: [address] })),
    },
  ];
}

export function gateway(namespaceName: string, gatewayClassName: string): KubeObject {
  const allowedRoutes = { namespaces: { from: 'All' } };
  return {
    apiVersion: GATEWAY_API,
    kind: 'Gateway',
    metadata: { namespace: namespaceName, name: GATEWAY },
    spec: {
      gatewayClassName,
      listeners: [{ name: 'http', protocol: 'HTTP', port: 80, allowedRoutes }],
    },
  };
}

export interface RouteNames {
  readonly namespace: string;
  readonly name: string;
  /** Where the Gateway is. */
  readonly gateway: string;
  readonly service?: string;
}

export function route({
  namespace: own,
  name,
  gateway: home,
  service: to,
}: RouteNames): KubeObject {
  return {
    apiVersion: GATEWAY_API,
    kind: 'HTTPRoute',
    metadata: { namespace: own, name },
    spec: {
      parentRefs: [{ namespace: home, name: GATEWAY }],
      hostnames: [hostOf(name)],
      rules: [{ backendRefs: [{ name: to ?? BACKEND, port: 80 }] }],
    },
  };
}

export function hostOf(routeName: string): string {
  return `${routeName}.example.com`;
}
