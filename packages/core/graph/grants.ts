/**
 * ReferenceGrant (GEP-709): who may refer across namespaces.
 *
 * A reference within a namespace needs no grant; one across namespaces needs a grant in the
 * namespace that is referred to. Nothing else permits it.
 */
import type { ReferenceGrant } from '@sluice/spec';
import { createListSharer } from '../memo.ts';
import { namespaceOf } from '../objects.ts';

export interface ReferenceSource {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
}

export interface ReferenceTarget {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Grants by the namespace that they open. */
export type GrantIndex = ReadonlyMap<string, readonly ReferenceGrant[]>;

export function indexGrants(grants: readonly ReferenceGrant[]): GrantIndex {
  const byNamespace = new Map<string, ReferenceGrant[]>();
  for (const grant of grants) {
    const list = byNamespace.get(namespaceOf(grant));
    if (list === undefined) byNamespace.set(namespaceOf(grant), [grant]);
    else list.push(grant);
  }
  const shared = new Map<string, readonly ReferenceGrant[]>();
  for (const [namespace, list] of byNamespace) shared.set(namespace, shareList(list));
  return shared;
}

const shareList = createListSharer();

export function isPermitted(
  index: GrantIndex,
  source: ReferenceSource,
  target: ReferenceTarget,
): boolean {
  if (source.namespace === target.namespace) return true;
  const grants = index.get(target.namespace) ?? [];
  return grants.some((grant) => grantsReference(grant, source, target));
}

function grantsReference(
  grant: ReferenceGrant,
  source: ReferenceSource,
  target: ReferenceTarget,
): boolean {
  const from = (grant.spec?.from ?? []).some(
    (entry) =>
      entry.group === source.group &&
      entry.kind === source.kind &&
      entry.namespace === source.namespace,
  );
  if (!from) return false;
  return (grant.spec?.to ?? []).some(
    (entry) =>
      entry.group === target.group &&
      entry.kind === target.kind &&
      (entry.name === undefined || entry.name === '' || entry.name === target.name),
  );
}
