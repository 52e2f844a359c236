/**
 * Service port + EndpointSlices → BackendConfig.
 *
 * Always the slices' addresses, never a ClusterIP: headless Services, Services without selector and
 * Services with several slices are all the same here.
 */
import type { BackendConfig, CertificateRef, EndpointConfig } from '@sluice/model';
import type { EndpointSlice } from '@sluice/spec';
import type { Finding } from '../finding.ts';
import { refusedAddress } from '../graph/address.ts';
import type { BackendTarget } from '../graph/backend.ts';
import type { World } from '../graph/world.ts';
import { SPEC } from '../marks.ts';
import { createMemo } from '../memo.ts';
import { compareText, type Endpoint, nameOf, namespaceOf, refOf } from '../objects.ts';
import { NOTICE_REASON } from '../reasons.ts';
import { type ContentHash, hashValue } from '../version.ts';

export interface LoweredBackend {
  readonly config: BackendConfig;
  readonly hash: ContentHash;
  readonly findings: readonly Finding[];
}

export function lowerBackend(world: World, target: BackendTarget): LoweredBackend {
  const slices = world.services.slices.get(target.node.key);
  const loopback = world.settings.allowLoopbackEndpoints;
  return backendMemo(target, [slices, loopback], () => build(target, slices ?? [], loopback));
}

/** What a Gateway shows of itself to the backends that it dials over TLS. */
export function identifyTo(backend: LoweredBackend, certificate: CertificateRef): LoweredBackend {
  const { tls } = backend.config;
  if (tls === undefined) return backend;
  const { id, fingerprint } = certificate;
  return identityMemo(backend, [id, fingerprint], () => {
    const config = { ...backend.config, tls: { ...tls, clientCertificate: certificate } };
    return { ...backend, config, hash: hashValue(config) };
  });
}

const identityMemo = createMemo<LoweredBackend, LoweredBackend>();

const backendMemo = createMemo<BackendTarget, LoweredBackend>();

function build(
  target: BackendTarget,
  slices: readonly EndpointSlice[],
  allowLoopback: boolean,
): LoweredBackend {
  const findings: Finding[] = [];
  const candidates = slices.flatMap((slice) => collect(target, slice, { allowLoopback, findings }));
  const ready = candidates.filter((candidate) => candidate.ready);
  // Endpoints that shut down but still serve are better than none (KEP-1672).
  const chosen = ready.length > 0 ? ready : candidates.filter((candidate) => candidate.draining);
  const endpoints = distinctEndpoints(chosen.map((candidate) => candidate.endpoint));
  if (endpoints.length === 0) findings.push(noEndpoints(target, slices.length));
  const { service } = target.node;
  const config: BackendConfig = {
    id: target.id,
    object: { kind: 'Service', namespace: namespaceOf(service), name: nameOf(service) },
    port: target.servicePort.port,
    protocol: target.protocol,
    ...(target.tls === undefined ? {} : { tls: target.tls }),
    endpoints,
  };
  return { config, hash: hashValue(config), findings };
}

interface Candidate {
  readonly endpoint: EndpointConfig;
  readonly ready: boolean;
  readonly draining: boolean;
}

interface Collection {
  readonly allowLoopback: boolean;
  readonly findings: Finding[];
}

function collect(
  target: BackendTarget,
  slice: EndpointSlice,
  collection: Collection,
): readonly Candidate[] {
  const port = portIn(target, slice);
  if (port === undefined || (slice.addressType !== 'IPv4' && slice.addressType !== 'IPv6'))
    return [];
  const candidates: Candidate[] = [];
  for (const [index, endpoint] of (slice.endpoints ?? []).entries()) {
    const address = endpoint.addresses?.[0];
    if (address === undefined) continue;
    const why = refusedAddress(address, collection.allowLoopback);
    if (why === undefined) candidates.push(candidateOf(endpoint, address, port));
    else collection.findings.push(unsafeEndpoint(slice, index, why));
  }
  return candidates;
}

/** The slice names its ports as the Service does; its numbers are the Pods' own. */
function portIn(target: BackendTarget, slice: EndpointSlice): number | undefined {
  const name = target.servicePort.name ?? '';
  const found = (slice.ports ?? []).find(
    (port) => (port.name ?? '') === name && (port.protocol ?? 'TCP') === 'TCP',
  );
  return found?.port ?? undefined;
}

function candidateOf(endpoint: Endpoint, address: string, port: number): Candidate {
  const conditions = endpoint.conditions ?? {};
  const target = endpoint.targetRef?.kind === 'Pod' ? endpoint.targetRef.name : undefined;
  return {
    endpoint: { address, port, ...(target === undefined ? {} : { target }) },
    // Absent: ready and serving, not terminating (EndpointConditions).
    ready: conditions.ready ?? true,
    draining: (conditions.serving ?? true) && (conditions.terminating ?? false),
  };
}

function distinctEndpoints(endpoints: readonly EndpointConfig[]): readonly EndpointConfig[] {
  const byAddress = new Map<string, EndpointConfig>();
  for (const endpoint of endpoints) byAddress.set(`${endpoint.address} ${endpoint.port}`, endpoint);
  return [...byAddress.values()].sort(
    (one, other) => compareText(one.address, other.address) || one.port - other.port,
  );
}

function noEndpoints(target: BackendTarget, sliceCount: number): Finding {
  const { node, servicePort } = target;
  const why =
    sliceCount === 0 ? 'it has no EndpointSlices' : 'none of its endpoints is ready on that port';
  return {
    subject: refOf('Service', node.service, ''),
    severity: 'warning',
    reason: NOTICE_REASON.noEndpoints,
    message: `Requests to port ${servicePort.port} of Service ${node.key} are answered 503: ${why}.`,
    spec: SPEC.endpoints,
  };
}

function unsafeEndpoint(slice: EndpointSlice, index: number, why: string): Finding {
  return {
    subject: refOf('EndpointSlice', slice, 'discovery.k8s.io'),
    field: `endpoints[${index}].addresses[0]`,
    severity: 'error',
    reason: NOTICE_REASON.unsafeEndpoint,
    message: `The endpoint is not dialled: ${why}.`,
    spec: SPEC.endpoints,
  };
}
