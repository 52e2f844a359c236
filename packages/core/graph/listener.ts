/**
 * One listener of a Gateway or ListenerSet: what it serves, with which certificates, and why not.
 *
 * A listener is judged by itself here; conflicts between listeners come after (`conflicts.ts`).
 */
import type { CertificateRef, ClientValidationConfig } from '@sluice/model';
import type { ObjectRef } from '@sluice/sansio';
import type { Finding } from '../finding.ts';
import { SPEC } from '../marks.ts';
import { type AnyListener, GATEWAY_GROUP } from '../objects.ts';
import { CONDITION, LISTENER_REASON } from '../reasons.ts';
import { isServedProtocol, routeKindsOf } from '../served.ts';
import { resolveCertificates } from './certificate.ts';
import type { ListenerSource } from './listener-source.ts';
import type { Problem } from './problem.ts';
import type { World } from './world.ts';

export interface RouteKind {
  readonly group: string;
  readonly kind: string;
}

export interface ListenerNode {
  /** The Gateway or ListenerSet that declares it. */
  readonly owner: ObjectRef;
  readonly spec: AnyListener;
  /** Path in its owner: `spec.listeners[0]`. */
  readonly field: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** Lower case; absent: every host. */
  readonly hostname: string | undefined;
  readonly supportedKinds: readonly RouteKind[];
  readonly problems: readonly Problem[];
  /** Problems that close no condition: expiring certificates and their like. */
  readonly notices: readonly Finding[];
  readonly certificates: readonly CertificateRef[];
  /** When a certificate begins or ceases to be valid next; infinite: never. */
  readonly changesAt: number;
  readonly clientValidation: ClientValidationConfig | undefined;
}

export function buildListener(world: World, source: ListenerSource): ListenerNode {
  const { owner, spec, field } = source;
  const kinds = resolveKinds(spec, field);
  const tls = spec.protocol === 'HTTPS' ? resolveTls(world, source) : NO_TLS;
  const problems = [
    ...protocolProblems(spec, field),
    ...filterProblems(spec, field),
    ...kinds.problems,
    ...tls.problems,
  ];
  return {
    owner,
    spec,
    field,
    name: spec.name,
    port: spec.port,
    protocol: spec.protocol,
    hostname:
      spec.hostname === undefined || spec.hostname === '' ? undefined : spec.hostname.toLowerCase(),
    supportedKinds: kinds.supported,
    problems,
    notices: tls.notices,
    certificates: tls.certificates,
    changesAt: tls.changesAt,
    clientValidation: tls.clientValidation,
  };
}

/** True when the listener's own condition of this type is `True`. */
export function holds(listener: ListenerNode, condition: string): boolean {
  return !listener.problems.some((problem) => problem.condition === condition);
}

/** True when traffic can reach the listener: it is accepted, alone on its place, and has TLS. */
export function isServing(listener: ListenerNode): boolean {
  if (!holds(listener, CONDITION.accepted) || !holds(listener, CONDITION.conflicted)) return false;
  return listener.protocol !== 'HTTPS' || listener.certificates.length > 0;
}

interface ListenerTls {
  readonly certificates: readonly CertificateRef[];
  readonly changesAt: number;
  readonly clientValidation: ClientValidationConfig | undefined;
  readonly problems: readonly Problem[];
  readonly notices: readonly Finding[];
}

const NO_TLS: ListenerTls = {
  certificates: [],
  changesAt: Number.POSITIVE_INFINITY,
  clientValidation: undefined,
  problems: [],
  notices: [],
};

function resolveTls(world: World, source: ListenerSource): ListenerTls {
  if (source.spec.tls?.mode === 'Passthrough') {
    const message = 'An HTTPS listener terminates TLS: set tls.mode to Terminate.';
    return { ...NO_TLS, problems: [acceptedProblem(message, `${source.field}.tls.mode`)] };
  }
  const certificates = resolveCertificates(world, source);
  const validation = source.clientValidation;
  return {
    certificates: certificates.certificates,
    changesAt: certificates.changesAt,
    clientValidation: validation.config,
    problems: [...certificates.problems, ...validation.problems],
    notices: certificates.notices,
  };
}

function protocolProblems(spec: AnyListener, field: string): readonly Problem[] {
  if (isServedProtocol(spec.protocol)) return [];
  return [
    {
      condition: CONDITION.accepted,
      reason: LISTENER_REASON.unsupportedProtocol,
      message: `Protocol ${spec.protocol} is not served by this version; use HTTP or HTTPS.`,
      field: `${field}.protocol`,
      spec: SPEC.listenerProtocol,
    },
  ];
}

/** Filters that would be skipped might be what keeps strangers out: refuse the listener. */
function filterProblems(spec: AnyListener, field: string): readonly Problem[] {
  const filters: { readonly requests?: readonly unknown[] } | undefined =
    'filters' in spec ? spec.filters : undefined;
  if (filters === undefined || (filters.requests ?? []).length === 0) return [];
  const message = 'Listener filters are not supported yet: filters.requests[0] cannot be run.';
  const problem = acceptedProblem(message, `${field}.filters.requests[0]`);
  return [{ ...problem, spec: SPEC.listenerFilters }];
}

function acceptedProblem(message: string, field: string): Problem {
  return {
    condition: CONDITION.accepted,
    reason: LISTENER_REASON.unsupportedValue,
    message,
    field,
    spec: SPEC.listenerProtocol,
  };
}

interface ResolvedKinds {
  readonly supported: readonly RouteKind[];
  readonly problems: readonly Problem[];
}

function resolveKinds(spec: AnyListener, field: string): ResolvedKinds {
  const served = routeKindsOf(spec.protocol);
  const wanted = spec.allowedRoutes?.kinds ?? [];
  if (wanted.length === 0) {
    return { supported: served.map((kind) => ({ group: GATEWAY_GROUP, kind })), problems: [] };
  }
  const carried = served.join(', ') || 'no routes yet';
  const supported: RouteKind[] = [];
  const problems: Problem[] = [];
  for (const [index, entry] of wanted.entries()) {
    const group = entry.group ?? GATEWAY_GROUP;
    if (group === GATEWAY_GROUP && served.includes(entry.kind)) {
      if (!supported.some((known) => known.kind === entry.kind)) {
        supported.push({ group, kind: entry.kind });
      }
      continue;
    }
    problems.push({
      condition: CONDITION.resolvedRefs,
      reason: LISTENER_REASON.invalidRouteKinds,
      message: `${spec.protocol} listeners carry ${carried}, not ${group}/${entry.kind}.`,
      field: `${field}.allowedRoutes.kinds[${index}]`,
      spec: SPEC.routeKinds,
    });
  }
  return { supported, problems };
}
