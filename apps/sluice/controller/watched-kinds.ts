/**
 * What the controller watches: kinds, in which versions, and what of their objects is kept.
 *
 * Kept is what the core reads. Everything else would be memory: field managers' records, the copy
 * of the manifest that `kubectl apply` leaves in an annotation, contents of ConfigMaps that are no
 * trust bundle, Secrets that can't hold a certificate.
 */
import type { KubeObject, Resource } from '@sluice/kube';
import { isRecord } from './json-comparison.ts';
import { GATEWAY_GROUP, type ServedKinds } from './served-kinds.ts';

export const OWN_LABEL = 'app.kubernetes.io/managed-by';
export const OWN_LABEL_VALUE = 'sluice-gateway-controller';

export interface WatchedKind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** The first one that is served is used. */
  readonly versions: readonly string[];
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Without it there is nothing to do at all. */
  readonly required?: boolean;
}

const gatewayKind = (kind: string, plural: string, versions: readonly string[]): WatchedKind => ({
  group: GATEWAY_GROUP,
  kind,
  plural,
  namespaced: kind !== 'GatewayClass',
  versions,
});

const builtIn = (group: string, kind: string, plural: string): WatchedKind => ({
  group,
  kind,
  plural,
  namespaced: true,
  versions: ['v1'],
});

/** Types that hold no certificate and may be many and large. */
const USELESS_SECRETS = [
  'helm.sh/release.v1',
  'kubernetes.io/service-account-token',
  'kubernetes.io/dockerconfigjson',
  'bootstrap.kubernetes.io/token',
];

const NOT_OWN = `${OWN_LABEL}!=${OWN_LABEL_VALUE}`;
const OWN = `${OWN_LABEL}=${OWN_LABEL_VALUE}`;

export const WATCHED_KINDS: readonly WatchedKind[] = [
  { ...gatewayKind('GatewayClass', 'gatewayclasses', ['v1']), required: true },
  { ...gatewayKind('Gateway', 'gateways', ['v1']), required: true },
  { ...gatewayKind('HTTPRoute', 'httproutes', ['v1']), required: true },
  gatewayKind('GRPCRoute', 'grpcroutes', ['v1']),
  gatewayKind('TLSRoute', 'tlsroutes', ['v1', 'v1alpha3', 'v1alpha2']),
  gatewayKind('TCPRoute', 'tcproutes', ['v1', 'v1alpha2']),
  gatewayKind('UDPRoute', 'udproutes', ['v1', 'v1alpha2']),
  gatewayKind('ListenerSet', 'listenersets', ['v1']),
  gatewayKind('BackendTLSPolicy', 'backendtlspolicies', ['v1', 'v1alpha3']),
  gatewayKind('ReferenceGrant', 'referencegrants', ['v1', 'v1beta1']),
  builtIn('', 'Service', 'services'),
  builtIn('discovery.k8s.io', 'EndpointSlice', 'endpointslices'),
  {
    ...builtIn('', 'Secret', 'secrets'),
    labelSelector: NOT_OWN,
    fieldSelector: USELESS_SECRETS.map((type) => `type!=${type}`).join(','),
  },
  { ...builtIn('', 'ConfigMap', 'configmaps'), labelSelector: NOT_OWN },
  { ...builtIn('', 'Namespace', 'namespaces'), namespaced: false },
  { ...builtIn('apps', 'Deployment', 'deployments'), labelSelector: OWN },
  { ...builtIn('', 'ServiceAccount', 'serviceaccounts'), labelSelector: OWN },
  { ...builtIn('rbac.authorization.k8s.io', 'Role', 'roles'), labelSelector: OWN },
  { ...builtIn('rbac.authorization.k8s.io', 'RoleBinding', 'rolebindings'), labelSelector: OWN },
];

/** The kind as this API server serves it; undefined: not at all. */
export function chooseResource(kind: WatchedKind, served: ServedKinds): Resource | undefined {
  const { group, plural, namespaced } = kind;
  for (const version of kind.versions) {
    if (served.isServed(group, kind.kind, version)) {
      return { group, version, plural, kind: kind.kind, namespaced };
    }
  }
  return undefined;
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Of a ConfigMap that holds more than parameters, only what may be a trust bundle is kept. */
const PARAMETERS_LENGTH_MAX = 16_384;
const TRUST_BUNDLE_KEY = 'ca.crt';

/** A frozen object with what is kept; the object itself when nothing is to be dropped. */
export function trimObject(object: KubeObject): KubeObject {
  const metadata = trimMetadata(object.metadata);
  if (object.kind === 'ConfigMap') return trimConfigMap(object, metadata);
  return metadata === object.metadata ? object : Object.freeze({ ...object, metadata });
}

function trimConfigMap(object: KubeObject, metadata: KubeObject['metadata']): KubeObject {
  const { binaryData, ...rest } = object;
  const data = trimData(object['data']);
  const isKept = binaryData === undefined && data === object['data'];
  if (isKept && metadata === object.metadata) return object;
  return Object.freeze({ ...rest, metadata, data } as KubeObject);
}

function trimMetadata(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const { annotations } = metadata;
  const hasCopy = annotations !== undefined && Object.hasOwn(annotations, LAST_APPLIED);
  if (!hasCopy && !('managedFields' in metadata)) return metadata;
  const rest = without(metadata, 'managedFields');
  if (!hasCopy) return Object.freeze(rest);
  return Object.freeze({ ...rest, annotations: Object.freeze(without(annotations, LAST_APPLIED)) });
}

function without<Value extends object>(value: Value, key: string): Value {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) as Value;
}

function trimData(data: unknown): unknown {
  if (!isRecord(data) || JSON.stringify(data).length <= PARAMETERS_LENGTH_MAX) return data;
  const bundle = data[TRUST_BUNDLE_KEY];
  return Object.freeze(bundle === undefined ? {} : { [TRUST_BUNDLE_KEY]: bundle });
}
