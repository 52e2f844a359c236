/**
 * Certificate references: may this object refer there, does it exist, can it serve?
 *
 * The grant is checked before existence, so that nobody can probe another namespace for names.
 */
import type { CertificateRef } from '@sluice/model';
import { coversHostname } from '@sluice/model';
import type { ObjectRef } from '@sluice/sansio';
import type { Finding } from '../finding.ts';
import { SPEC } from '../marks.ts';
import type { CertificateObjectRef } from '../objects.ts';
import { CONDITION, LISTENER_REASON, NOTICE_REASON } from '../reasons.ts';
import type { CertificateFacts } from '../snapshot.ts';
import { isPermitted } from './grants.ts';
import type { ListenerSource } from './listener-source.ts';
import type { Problem } from './problem.ts';
import type { World } from './world.ts';

export interface ResolvedCertificates {
  readonly certificates: readonly CertificateRef[];
  readonly problems: readonly Problem[];
  readonly notices: readonly Finding[];
  /** When a certificate begins or ceases to be valid next; milliseconds since the epoch. */
  readonly changesAt: number;
}

export function resolveCertificates(world: World, source: ListenerSource): ResolvedCertificates {
  const refs = source.spec.tls?.certificateRefs ?? [];
  const field = `${source.field}.tls.certificateRefs`;
  const certificates: CertificateRef[] = [];
  const problems: Problem[] = [];
  const notices: Finding[] = [];
  let changesAt = Number.POSITIVE_INFINITY;
  if (refs.length === 0) {
    problems.push(certificateProblem('An HTTPS listener needs tls.certificateRefs.', field));
  }
  for (const [index, ref] of refs.entries()) {
    const result = resolveCertificate(world, source.owner, ref);
    if (result.kind === 'refused') {
      const problem = certificateProblem(result.message, `${field}[${index}]`);
      problems.push({ ...problem, reason: LISTENER_REASON[result.reason] });
      continue;
    }
    certificates.push({ id: result.id, fingerprint: result.facts.fingerprint });
    changesAt = Math.min(changesAt, nextChange(result.facts, world.snapshot.now));
    notices.push(...certificateNotices(world, source, `${field}[${index}]`, result));
  }
  return { certificates, problems, notices, changesAt };
}

function nextChange(facts: CertificateFacts, now: number): number {
  if (facts.notBefore > now) return facts.notBefore;
  // Valid to the last millisecond of `notAfter`.
  return facts.notAfter >= now ? facts.notAfter + 1 : Number.POSITIVE_INFINITY;
}

export type CertificateResult =
  | { readonly kind: 'usable'; readonly id: string; readonly facts: CertificateFacts }
  | {
      readonly kind: 'refused';
      readonly reason: 'refNotPermitted' | 'invalidCertificateRef';
      readonly message: string;
    };

/** Resolves one reference to a Secret of type kubernetes.io/tls on behalf of `owner`. */
export function resolveCertificate(
  world: World,
  owner: ObjectRef,
  ref: CertificateObjectRef,
): CertificateResult {
  const group = ref.group ?? '';
  const kind = ref.kind ?? 'Secret';
  const from = owner.namespace ?? '';
  const namespace = ref.namespace ?? from;
  const id = `${namespace}/${ref.name}`;
  if (group !== '' || kind !== 'Secret') {
    return invalid(
      `${group === '' ? kind : `${group}/${kind}`} is not a kind of certificate; use a Secret.`,
    );
  }
  const target = { group, kind, namespace, name: ref.name };
  if (
    !isPermitted(world.grants, { group: owner.group, kind: owner.kind, namespace: from }, target)
  ) {
    return {
      kind: 'refused',
      reason: 'refNotPermitted',
      message: `No ReferenceGrant in namespace ${namespace} lets ${owner.kind}s of ${from} refer to Secret ${ref.name}: create one there.`,
    };
  }
  const secret = world.secrets.get(id);
  if (secret === undefined)
    return invalid(
      `Secret ${id} does not exist: create it (type kubernetes.io/tls) or correct the name.`,
    );
  if (secret.certificate !== undefined) return { kind: 'usable', id, facts: secret.certificate };
  return invalid(
    `Secret ${id} is not usable: ${secret.problem ?? `its type is ${secret.type}, not kubernetes.io/tls`}.`,
  );
}

function invalid(message: string): CertificateResult {
  return { kind: 'refused', reason: 'invalidCertificateRef', message };
}

function certificateProblem(message: string, field: string): Problem {
  return {
    condition: CONDITION.resolvedRefs,
    reason: LISTENER_REASON.invalidCertificateRef,
    message,
    field,
    spec: SPEC.certificateRefs,
  };
}

function certificateNotices(
  world: World,
  source: ListenerSource,
  field: string,
  result: Extract<CertificateResult, { kind: 'usable' }>,
): readonly Finding[] {
  const { facts, id } = result;
  const now = world.snapshot.now;
  const warn = (reason: string, message: string): Finding => ({
    subject: source.owner,
    field,
    severity: 'warning',
    reason,
    message,
    spec: SPEC.certificateExpiry,
  });
  const notices: Finding[] = [];
  if (facts.notAfter < now) {
    const at = new Date(facts.notAfter).toISOString();
    const message = `The certificate in Secret ${id} expired at ${at}; clients will refuse it. Renew it.`;
    notices.push(warn(NOTICE_REASON.certificateExpired, message));
  } else if (facts.notBefore > now) {
    const at = new Date(facts.notBefore).toISOString();
    const message = `The certificate in Secret ${id} is not valid before ${at}.`;
    notices.push(warn(NOTICE_REASON.certificateNotYetValid, message));
  }
  const hostname = source.spec.hostname?.toLowerCase();
  if (hostname !== undefined && hostname !== '' && !coversAny(facts.dnsNames, hostname)) {
    const message = `The certificate in Secret ${id} names ${facts.dnsNames.join(', ') || 'no host'}, not ${hostname}.`;
    notices.push(warn(NOTICE_REASON.certificateHostnameMismatch, message));
  }
  return notices;
}

/** RFC 6125: a certificate's wildcard stands for one label, but a listener's for several. */
function coversAny(names: readonly string[], hostname: string): boolean {
  return names.some(
    (name) => name === hostname || coversHostname(name, hostname) || coversHostname(hostname, name),
  );
}
