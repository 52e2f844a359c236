/**
 * HTTPS listeners of one port whose hostnames overlap (GEP-3567): a browser may reuse a connection
 * of one for requests of the other, which are then answered 421.
 */
import { hostnamesIntersect } from '@sluice/model';
import type { ListenerNode } from './listener.ts';

/** Of `listeners`, those that overlap with another one. */
export function findOverlaps(listeners: readonly ListenerNode[]): ReadonlySet<ListenerNode> {
  const overlapping = new Set<ListenerNode>();
  const byPort = new Map<number, ListenerNode[]>();
  for (const listener of listeners) {
    if (listener.protocol !== 'HTTPS') continue;
    const others = byPort.get(listener.port) ?? [];
    for (const other of others) {
      if (!overlaps(listener, other)) continue;
      overlapping.add(listener);
      overlapping.add(other);
    }
    byPort.set(listener.port, [...others, listener]);
  }
  return overlapping;
}

function overlaps(one: ListenerNode, other: ListenerNode): boolean {
  if (one.hostname === undefined || other.hostname === undefined) return true;
  return hostnamesIntersect(one.hostname, other.hostname);
}
