/**
 * References to what does not exist at all: a class that nobody has, a parent that is not there.
 *
 * No status says it, since no controller is responsible; a typo should still not be silent.
 */
import type { Finding } from '../finding.ts';
import { SPEC } from '../marks.ts';
import { keyOf, nameOf, refOf } from '../objects.ts';
import { NOTICE_REASON } from '../reasons.ts';
import type { WorldSnapshot } from '../snapshot.ts';
import { parentKeyOf } from './listener-set.ts';

/** `kind/namespace/name` of every Gateway and ListenerSet there is, whoever serves it. */
export function listParents(snapshot: WorldSnapshot): ReadonlySet<string> {
  const parents = new Set<string>();
  for (const gateway of snapshot.gateways) parents.add(`Gateway/${keyOf(gateway)}`);
  for (const set of snapshot.listenerSets) parents.add(`ListenerSet/${keyOf(set)}`);
  return parents;
}

export function danglingGateways(snapshot: WorldSnapshot): readonly Finding[] {
  const classes = new Set(snapshot.gatewayClasses.map(nameOf));
  return snapshot.gateways
    .filter((gateway) => !classes.has(gateway.spec.gatewayClassName))
    .map((gateway) => ({
      subject: refOf('Gateway', gateway),
      field: 'spec.gatewayClassName',
      severity: 'warning',
      reason: NOTICE_REASON.unknownClass,
      message: `GatewayClass ${gateway.spec.gatewayClassName} does not exist, so no controller serves this Gateway: create it or correct the name.`,
      spec: SPEC.gatewayClassName,
    }));
}

export function danglingListenerSets(
  snapshot: WorldSnapshot,
  parents: ReadonlySet<string>,
): readonly Finding[] {
  return snapshot.listenerSets.flatMap((set): Finding[] => {
    const key = parentKeyOf(set);
    if (key === undefined || parents.has(`Gateway/${key}`)) return [];
    return [
      {
        subject: refOf('ListenerSet', set),
        field: 'spec.parentRef',
        severity: 'warning',
        reason: NOTICE_REASON.unknownParent,
        message: `Gateway ${key} does not exist, so nobody serves these listeners: create it or correct the name.`,
        spec: SPEC.listenerSet,
      },
    ];
  });
}

/** `key`: `kind/namespace/name` of a parent that does not exist. */
export function danglingParent(subject: Finding['subject'], index: number, key: string): Finding {
  const [kind = '', ...name] = key.split('/');
  return {
    subject,
    field: `spec.parentRefs[${index}]`,
    severity: 'warning',
    reason: NOTICE_REASON.unknownParent,
    message: `${kind} ${name.join('/')} does not exist, so the route is not served there: create it or correct the name.`,
    spec: SPEC.parentRefs,
  };
}
