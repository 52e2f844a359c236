/**
 * Schemas of the Kubernetes kinds beside the Gateway API, by hand: the fields that are read, held
 * to what an API server accepts. Objects that are read in part keep their other fields.
 *
 * https://kubernetes.io/docs/reference/kubernetes-api/
 */
import {
  anything,
  boolean,
  integer,
  labelName,
  labels,
  list,
  object,
  port,
  protocol,
  qualifiedName,
  string,
  stringMap,
  time,
} from './core-shapes.ts';
import type { CelRule, Schema } from './schema.ts';
import { deploymentSpec, podSpec } from './workload-schemas.ts';

export interface CoreKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly version: string;
  readonly schema: Schema;
}

const configKey = '^[-._a-zA-Z0-9]+$';

const keyRule: CelRule = {
  rule: `self.all(key, key.matches('${configKey}') && key.size() <= 253 && key != '.' && !key.startsWith('..'))`,
  message:
    'keys may hold letters, digits, "-", "_" and "." only, at most 253 characters, and not begin with ".."',
};

/** Metadata of every object; names, labels and annotations have checks of their own. */
export const metadataSchema: Schema = {
  ...object({
    name: string,
    generateName: string,
    namespace: string,
    uid: string,
    resourceVersion: string,
    generation: { type: 'integer' },
    creationTimestamp: time,
    deletionTimestamp: time,
    deletionGracePeriodSeconds: { type: 'integer' },
    labels: stringMap,
    annotations: stringMap,
    finalizers: { type: 'array', items: string },
    managedFields: { type: 'array', items: anything },
    selfLink: string,
    ownerReferences: list(
      object(
        {
          apiVersion: string,
          kind: string,
          name: string,
          uid: string,
          controller: boolean,
          blockOwnerDeletion: boolean,
        },
        ['apiVersion', 'kind', 'name', 'uid'],
      ),
    ),
  }),
  decoded: true,
};

const servicePort = object(
  {
    name: { ...labelName, emptyIsAbsent: true },
    protocol: { ...protocol, emptyIsAbsent: true },
    appProtocol: qualifiedName,
    port,
    targetPort: {
      intOrString: true,
      emptyIsAbsent: true,
      // A number is a port, a name that of a container's port.
      anyOf: [
        { type: 'integer', minimum: 1, maximum: 65535 },
        { type: 'string', format: 'port-name' },
      ],
    },
    nodePort: { type: 'integer', minimum: 0, maximum: 65535 },
  },
  ['port'],
);

const serviceSpec = object(
  {
    type: {
      type: 'string',
      enum: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
      default: 'ClusterIP',
      emptyIsAbsent: true,
    },
    ports: {
      ...list(servicePort),
      listType: 'map',
      listMapKeys: ['port', 'protocol'],
      rules: [
        {
          rule: "self.size() <= 1 || self.all(p, has(p.name) && p.name != '')",
          message: 'every port must have a name when there is more than one',
        },
        {
          rule: 'self.all(p, !has(p.name) || self.exists_one(q, has(q.name) && q.name == p.name))',
          message: 'port names must be unique within the Service',
        },
      ],
    },
    selector: labels,
    clusterIP: string,
    clusterIPs: { type: 'array', items: string },
    externalIPs: { type: 'array', items: { type: 'string', format: 'ip' } },
    externalName: string,
    sessionAffinity: { type: 'string', enum: ['None', 'ClientIP'] },
    sessionAffinityConfig: anything,
    loadBalancerIP: string,
    loadBalancerClass: string,
    loadBalancerSourceRanges: { type: 'array', items: string },
    externalTrafficPolicy: { type: 'string', enum: ['Cluster', 'Local'] },
    internalTrafficPolicy: { type: 'string', enum: ['Cluster', 'Local'] },
    trafficDistribution: string,
    healthCheckNodePort: integer,
    publishNotReadyAddresses: boolean,
    allocateLoadBalancerNodePorts: boolean,
    ipFamilies: { type: 'array', items: { type: 'string', enum: ['IPv4', 'IPv6'] } },
    ipFamilyPolicy: {
      type: 'string',
      enum: ['SingleStack', 'PreferDualStack', 'RequireDualStack'],
    },
  },
  [],
  [
    {
      rule: "self.type == 'ExternalName' || (has(self.clusterIP) && self.clusterIP == 'None') || has(self.ports) && self.ports.size() > 0",
      message: 'ports must be specified, except for headless and ExternalName Services',
    },
    {
      rule: "self.type != 'ExternalName' || (has(self.externalName) && self.externalName != '')",
      message: 'externalName must be specified when type is ExternalName',
    },
    {
      rule: "self.type != 'ExternalName' || !has(self.externalName) || self.externalName == '' || !format.hostName().validate(self.externalName).hasValue()",
      message: 'externalName must be a DNS name in lower case',
    },
  ],
);

const endpoint = object(
  {
    addresses: { ...list(string), minItems: 1, maxItems: 100 },
    conditions: object({ ready: boolean, serving: boolean, terminating: boolean }),
    hostname: string,
    nodeName: string,
    zone: string,
    hints: anything,
    deprecatedTopology: stringMap,
    targetRef: object({
      apiVersion: string,
      kind: string,
      namespace: string,
      name: string,
      uid: string,
      resourceVersion: string,
      fieldPath: string,
    }),
  },
  ['addresses'],
);

const endpointSlice: Schema = {
  ...object(
    {
      addressType: { type: 'string', enum: ['IPv4', 'IPv6', 'FQDN'], emptyIsAbsent: true },
      endpoints: { ...list(endpoint), maxItems: 1000, default: [] },
      ports: {
        ...list(
          object({
            name: {
              type: 'string',
              default: '',
              maxLength: 63,
              pattern: '^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$',
            },
            protocol,
            port,
            appProtocol: qualifiedName,
          }),
        ),
        maxItems: 100,
        listType: 'map',
        listMapKeys: ['name'],
      },
    },
    ['addressType'],
  ),
  anyOf: [
    addresses('IPv4', 'ipv4'),
    addresses('IPv6', 'shortest-ipv6'),
    addresses('FQDN', 'full-host-name'),
  ],
};

const configMap = object(
  {
    data: { ...stringMap, rules: [keyRule] },
    binaryData: {
      type: 'object',
      additionalProperties: { type: 'string', format: 'byte' },
      rules: [keyRule],
    },
    immutable: boolean,
  },
  [],
  [
    {
      rule: '!has(self.data) || !has(self.binaryData) || self.data.all(key, !(key in self.binaryData))',
      message: 'data and binaryData must not have a key in common',
    },
  ],
);

const secret = object({
  type: { type: 'string', default: 'Opaque', emptyIsAbsent: true },
  data: {
    type: 'object',
    additionalProperties: { type: 'string', format: 'byte' },
    rules: [keyRule],
  },
  stringData: { ...stringMap, rules: [keyRule] },
  immutable: boolean,
});

export const coreKinds: readonly CoreKind[] = [
  core('Service', 'services', object({ spec: serviceSpec, status: anything }, ['spec'])),
  core('Secret', 'secrets', secret),
  core('ConfigMap', 'configmaps', configMap),
  {
    ...core('Namespace', 'namespaces', object({ spec: anything, status: anything })),
    namespaced: false,
  },
  core('Pod', 'pods', object({ spec: podSpec, status: anything }, ['spec'])),
  {
    group: 'apps',
    kind: 'Deployment',
    plural: 'deployments',
    namespaced: true,
    version: 'v1',
    schema: object({ spec: deploymentSpec, status: anything }, ['spec']),
  },
  {
    group: 'discovery.k8s.io',
    kind: 'EndpointSlice',
    plural: 'endpointslices',
    namespaced: true,
    version: 'v1',
    schema: endpointSlice,
  },
];

function core(kind: string, plural: string, schema: Schema): CoreKind {
  return { group: '', kind, plural, namespaced: true, version: 'v1', schema };
}

function addresses(type: string, format: string): Schema {
  return {
    properties: {
      addressType: { enum: [type] },
      endpoints: { items: { properties: { addresses: { items: { format } } } } },
    },
  };
}
