/**
 * A Gateway of ours with everything that hangs on it but its routes.
 *
 * Order of judgement: the Gateway by itself, its listeners, then the ListenerSets that it lets in,
 * then conflicts among all of them.
 */

import type { CertificateRef } from '@sluice/model';
import type { ObjectRef } from '@sluice/sansio';
import type { Gateway, ListenerSet } from '@sluice/spec';
import { SPEC } from '../marks.ts';
import { keyOf, refOf } from '../objects.ts';
import { foreignProblems } from '../provision/ownership.ts';
import { type Parameters, resolveParameters } from '../provision/parameters.ts';
import { CONDITION, GATEWAY_REASON } from '../reasons.ts';
import { type AddressAssignment, assignAddresses } from './address-assignment.ts';
import { resolveCertificate } from './certificate.ts';
import { resolveClientValidation } from './client-validation.ts';
import { resolveConflicts } from './conflicts.ts';
import { buildListener, holds, type ListenerNode } from './listener.ts';
import { buildListenerSet, type ListenerSetNode } from './listener-set.ts';
import type { Problem } from './problem.ts';
import type { World } from './world.ts';

export interface GatewayNode {
  /** `namespace/name`. */
  readonly key: string;
  readonly ref: ObjectRef;
  readonly gateway: Gateway;
  /** Its own listeners, in the order of the spec. */
  readonly listeners: readonly ListenerNode[];
  /** Every ListenerSet that names it, in order of precedence. */
  readonly listenerSets: readonly ListenerSetNode[];
  readonly addresses: AddressAssignment;
  readonly parameters: Parameters;
  /** What it shows to backends that ask for a certificate (GEP-3155). */
  readonly clientCertificate: CertificateRef | undefined;
  /** Of the Gateway itself, not of its listeners. */
  readonly problems: readonly Problem[];
  readonly accepted: boolean;
}

/** `listenerSets`: those whose parentRef names this Gateway, in any order. */
export function buildGateway(
  world: World,
  gateway: Gateway,
  listenerSets: readonly ListenerSet[],
): GatewayNode {
  const ref = refOf('Gateway', gateway);
  const addresses = assignAddresses(world, gateway);
  const { parameters, problems: parametersProblems } = resolveParameters(world, gateway);
  const alone = (gateway.spec.listeners ?? []).map((spec, index) =>
    buildListener(world, {
      owner: ref,
      spec,
      field: `spec.listeners[${index}]`,
      clientValidation: resolveClientValidation(world, gateway, spec.port),
    }),
  );
  const client = resolveIdentity(world, gateway, ref);
  const own = [
    ...foreignProblems(world, gateway),
    ...addresses.problems,
    ...parametersProblems,
    ...client.problems,
  ];
  const sound = !own.some((problem) => problem.condition === CONDITION.accepted);
  const [distinct = []] = resolveConflicts([alone]);
  const accepted = sound && distinct.some((listener) => holds(listener, CONDITION.accepted));
  const sets = listenerSets.map((set) => buildListenerSet(world, { gateway, accepted, set }));
  const merged = mergeListeners(alone, sets);
  return {
    key: keyOf(gateway),
    ref,
    gateway,
    listeners: merged.listeners,
    listenerSets: merged.listenerSets,
    addresses,
    parameters,
    clientCertificate: client.certificate,
    problems: own,
    accepted,
  };
}

interface MergedListeners {
  readonly listeners: readonly ListenerNode[];
  readonly listenerSets: readonly ListenerSetNode[];
}

function mergeListeners(
  own: readonly ListenerNode[],
  sets: readonly ListenerSetNode[],
): MergedListeners {
  const admitted = sets.filter((set) => set.refusal === undefined);
  const [listeners = [], ...others] = resolveConflicts([
    own,
    ...admitted.map((set) => set.listeners),
  ]);
  const merged = new Map(admitted.map((set, index) => [set, others[index] ?? []]));
  const listenerSets = sets.map((set) => {
    const distinct = merged.get(set);
    return distinct === undefined ? set : { ...set, listeners: distinct };
  });
  return { listeners, listenerSets };
}

interface Identity {
  readonly certificate: CertificateRef | undefined;
  readonly problems: readonly Problem[];
}

const NO_IDENTITY: Identity = { certificate: undefined, problems: [] };

function resolveIdentity(world: World, gateway: Gateway, owner: ObjectRef): Identity {
  const ref = gateway.spec.tls?.backend?.clientCertificateRef;
  if (ref === undefined) return NO_IDENTITY;
  const result = resolveCertificate(world, owner, ref);
  if (result.kind === 'usable') {
    const { id, facts } = result;
    return { certificate: { id, fingerprint: facts.fingerprint }, problems: [] };
  }
  const permitted = result.reason !== 'refNotPermitted';
  const problem = {
    condition: CONDITION.resolvedRefs,
    reason: permitted ? GATEWAY_REASON.invalidClientCertificateRef : GATEWAY_REASON.refNotPermitted,
    message: result.message,
    field: 'spec.tls.backend.clientCertificateRef',
    spec: SPEC.clientCertificateRef,
  };
  return { certificate: undefined, problems: [problem] };
}
