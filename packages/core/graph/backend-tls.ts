/**
 * BackendTLSPolicy (GEP-1897, GEP-3155): what a policy asks of TLS to its Services, whether it can
 * be honoured, and which policy wins where several name the same port.
 *
 * Fails closed: where the policy of a port can't be honoured, the port is not dialled at all.
 */
import type { SubjectAltNameConfig, UpstreamTlsConfig } from '@sluice/model';
import type { BackendTLSPolicy, ConfigMap } from '@sluice/spec';
import { SPEC } from '../marks.ts';
import { createMemo } from '../memo.ts';
import { compareAge, keyOf, namespaceOf } from '../objects.ts';
import { CONDITION, POLICY_REASON } from '../reasons.ts';
import type { SecretFacts } from '../snapshot.ts';
import type { Problem } from './problem.ts';
import { anchorKindProblem, readAnchor, type TrustAnchor } from './trust-anchor.ts';

export interface PolicyNode {
  /** `namespace/name`. */
  readonly key: string;
  readonly policy: BackendTLSPolicy;
  /** Of the conditions Accepted and ResolvedRefs. */
  readonly problems: readonly Problem[];
  /** Absent: the policy can't be honoured. */
  readonly tls: UpstreamTlsConfig | undefined;
}

/** Where trust anchors are kept, by `namespace/name`. */
export interface AnchorSources {
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
  readonly secrets: ReadonlyMap<string, SecretFacts>;
}

/** Oldest first. A node is another one only when its policy or its trust anchors are. */
export function buildPolicies(
  policies: readonly BackendTLSPolicy[],
  sources: AnchorSources,
): readonly PolicyNode[] {
  const sorted = policies.toSorted(compareAge);
  const owners = new Map<string, string>();
  return sorted.map((policy) => {
    const rival = findRival(policy, owners);
    const anchors = anchorRefs(policy).map((ref) => findAnchor(policy, ref, sources));
    return policyMemo(policy, [rival, ...anchors], () => buildPolicy(policy, rival, anchors));
  });
}

const policyMemo = createMemo<BackendTLSPolicy, PolicyNode>();

/** The policy of a Service's port: one that names the port before one that does not, then age. */
export function choosePolicy(
  nodes: readonly PolicyNode[],
  service: string,
  portName: string | undefined,
): PolicyNode | undefined {
  const naming = (section: string | undefined) =>
    nodes.find(({ policy }) =>
      serviceTargets(policy).some(
        ({ name, sectionName }) => name === service && sectionName === section,
      ),
    );
  return (portName === undefined ? undefined : naming(portName)) ?? naming(undefined);
}

type PolicyTarget = BackendTLSPolicy['spec']['targetRefs'][number];
type AnchorRef = NonNullable<BackendTLSPolicy['spec']['validation']['caCertificateRefs']>[number];

export function serviceTargets(policy: BackendTLSPolicy): readonly PolicyTarget[] {
  return (policy.spec?.targetRefs ?? []).filter(
    ({ group, kind }) => group === '' && kind === 'Service',
  );
}

/**
 * The older policy (`namespace/name`) that has every target of this one; undefined: at least one
 * target is this policy's own. Each target goes to the first policy that asks.
 */
function findRival(policy: BackendTLSPolicy, owners: Map<string, string>): string | undefined {
  let rival: string | undefined;
  let owned = 0;
  for (const { name, sectionName } of serviceTargets(policy)) {
    const target = `${namespaceOf(policy)}/${name}/${sectionName ?? ''}`;
    const owner = owners.get(target);
    if (owner === undefined) {
      owners.set(target, keyOf(policy));
      owned += 1;
    } else if (owner !== keyOf(policy)) {
      rival ??= owner;
    }
  }
  return owned === 0 ? rival : undefined;
}

function anchorRefs(policy: BackendTLSPolicy): readonly AnchorRef[] {
  return policy.spec?.validation?.caCertificateRefs ?? [];
}

function findAnchor(
  policy: BackendTLSPolicy,
  ref: AnchorRef,
  sources: AnchorSources,
): TrustAnchor | undefined {
  const id = `${namespaceOf(policy)}/${ref.name}`;
  if (ref.group !== '') return undefined;
  if (ref.kind === 'ConfigMap') return sources.configMaps.get(id);
  return ref.kind === 'Secret' ? sources.secrets.get(id) : undefined;
}

function buildPolicy(
  policy: BackendTLSPolicy,
  rival: string | undefined,
  anchors: readonly (TrustAnchor | undefined)[],
): PolicyNode {
  const problems: Problem[] = [];
  if (rival !== undefined) problems.push(conflict(rival));
  const bundles: string[] = [];
  for (const [index, ref] of anchorRefs(policy).entries()) {
    const result = resolveAnchor(policy, ref, anchors[index]);
    if ('pem' in result) bundles.push(result.pem);
    else problems.push({ ...result, field: `${REFS_FIELD}[${index}]` });
  }
  const usesSystem = policy.spec.validation.wellKnownCACertificates === 'System';
  const hasAnchors = bundles.length > 0 || usesSystem;
  if (!hasAnchors) problems.push(NO_ANCHORS);
  const isHonoured = rival === undefined && hasAnchors;
  return {
    key: keyOf(policy),
    policy,
    problems,
    tls: isHonoured ? tlsOf(policy, bundles) : undefined,
  };
}

const REFS_FIELD = 'spec.validation.caCertificateRefs';

function tlsOf(policy: BackendTLSPolicy, bundles: readonly string[]): UpstreamTlsConfig {
  const { hostname, subjectAltNames } = policy.spec.validation;
  return {
    serverName: hostname.toLowerCase(),
    subjectAltNames: (subjectAltNames ?? []).map(subjectAltName),
    ...(bundles.length === 0 ? {} : { caCertificates: bundles }),
  };
}

type SubjectAltName = NonNullable<
  BackendTLSPolicy['spec']['validation']['subjectAltNames']
>[number];

function subjectAltName({ type, hostname, uri }: SubjectAltName): SubjectAltNameConfig {
  return type === 'URI'
    ? { kind: 'uri', value: uri ?? '' }
    : { kind: 'dns', value: (hostname ?? '').toLowerCase() };
}

function resolveAnchor(
  policy: BackendTLSPolicy,
  ref: AnchorRef,
  anchor: TrustAnchor | undefined,
): { readonly pem: string } | Omit<Problem, 'field'> {
  const kindProblem = anchorKindProblem(ref);
  if (kindProblem !== undefined) return unresolved(POLICY_REASON.invalidKind, kindProblem);
  const result = readAnchor(`${ref.kind} ${namespaceOf(policy)}/${ref.name}`, anchor);
  if ('pem' in result) return result;
  return unresolved(POLICY_REASON.invalidCaCertificateRef, result.problem);
}

function unresolved(reason: string, message: string): Omit<Problem, 'field'> {
  return { condition: CONDITION.resolvedRefs, reason, message, spec: SPEC.backendTlsPolicy };
}

function conflict(rival: string): Problem {
  return {
    condition: CONDITION.accepted,
    reason: POLICY_REASON.conflicted,
    message: `BackendTLSPolicy ${rival} is older and has the same targets: it is the one that holds.`,
    field: 'spec.targetRefs',
    spec: SPEC.backendTlsPolicy,
  };
}

const NO_ANCHORS: Problem = {
  condition: CONDITION.accepted,
  reason: POLICY_REASON.noValidCaCertificate,
  message:
    'None of caCertificateRefs can be used, so nothing can be trusted: requests to the targets are answered 500, never sent in plaintext.',
  field: REFS_FIELD,
  spec: SPEC.backendTlsPolicy,
};
