/**
 * A backendRef: which Service port it means, and whether a route may send requests there.
 *
 * The grant is checked before existence: nobody can probe another namespace for names.
 */
import type { UpstreamProtocol, UpstreamTlsConfig } from '@sluice/model';
import { SPEC, type SpecMark } from '../marks.ts';
import { createMemo } from '../memo.ts';
import { type BackendObjectRef, GATEWAY_GROUP, type ServicePort } from '../objects.ts';
import { ROUTE_REASON } from '../reasons.ts';
import { choosePolicy } from './backend-tls.ts';
import { isPermitted } from './grants.ts';
import type { ServiceNode } from './service.ts';
import type { World } from './world.ts';

export interface BackendTarget {
  /** `Service/namespace/name:port`. */
  readonly id: string;
  readonly node: ServiceNode;
  readonly servicePort: ServicePort;
  readonly protocol: UpstreamProtocol;
  /** Absent: plaintext. */
  readonly tls: UpstreamTlsConfig | undefined;
}

export type BackendResult = Refusal | { readonly kind: 'target'; readonly target: BackendTarget };

interface Refusal {
  readonly kind: 'refused';
  readonly reason: string;
  readonly message: string;
  readonly spec: SpecMark;
}

export interface BackendSource {
  readonly routeKind: string;
  readonly namespace: string;
  readonly ref: BackendObjectRef;
}

export function resolveBackend(world: World, source: BackendSource): BackendResult {
  const found = findService(world, source);
  return found.kind === 'refused' ? found : resolvePort(found.node, source.ref.port);
}

/** The Service that a reference may lead to, whatever its port. */
export function findService(
  world: World,
  source: BackendSource,
): Refusal | { readonly kind: 'service'; readonly node: ServiceNode } {
  const { ref } = source;
  const group = ref.group ?? '';
  const kind = ref.kind ?? 'Service';
  const namespace = ref.namespace ?? source.namespace;
  const key = `${namespace}/${ref.name}`;
  const from = { group: GATEWAY_GROUP, kind: source.routeKind, namespace: source.namespace };
  if (group !== '' || kind !== 'Service') {
    const named = group === '' ? kind : `${group}/${kind}`;
    return refuse(ROUTE_REASON.invalidKind, `${named} is not a kind of backend: use a Service.`);
  }
  if (!isPermitted(world.grants, from, { group, kind, namespace, name: ref.name })) {
    const message = `No ReferenceGrant in namespace ${namespace} lets ${source.routeKind}s of ${source.namespace} refer to Service ${ref.name}: create one there.`;
    return refuse(ROUTE_REASON.refNotPermitted, message, SPEC.referenceGrant);
  }
  const node = world.services.nodes.get(key);
  if (node === undefined) {
    return refuse(
      ROUTE_REASON.backendNotFound,
      `Service ${key} does not exist: create it or correct the name.`,
    );
  }
  return { kind: 'service', node };
}

function resolvePort(node: ServiceNode, port: number | undefined): BackendResult {
  const { key, service } = node;
  if (service.spec?.type === 'ExternalName') {
    const message = `Service ${key} is of type ExternalName, which may lead anywhere and is not forwarded to: use a Service with endpoints.`;
    return refuse(ROUTE_REASON.invalidKind, message, SPEC.serviceTypes);
  }
  if (port === undefined) {
    return refuse(ROUTE_REASON.backendNotFound, `The reference to Service ${key} needs a port.`);
  }
  const servicePort = (service.spec?.ports ?? []).find(
    (entry) => entry.port === port && (entry.protocol ?? 'TCP') === 'TCP',
  );
  if (servicePort === undefined) {
    const ports = (service.spec?.ports ?? []).map((entry) => entry.port).join(', ') || 'none';
    const message = `Service ${key} has no TCP port ${port}: use one of its ports (${ports}).`;
    return refuse(ROUTE_REASON.backendNotFound, message);
  }
  return judgePort(node, servicePort);
}

function judgePort(node: ServiceNode, servicePort: ServicePort): BackendResult {
  const { key } = node;
  const name = node.service.metadata.name ?? '';
  const policy = choosePolicy(node.policies, name, servicePort.name);
  const protocol = upstreamProtocol(servicePort.appProtocol, policy !== undefined);
  if (protocol === undefined) {
    const message = `Port ${servicePort.port} of Service ${key} has appProtocol ${servicePort.appProtocol}, which HTTP routes can't speak: use http, kubernetes.io/h2c or kubernetes.io/ws; https and kubernetes.io/wss need a BackendTLSPolicy.`;
    return refuse(ROUTE_REASON.unsupportedProtocol, message);
  }
  if (policy !== undefined && policy.tls === undefined) {
    const message = `BackendTLSPolicy ${policy.key} asks for TLS to Service ${key} and can't be honoured: see its status. It is not dialled in plaintext.`;
    return refuse(ROUTE_REASON.invalidTlsPolicy, message, SPEC.backendTlsPolicy);
  }
  if (node.unsafe !== undefined) {
    const message = `No endpoint of Service ${key} may be dialled: ${node.unsafe}.`;
    return refuse(ROUTE_REASON.unsafeEndpoints, message, SPEC.endpoints);
  }
  return { kind: 'target', target: targetOf(node, servicePort, { protocol, tls: policy?.tls }) };
}

/** One target for each port of a node, however often it is asked for. */
function targetOf(
  node: ServiceNode,
  servicePort: ServicePort,
  transport: Pick<BackendTarget, 'protocol' | 'tls'>,
): BackendTarget {
  const targets = targetsMemo(node, [], () => new Map<number, BackendTarget>());
  const known = targets.get(servicePort.port);
  if (known !== undefined) return known;
  const id = `Service/${node.key}:${servicePort.port}`;
  const target = { id, node, servicePort, ...transport };
  targets.set(servicePort.port, target);
  return target;
}

const targetsMemo = createMemo<ServiceNode, Map<number, BackendTarget>>();

/** KEP-3726 and the names in wide use for the same protocols; undefined: not for HTTP routes. */
function upstreamProtocol(
  appProtocol: string | undefined,
  overTls: boolean,
): UpstreamProtocol | undefined {
  switch (appProtocol?.toLowerCase()) {
    case undefined:
    case '':
    case 'http':
      return 'http1';
    case 'kubernetes.io/ws':
      return 'websocket';
    case 'kubernetes.io/h2c':
      return 'h2c';
    case 'https':
      return overTls ? 'http1' : undefined;
    case 'kubernetes.io/wss':
      return overTls ? 'websocket' : undefined;
    default:
      return undefined;
  }
}

function refuse(reason: string, message: string, spec: SpecMark = SPEC.backendRefs): Refusal {
  return { kind: 'refused', reason, message, spec };
}
