/**
 * Which objects of the cluster are a Gateway's own: those whose owner reference names it by its
 * uid. What somebody else made is never written or deleted, whatever its name.
 */
import type { Gateway } from '@sluice/spec';
import type { Problem } from '../graph/problem.ts';
import type { World } from '../graph/world.ts';
import { SPEC } from '../marks.ts';
import { type ApiObject, keyOf, nameOf, namespaceOf } from '../objects.ts';
import { CONDITION, GATEWAY_REASON } from '../reasons.ts';
import type { OwnableObject } from '../snapshot.ts';
import { ownedName, writerName } from './owned-name.ts';

export interface OwnedIdentity {
  readonly kind: string;
  readonly name: string;
}

/** What a Gateway owns beside ConfigMaps and Secret, which whoever publishes its config writes. */
export function ownedIdentities(gateway: Gateway): readonly OwnedIdentity[] {
  const name = ownedNameOf(gateway);
  const kinds = ['ServiceAccount', 'Role', 'RoleBinding', 'Deployment', 'Service'];
  return [
    ...kinds.map((kind) => ({ kind, name })),
    { kind: 'RoleBinding', name: writerName(name) },
  ];
}

export function ownedNameOf(gateway: Gateway): string {
  return ownedName(nameOf(gateway), gateway.spec.gatewayClassName);
}

export function isOwnedBy(object: OwnableObject, gateway: Gateway): boolean {
  const { uid } = gateway.metadata;
  return (
    uid !== undefined && (object.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid)
  );
}

/** The object of this name, if there is one and it is somebody else's. */
export function findForeign(
  world: World,
  gateway: Gateway,
  { kind, name }: OwnedIdentity,
): ApiObject | undefined {
  const found = findOwnable(world, kind, `${namespaceOf(gateway)}/${name}`);
  return found === undefined || isOwnedBy(found, gateway) ? undefined : found;
}

function findOwnable(world: World, kind: string, key: string): OwnableObject | undefined {
  if (kind === 'Service') return world.services.nodes.get(key)?.service;
  return world.ownables.get(`${kind}/${key}`);
}

export function foreignProblems(world: World, gateway: Gateway): readonly Problem[] {
  if (world.settings.provisioning === undefined) return [];
  return ownedIdentities(gateway).flatMap((identity) => {
    const foreign = findForeign(world, gateway, identity);
    if (foreign === undefined) return [];
    const message = `${identity.kind} ${keyOf(foreign)} has a name that this Gateway needs for its own, but does not belong to it; rename or delete it.`;
    const { programmed: condition } = CONDITION;
    return [{ condition, reason: GATEWAY_REASON.invalid, message, spec: SPEC.gatewayObjects }];
  });
}
