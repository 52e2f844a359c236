/**
 * Arbitrary worlds for properties: few names, so that everything refers to everything, rightly and
 * wrongly; every branch of the API's unions, values of a newer API included.
 */

import type { ReferenceGrant } from '@sluice/spec';
import fc from 'fast-check';
import {
  GROUP,
  hostname,
  meta,
  mostly,
  NAMESPACES,
  namespace,
  object,
  record,
  whole,
} from './sample-object.ts';
import { httpRoute, otherRoute } from './sample-route.ts';
import { NOW, SETTINGS, sampleWorld } from './sample-world.ts';
import type { Provisioning, SecretFacts, WorldSnapshot } from './snapshot.ts';

const selector = record({
  matchLabels: fc.constant({ team: 'red' }),
  matchExpressions: fc.constant([{ key: 'team', operator: 'NotIn', values: ['blue'] }]),
});

const from = mostly('All', 'Same', 'Selector', 'None', 'Newer');
const namespaces = record({ from, selector }, ['from']);

const listener = record(
  {
    name: mostly('http', 'https', 'tcp'),
    port: fc.constantFrom(80, 443, 8080),
    protocol: fc.oneof(
      fc.constantFrom('HTTP', 'HTTPS'),
      mostly('HTTP', 'TLS', 'TCP', 'UDP', 'example.com/own'),
    ),
    hostname,
    allowedRoutes: record(
      {
        namespaces,
        kinds: fc.subarray([
          { group: GROUP, kind: 'HTTPRoute' },
          { group: GROUP, kind: 'GRPCRoute' },
          { group: 'example.com', kind: 'Own' },
        ]),
      },
      ['namespaces'],
    ),
    tls: record(
      {
        mode: mostly('Terminate', 'Passthrough'),
        certificateRefs: fc.array(
          record(
            {
              group: mostly('', 'example.com'),
              kind: mostly('Secret', 'Own'),
              name: mostly('good', 'bad', 'gone'),
              namespace,
            },
            ['group', 'kind', 'name'],
          ),
          { minLength: 1, maxLength: 2 },
        ),
      },
      ['certificateRefs'],
    ),
    filters: fc.constant({ requests: [{ type: 'ExternalAuth' }] }),
  },
  ['name', 'port', 'protocol', 'allowedRoutes', 'tls'],
);

const listeners = fc.uniqueArray(listener, {
  minLength: 1,
  maxLength: 3,
  selector: ({ name }) => name,
});

const validation = record(
  {
    caCertificateRefs: fc.array(
      record(
        {
          group: mostly('', 'certificates.k8s.io'),
          kind: mostly('ConfigMap', 'Secret', 'ClusterTrustBundle'),
          name: mostly('anchors', 'gone'),
          namespace,
        },
        ['group', 'kind', 'name'],
      ),
      { minLength: 1, maxLength: 2 },
    ),
    mode: fc.constantFrom('AllowValidOnly', 'AllowInsecureFallback'),
  },
  ['caCertificateRefs'],
);

const uidOf = (owner: string, name: string): string => `uid-${owner}-${name}`;

/** What a Gateway owns or somebody else has made, by names that Gateways need or needed once. */
const ownable = (kinds: readonly string[], spec: fc.Arbitrary<object>) =>
  fc
    .tuple(
      fc.constantFrom(...kinds),
      namespace,
      mostly('edge', 'inner'),
      mostly('sluice', 'other', 'none'),
      mostly('ours', 'theirs'),
      spec,
    )
    .map(([kind, owner, name, className, whose, rest]) => ({
      kind,
      ...rest,
      metadata: {
        namespace: owner,
        name: `${name}-${className}`,
        labels: { 'app.kubernetes.io/managed-by': 'sluice-gateway-controller' },
        ownerReferences: whose === 'ours' ? [{ uid: uidOf(owner, name) }] : [],
      },
    }));

const ownedObject = ownable(
  ['Deployment', 'ServiceAccount', 'Role', 'RoleBinding'],
  fc.constant({}),
);

const ownedService = ownable(
  ['Service'],
  record(
    {
      spec: fc.constant({
        type: 'LoadBalancer',
        clusterIP: '10.96.0.1',
        loadBalancerIP: '192.0.2.1',
      }),
      status: fc.constantFrom({}, { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }),
    },
    ['spec', 'status'],
  ),
);

const gateway = object(
  'Gateway',
  `${GROUP}/v1`,
  ['edge', 'inner'],
  record(
    {
      gatewayClassName: mostly('sluice', 'other', 'none'),
      listeners,
      allowedListeners: record({ namespaces }, ['namespaces']),
      addresses: fc.array(
        record({
          type: fc.constantFrom('IPAddress', 'Hostname', 'example.com/own'),
          value: fc.constantFrom('', '192.0.2.1', '198.51.100.1'),
        }),
        { maxLength: 2 },
      ),
      infrastructure: record({
        labels: fc.constant({ team: 'red' }),
        parametersRef: fc.constantFrom(
          { group: '', kind: 'ConfigMap', name: 'x' },
          { group: '', kind: 'ConfigMap', name: 'parameters' },
        ),
      }),
      tls: record({
        frontend: record({ default: record({ validation }) }, ['default']),
        backend: record({
          clientCertificateRef: fc.constant({ group: '', kind: 'Secret', name: 'good' }),
        }),
      }),
    },
    ['gatewayClassName', 'listeners', 'allowedListeners'],
  ),
).map((value) => {
  const { metadata } = value;
  return { ...value, metadata: { ...metadata, uid: uidOf(metadata.namespace, metadata.name) } };
});

const listenerSet = object(
  'ListenerSet',
  `${GROUP}/v1`,
  ['more', 'most'],
  whole({
    parentRef: record(
      {
        group: fc.constant(GROUP),
        kind: mostly('Gateway', 'Own'),
        name: mostly('edge', 'inner', 'gone'),
        namespace,
      },
      ['group', 'kind', 'name'],
    ),
    listeners,
  }),
);

const service = object(
  'Service',
  'v1',
  ['web', 'api', 'web2'],
  record(
    {
      type: mostly('ClusterIP', 'ExternalName'),
      ports: fc.constantFrom(
        [{ port: 80, protocol: 'TCP', targetPort: 8080 }],
        [
          {
            port: 80,
            name: 'h2c',
            protocol: 'TCP',
            targetPort: 'h2c',
            appProtocol: 'kubernetes.io/h2c',
          },
        ],
        [{ port: 80, protocol: 'UDP', targetPort: 1 }],
        [{ port: 80, protocol: 'TCP', targetPort: 1, appProtocol: 'example.com/own' }],
      ),
    },
    ['type', 'ports'],
  ),
);

const slice = whole({
  kind: fc.constant('EndpointSlice'),
  apiVersion: fc.constant('discovery.k8s.io/v1'),
  metadata: fc
    .tuple(meta(['s1', 's2']), fc.constantFrom('web', 'api', 'gone', 'edge-sluice'))
    .map(([metadata, name]) => ({ ...metadata, labels: { 'kubernetes.io/service-name': name } })),
  addressType: mostly('IPv4', 'IPv6', 'FQDN'),
  endpoints: fc.array(
    record(
      {
        addresses: fc.constantFrom(['10.0.0.1'], ['127.0.0.1'], ['fe80::1'], ['2001:db8::1'], []),
        conditions: record({
          ready: fc.boolean(),
          serving: fc.boolean(),
          terminating: fc.boolean(),
        }),
      },
      ['addresses'],
    ),
    { maxLength: 2 },
  ),
  ports: fc.constantFrom(
    [{ name: '', protocol: 'TCP', port: 8080 }],
    [{ name: 'h2c', protocol: 'TCP', port: 9090 }],
    [{ name: '', protocol: 'TCP' }],
    [],
  ),
});

const grant: fc.Arbitrary<ReferenceGrant> = object(
  'ReferenceGrant',
  `${GROUP}/v1`,
  ['g1', 'g2'],
  whole({
    from: fc.array(
      whole({
        group: fc.constant(GROUP),
        kind: fc.constantFrom('HTTPRoute', 'Gateway', 'ListenerSet'),
        namespace,
      }),
      { minLength: 1, maxLength: 2 },
    ),
    to: fc.array(
      record(
        {
          group: fc.constant(''),
          kind: fc.constantFrom('Service', 'Secret', 'ConfigMap'),
          name: fc.constantFrom('web', 'good'),
        },
        ['group', 'kind'],
      ),
      { minLength: 1, maxLength: 2 },
    ),
  }),
) as never;

const policy = object(
  'BackendTLSPolicy',
  `${GROUP}/v1`,
  ['p', 'q'],
  whole({
    targetRefs: fc.constantFrom(
      [{ group: '', kind: 'Service', name: 'web' }],
      [{ group: '', kind: 'Service', name: 'web', sectionName: 'h2c' }],
    ),
    validation: fc.constantFrom(
      { hostname: 'x.example.com', wellKnownCACertificates: 'System' },
      {
        hostname: 'x.example.com',
        caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'anchors' }],
      },
      { hostname: 'x.example.com', caCertificateRefs: [{ group: '', kind: 'Pod', name: 'x' }] },
    ),
  }),
);

const classes = [
  { name: 'sluice', controllerName: SETTINGS.controllerName },
  { name: 'other', controllerName: 'example.com/controller' },
].map(({ name, controllerName }) => ({
  kind: 'GatewayClass',
  apiVersion: `${GROUP}/v1`,
  metadata: { name, generation: 1 },
  spec: { controllerName },
}));

const secrets: readonly SecretFacts[] = NAMESPACES.flatMap((owner): SecretFacts[] => [
  {
    namespace: owner,
    name: 'good',
    type: 'kubernetes.io/tls',
    certificate: {
      fingerprint: owner,
      dnsNames: ['x.example.com'],
      notBefore: 0,
      notAfter: NOW * 2,
    },
  },
  {
    namespace: owner,
    name: 'bad',
    type: 'kubernetes.io/tls',
    problem: 'tls.crt holds no certificate',
  },
]);

const anchors = {
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { namespace: 'a', name: 'anchors' },
  data: { 'ca.crt': '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n' },
};

type Identified = { readonly metadata: { readonly namespace?: string; readonly name: string } };

const parameters = {
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { namespace: 'a', name: 'parameters' },
  data: { replicas: '2', 'service.type': 'ClusterIP' },
};

const PROVISIONING: Provisioning = {
  image: 'registry.test/sluice',
  serviceAccount: { namespace: 'system', name: 'controller' },
};

const several = <T extends Identified>(arbitrary: fc.Arbitrary<T>, maxLength: number) =>
  fc.uniqueArray(arbitrary, {
    minLength: Math.floor(maxLength / 2),
    maxLength,
    selector: ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
  });

/** Objects are of the right kinds; some hold values that only a newer API would let through. */
export const arbitraryWorld: fc.Arbitrary<WorldSnapshot> = whole({
  gateways: several(gateway, 4),
  listenerSets: several(listenerSet, 3),
  httpRoutes: several(httpRoute, 8),
  grpcRoutes: several(otherRoute('GRPCRoute'), 1),
  tlsRoutes: several(otherRoute('TLSRoute'), 1),
  backendTlsPolicies: several(policy, 3),
  referenceGrants: several(grant, 4),
  services: fc
    .tuple(several(service, 6), several(ownedService, 2))
    .map(([others, owned]) => [...others, ...owned]),
  endpointSlices: several(slice, 4),
  ownables: several(ownedObject, 3),
  provisioning: fc.constantFrom(undefined, PROVISIONING),
}).map(({ provisioning, ...parts }) =>
  sampleWorld({
    ...(parts as unknown as Partial<WorldSnapshot>),
    gatewayClasses: classes as never,
    configMaps: [anchors, parameters] as never,
    secrets,
    settings: {
      ...SETTINGS,
      addresses: { 'a/edge': ['192.0.2.1'], 'b/edge': ['192.0.2.2'] },
      ...(provisioning === undefined ? {} : { provisioning }),
    },
  }),
);
