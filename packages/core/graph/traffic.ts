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
  const byListener = new Map<ListenerFacts, ListenerTally>();
  const byGateway = new Map<string, GatewayTally>();
  for (const node of nodes) {
    const accepted = rejectionOf(node.lowered) === undefined ? 1 : 0;
    for (const attachment of node.attachments) {
      for (const listener of attachment.listeners) {
        const tally = tallyOf(byListener, listener, startListener);
        // The same listener through two parentRefs is still one route.
        if (tally.routes.at(-1) === node) continue;
        tally.routes.push(node);
        tally.attached += accepted;
        addToGateway(tallyOf(byGateway, attachment.parent.gateway, startGateway), node);
      }
    }
  }
  return { byListener, byGateway };
}

function addToGateway(tally: GatewayTally, node: HttpRouteNode): void {
  if (tally.routes.at(-1) === node) return;
  tally.routes.push(node);
  for (const target of node.lowered.targets) tally.targets.add(target);
}

function tallyOf<Key, Tally>(tallies: Map<Key, Tally>, key: Key, start: () => Tally): Tally {
  const known = tallies.get(key);
  if (known !== undefined) return known;
  const fresh = start();
  tallies.set(key, fresh);
  return fresh;
}

function startListener(): ListenerTally {
  return { attached: 0, routes: [] };
}

function startGateway(): GatewayTally {
  return { routes: [], targets: new Set() };
}
