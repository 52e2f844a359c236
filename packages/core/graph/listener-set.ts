/**
 * A ListenerSet (GEP-1713): listeners that someone else adds to a Gateway, when it lets them.
 *
 * Its references are its own namespace's: grants given to the Gateway do not help it, nor the
 * other way round.
 */

import type { ObjectRef } from '@sluice/sansio';
import type { Gateway, ListenerSet } from '@sluice/spec';
import { SPEC } from '../marks.ts';
import { GATEWAY_GROUP, keyOf, namespaceOf, refOf } from '../objects.ts';
import { CONDITION, LISTENER_SET_REASON } from '../reasons.ts';
import { resolveClientValidation } from './client-validation.ts';
import { buildListener, type ListenerNode } from './listener.ts';
import type { Problem } from './problem.ts';
import { type LabelSelector, matchesSelector } from './selector.ts';
import { namespaceLabels, type World } from './world.ts';

export interface ListenerSetNode {
  /** `namespace/name`. */
  readonly key: string;
  readonly ref: ObjectRef;
  readonly set: ListenerSet;
  readonly listeners: readonly ListenerNode[];
  /** Why the whole set is kept out; its listeners then serve nothing. */
  readonly refusal: Problem | undefined;
}

export interface ListenerSetSource {
  readonly gateway: Gateway;
  /** Whether the Gateway itself is accepted. */
  readonly accepted: boolean;
  readonly set: ListenerSet;
}

/** `namespace/name` of the Gateway that the set names; undefined: it names something else. */
export function parentKeyOf(set: ListenerSet): string | undefined {
  const ref = set.spec.parentRef;
  const kind = `${ref.group ?? GATEWAY_GROUP}/${ref.kind ?? 'Gateway'}`;
  if (kind !== `${GATEWAY_GROUP}/Gateway`) return undefined;
  return `${ref.namespace ?? namespaceOf(set)}/${ref.name}`;
}

export function buildListenerSet(world: World, source: ListenerSetSource): ListenerSetNode {
  const { gateway, set } = source;
  const ref = refOf('ListenerSet', set);
  const listeners = (set.spec.listeners ?? []).map((spec, index) =>
    buildListener(world, {
      owner: ref,
      spec,
      field: `spec.listeners[${index}]`,
      clientValidation: resolveClientValidation(world, gateway, spec.port),
    }),
  );
  return { key: keyOf(set), ref, set, listeners, refusal: findRefusal(world, source) };
}

function findRefusal(world: World, source: ListenerSetSource): Problem | undefined {
  const { gateway, set } = source;
  if (!isAllowed(world, gateway, namespaceOf(set))) {
    return {
      condition: CONDITION.accepted,
      reason: LISTENER_SET_REASON.notAllowed,
      message: `Gateway ${keyOf(gateway)} does not let ListenerSets of namespace ${namespaceOf(set)} attach: see its spec.allowedListeners.`,
      field: 'spec.parentRef',
      spec: SPEC.allowedListeners,
    };
  }
  if (source.accepted) return undefined;
  return {
    condition: CONDITION.accepted,
    reason: LISTENER_SET_REASON.parentNotAccepted,
    message: `Gateway ${keyOf(gateway)} is not accepted: see its status.`,
    field: 'spec.parentRef',
    spec: SPEC.listenerSet,
  };
}

function isAllowed(world: World, gateway: Gateway, namespace: string): boolean {
  const allowed = gateway.spec.allowedListeners?.namespaces;
  switch (allowed?.from ?? 'None') {
    case 'All':
      return true;
    case 'Same':
      return namespace === namespaceOf(gateway);
    case 'Selector':
      return selects(world, allowed?.selector, namespace);
    default:
      return false;
  }
}

function selects(world: World, selector: LabelSelector | undefined, namespace: string): boolean {
  const labels = namespaceLabels(world, namespace);
  return labels !== undefined && matchesSelector(selector, labels);
}
