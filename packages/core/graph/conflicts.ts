/**
 * Which listeners can't stand side by side, and who stays (GatewaySpec.listeners "Distinct
 * Listeners"; GEP-1713 for ListenerSets).
 *
 * Between owners there is an order (Gateway first, then ListenerSets by age and name): the earlier
 * stays. Within one owner there is none: all that conflict are refused, and what they claimed stays
 * blocked for later owners, because the port must not be configured at all.
 */

import { SPEC } from '../marks.ts';
import { CONDITION, LISTENER_REASON } from '../reasons.ts';
import { isServedProtocol } from '../served.ts';
import type { ListenerNode } from './listener.ts';
import type { Problem } from './problem.ts';

/** `owners` in order of precedence; gives the same listeners with their conflicts as problems. */
export function resolveConflicts(
  owners: readonly (readonly ListenerNode[])[],
): readonly (readonly ListenerNode[])[] {
  const claims: ListenerNode[] = [];
  return owners.map((listeners) => {
    const judged = listeners.map((listener) => judge(listener, listeners, claims));
    for (const { listener, lost } of judged) {
      if (!lost && isServedProtocol(listener.protocol)) claims.push(listener);
    }
    return judged.map(({ listener }) => listener);
  });
}

interface Judged {
  readonly listener: ListenerNode;
  /** It gave way to an earlier owner, and so claims nothing itself. */
  readonly lost: boolean;
}

function judge(
  listener: ListenerNode,
  siblings: readonly ListenerNode[],
  claims: readonly ListenerNode[],
): Judged {
  const earlier = findConflict(listener, claims, true);
  if (earlier !== undefined) return { listener: withConflict(listener, earlier), lost: true };
  if (!isServedProtocol(listener.protocol)) return { listener, lost: false };
  const rivals = siblings.filter((sibling) => isServedProtocol(sibling.protocol));
  const rival = findConflict(listener, rivals, false);
  return { listener: rival === undefined ? listener : withConflict(listener, rival), lost: false };
}

type ConflictReason = 'hostnameConflict' | 'protocolConflict';

interface Conflict {
  readonly reason: ConflictReason;
  readonly message: string;
}

/** Names are told only of the same owner: another tenant's listener is none of the reader's. */
function findConflict(
  listener: ListenerNode,
  others: readonly ListenerNode[],
  foreign: boolean,
): Conflict | undefined {
  for (const other of others) {
    if (
      other.port !== listener.port ||
      (other.name === listener.name && other.owner === listener.owner)
    ) {
      continue;
    }
    const reason = conflictOf(listener, other);
    if (reason === undefined) continue;
    const who = foreign
      ? 'a listener that takes precedence (of the Gateway or an older ListenerSet)'
      : `listener ${other.name}`;
    return { reason, message: conflictMessage(reason, listener, who) };
  }
  return undefined;
}

function conflictOf(one: ListenerNode, other: ListenerNode): ConflictReason | undefined {
  if (transportOf(one.protocol) !== transportOf(other.protocol)) return undefined;
  if (one.protocol !== other.protocol) return 'protocolConflict';
  return one.hostname === other.hostname ? 'hostnameConflict' : undefined;
}

function transportOf(protocol: string): 'udp' | 'tcp' {
  return protocol === 'UDP' ? 'udp' : 'tcp';
}

function conflictMessage(reason: ConflictReason, listener: ListenerNode, who: string): string {
  if (reason === 'protocolConflict') {
    return `Port ${listener.port} is used with another protocol than ${listener.protocol} by ${who}; use another port.`;
  }
  const hostname =
    listener.hostname === undefined ? 'no hostname' : `hostname ${listener.hostname}`;
  return `Port ${listener.port} with ${hostname} is used by ${who}; use another hostname or port.`;
}

function conflictField(listener: ListenerNode, conflict: Conflict): string {
  if (conflict.reason === 'protocolConflict') return 'protocol';
  return listener.hostname === undefined ? 'port' : 'hostname';
}

/** A conflict is said by three conditions; the suite compares all of them. */
function withConflict(listener: ListenerNode, conflict: Conflict): ListenerNode {
  const problem = (condition: string): Problem => ({
    condition,
    reason: LISTENER_REASON[conflict.reason],
    message: conflict.message,
    field: `${listener.field}.${conflictField(listener, conflict)}`,
    spec: SPEC.distinctListeners,
  });
  const own = listener.problems.filter((known) => known.condition !== CONDITION.accepted);
  return {
    ...listener,
    problems: [problem(CONDITION.conflicted), problem(CONDITION.accepted), ...own],
  };
}
