/**
 * Traffic: which routes each listener and each Gateway carries, counted and collected in one pass.
 *
 * Routes come in the order of their names, so that every list is in a deterministic order.
 */

import { rejectionOf } from '../lower/route.ts';
import type { BackendTarget } from './backend.ts';
import type { ListenerFacts } from './parent.ts';
import type { HttpRouteNode } from './route.ts';

export interface ListenerTraffic {
  /** Accepted routes: what `attachedRoutes` says. */
  readonly attached: number;
  /** Routes to serve; one whose every rule is unusable is served (500), but not accepted. */
  readonly routes: readonly HttpRouteNode[];
}

export interface GatewayTraffic {
  readonly routes: readonly HttpRouteNode[];
  readonly targets: ReadonlySet<BackendTarget>;
}

export interface Traffic {
  readonly byListener: ReadonlyMap<ListenerFacts, ListenerTraffic>;
  /** By `namespace/name` of the Gateway. */
  readonly byGateway: ReadonlyMap<string, GatewayTraffic>;
}

interface ListenerTally {
  attached: number;
  readonly routes: HttpRouteNode[];
}

interface GatewayTally {
  readonly routes: HttpRouteNode[];
  readonly targets: Set<BackendTarget>;
}

export function collectTraffic(nodes: readonly HttpRouteNode[]): Traffic {
  const byListener = createTallies<ListenerFacts, ListenerTally>(startListener);
  const byGateway = createTallies<string, GatewayTally>(startGateway);
  for (const node of nodes) {
    const accepted = rejectionOf(node.lowered) === undefined ? 1 : 0;
    for (const attachment of node.attachments) {
      for (const listener of attachment.listeners) {
        const tally = byListener.of(listener);
        // The same listener through two parentRefs is still one route.
        if (tally.routes.at(-1) === node) continue;
        tally.routes.push(node);
        tally.attached += accepted;
        addToGateway(byGateway.of(attachment.parent.gateway), node);
      }
    }
  }
  return { byListener: byListener.all, byGateway: byGateway.all };
}

function addToGateway(tally: GatewayTally, node: HttpRouteNode): void {
  if (tally.routes.at(-1) === node) return;
  tally.routes.push(node);
  for (const target of node.lowered.targets) tally.targets.add(target);
}

interface Tallies<Key, Tally> {
  readonly all: ReadonlyMap<Key, Tally>;
  of(key: Key): Tally;
}

/** Remembers the last key: most neighbours have the same one. */
function createTallies<Key, Tally>(start: () => Tally): Tallies<Key, Tally> {
  const all = new Map<Key, Tally>();
  let last: { readonly key: Key; readonly tally: Tally } | undefined;
  return {
    all,
    of(key) {
      if (last !== undefined && last.key === key) return last.tally;
      const tally = all.get(key) ?? start();
      if (!all.has(key)) all.set(key, tally);
      last = { key, tally };
      return tally;
    },
  };
}

function startListener(): ListenerTally {
  return { attached: 0, routes: [] };
}

function startGateway(): GatewayTally {
  return { routes: [], targets: new Set() };
}
