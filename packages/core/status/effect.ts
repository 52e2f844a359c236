/** Effects with ids that follow from what they do: equal intentions have equal ids. */
import type { ObjectRef, PatchStatusEffect } from '@sluice/sansio';

export function patchStatus(target: ObjectRef, status: object): PatchStatusEffect {
  return { kind: 'patch-status', id: `patch-status/${effectKey(target)}`, target, status };
}

export function effectKey(target: ObjectRef): string {
  const namespace = target.namespace === undefined ? '' : `${target.namespace}/`;
  return `${target.kind}/${namespace}${target.name}`;
}
