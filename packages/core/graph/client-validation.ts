/**
 * Frontend client certificates (GEP-91): `spec.tls.frontend` of a Gateway, per port or by default.
 *
 * Closed by default: where no trust anchor can be resolved, the listeners of that port are not
 * accepted, and nothing is served on them.
 */
import type { ClientValidationConfig } from '@sluice/model';
import type { Gateway } from '@sluice/spec';
import { SPEC } from '../marks.ts';
import {
  type CaCertificateRef,
  type FrontendValidation,
  GATEWAY_GROUP,
  namespaceOf,
} from '../objects.ts';
import { CONDITION, LISTENER_REASON } from '../reasons.ts';
import { isPermitted } from './grants.ts';
import type { Problem } from './problem.ts';
import { anchorKindProblem, readAnchor } from './trust-anchor.ts';
import type { World } from './world.ts';

export interface ClientValidation {
  /** Absent: clients need no certificate. */
  readonly config: ClientValidationConfig | undefined;
  readonly problems: readonly Problem[];
}

const NO_VALIDATION: ClientValidation = { config: undefined, problems: [] };

/** What the HTTPS listeners on `port` ask of clients, ListenerSets' listeners included. */
export function resolveClientValidation(
  world: World,
  gateway: Gateway,
  port: number,
): ClientValidation {
  const place = findValidation(gateway, port);
  if (place === undefined) return NO_VALIDATION;
  const refs = place.validation.caCertificateRefs ?? [];
  const bundles: string[] = [];
  const problems: Problem[] = [];
  for (const [index, ref] of refs.entries()) {
    const result = resolveBundle(world, namespaceOf(gateway), ref);
    if (result.kind === 'bundle') bundles.push(result.pem);
    else problems.push(caProblem(result, `${place.field}.caCertificateRefs[${index}]`));
  }
  if (bundles.length === 0) problems.push(noAnchors(place.field));
  const insecure = place.validation.mode === 'AllowInsecureFallback';
  const mode = insecure ? 'allow-insecure-fallback' : 'allow-valid-only';
  return { config: { caCertificates: bundles, mode }, problems };
}

/** True when some port of the Gateway lets clients in whose certificate is missing or wrong. */
export function allowsInsecureFallback(gateway: Gateway): boolean {
  const frontend = gateway.spec.tls?.frontend;
  const all = [frontend?.default, ...(frontend?.perPort ?? []).map((entry) => entry.tls)];
  return all.some((tls) => tls?.validation?.mode === 'AllowInsecureFallback');
}

interface ValidationPlace {
  readonly validation: FrontendValidation;
  readonly field: string;
}

function findValidation(gateway: Gateway, port: number): ValidationPlace | undefined {
  const frontend = gateway.spec.tls?.frontend;
  const index = (frontend?.perPort ?? []).findIndex((entry) => entry.port === port);
  const override = frontend?.perPort?.[index];
  if (override !== undefined) {
    const validation = override.tls?.validation;
    const field = `spec.tls.frontend.perPort[${index}].tls.validation`;
    return validation === undefined ? undefined : { validation, field };
  }
  const validation = frontend?.default?.validation;
  return validation === undefined
    ? undefined
    : { validation, field: 'spec.tls.frontend.default.validation' };
}

type BundleResult = { readonly kind: 'bundle'; readonly pem: string } | RefusedBundle;

interface RefusedBundle {
  readonly kind: 'refused';
  readonly reason: 'invalidCaCertificateRef' | 'invalidCaCertificateKind' | 'refNotPermitted';
  readonly message: string;
}

function resolveBundle(world: World, from: string, ref: CaCertificateRef): BundleResult {
  const namespace = ref.namespace ?? from;
  const id = `${namespace}/${ref.name}`;
  const kindProblem = anchorKindProblem(ref);
  if (kindProblem !== undefined) {
    return { kind: 'refused', reason: 'invalidCaCertificateKind', message: kindProblem };
  }
  const source = { group: GATEWAY_GROUP, kind: 'Gateway', namespace: from };
  const target = { group: '', kind: ref.kind, namespace, name: ref.name };
  if (!isPermitted(world.grants, source, target)) {
    const message = `No ReferenceGrant in namespace ${namespace} lets Gateways of ${from} refer to ${ref.kind} ${ref.name}: create one there.`;
    return { kind: 'refused', reason: 'refNotPermitted', message };
  }
  const found = ref.kind === 'ConfigMap' ? world.configMaps.get(id) : world.secrets.get(id);
  const anchor = readAnchor(`${ref.kind} ${id}`, found);
  if ('pem' in anchor) return { kind: 'bundle', pem: anchor.pem };
  return { kind: 'refused', reason: 'invalidCaCertificateRef', message: anchor.problem };
}

function caProblem(refused: RefusedBundle, field: string): Problem {
  return {
    condition: CONDITION.resolvedRefs,
    reason: LISTENER_REASON[refused.reason],
    message: refused.message,
    field,
    spec: SPEC.clientValidation,
  };
}

function noAnchors(field: string): Problem {
  return {
    condition: CONDITION.accepted,
    reason: LISTENER_REASON.noValidCaCertificate,
    message:
      'Clients must show certificates, but none of caCertificateRefs can be used to check them.',
    field: `${field}.caCertificateRefs`,
    spec: SPEC.clientValidation,
  };
}
