/**
 * Traffic: which routes each listener and each Gateway carries.
 *
 * Collected block by block, so that of 10,000 routes only those near a change are counted again.
 * Blocks come in the order of the routes' names.
 */
import type { HttpRouteConfig } from '@sluice/model';
import { rejectionOf } from '../lower/route.ts';
import { createMemo } from '../memo.ts';
import { hashSequence, type SequenceHash } from '../version.ts';
import type { BackendTarget } from './backend.ts';
import type { ListenerFacts } from './parent.ts';
import type { HttpRouteNode } from './route.ts';
import type { RouteBlock } from './route-survey.ts';

export interface Traffic {
  readonly byListener: ReadonlyMap<ListenerFacts, readonly ListenerTraffic[]>;
  /** By `namespace/name` of the Gateway. */
  readonly byGateway: ReadonlyMap<string, readonly GatewayTraffic[]>;
}

/** One block's share of a listener's routes. */
export interface ListenerTraffic {
  /** Accepted routes: what `attachedRoutes` says. */
  readonly attached: number;
  /** Ids of the routes to serve; one whose every rule is unusable is served (500), not accepted. */
  readonly routes: readonly string[];
  readonly hash: SequenceHash;
}

/** One block's share of a Gateway's routes, each once. */
export interface GatewayTraffic {
  readonly routes: readonly HttpRouteConfig[];
  readonly hash: SequenceHash;
  readonly targets: ReadonlySet<BackendTarget>;
}

export function collectTraffic(blocks: readonly RouteBlock[]): Traffic {
  const byListener = new Map<ListenerFacts, ListenerTraffic[]>();
  const byGateway = new Map<string, GatewayTraffic[]>();
  for (const block of blocks) {
    const own = blockMemo(block, [], () => collectBlock(block));
    for (const [listener, traffic] of own.listeners) append(byListener, listener, traffic);
    for (const [gateway, traffic] of own.gateways) append(byGateway, gateway, traffic);
  }
  return { byListener, byGateway };
}

interface BlockTraffic {
  readonly listeners: readonly (readonly [ListenerFacts, ListenerTraffic])[];
  readonly gateways: readonly (readonly [string, GatewayTraffic])[];
}

const blockMemo = createMemo<RouteBlock, BlockTraffic>();

function collectBlock(block: RouteBlock): BlockTraffic {
  const byListener = new Map<ListenerFacts, HttpRouteNode[]>();
  const byGateway = new Map<string, HttpRouteNode[]>();
  for (const node of block.nodes) {
    for (const { listeners, parent } of node.attachments) {
      for (const listener of listeners) appendOnce(byListener, listener, node);
      if (listeners.length > 0) appendOnce(byGateway, parent.gateway, node);
    }
  }
  return {
    listeners: [...byListener].map(([listener, nodes]) => [listener, listenerTraffic(nodes)]),
    gateways: [...byGateway].map(([gateway, nodes]) => [gateway, gatewayTraffic(nodes)]),
  };
}

function listenerTraffic(nodes: readonly HttpRouteNode[]): ListenerTraffic {
  return {
    attached: nodes.filter((node) => rejectionOf(node.lowered) === undefined).length,
    routes: nodes.map((node) => node.lowered.config.id),
    hash: hashSequence(nodes.map((node) => node.lowered.idHash)),
  };
}

function gatewayTraffic(nodes: readonly HttpRouteNode[]): GatewayTraffic {
  return {
    routes: nodes.map((node) => node.lowered.config),
    hash: hashSequence(nodes.map((node) => node.lowered.hash)),
    targets: new Set(nodes.flatMap((node) => node.lowered.targets)),
  };
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** The same listener through two parentRefs is still one route. */
function appendOnce<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  if (lists.get(key)?.at(-1) !== item) append(lists, key, item);
}
