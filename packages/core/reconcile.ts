/**
 * reconcile: a snapshot of the world → configs to serve, findings to show, effects to carry out.
 *
 * Pure and total: it never throws on objects that the API admits, and equal snapshots give equal
 * results, in the same order, whatever came before. One entry point for each kind; the whole is
 * their composition.
 */
import type { ProxyConfig } from '@sluice/model';
import type { Effect } from '@sluice/sansio';
import { compareFindings, type Finding } from './finding.ts';
import { buildGraph } from './graph/graph.ts';
import { buildWorld } from './graph/world.ts';
import type { ListedResult, Outcome, ReconcileResult } from './outcome.ts';
import { provisionGateway, releaseOwned } from './provision/provision.ts';
import { reconcileBackendTlsPolicies } from './reconcile-backend-tls-policy.ts';
import { reconcileGateway } from './reconcile-gateway.ts';
import { reconcileGatewayClass } from './reconcile-gateway-class.ts';
import { reconcileOtherRoute, reconcileRouteBlock, releaseRoutes } from './reconcile-route.ts';
import type { WorldSnapshot } from './snapshot.ts';

export function reconcile(snapshot: WorldSnapshot): ReconcileResult {
  const { effectLists, ...result } = reconcileInLists(snapshot);
  return { ...result, effects: sortEffects(effectLists) };
}

/** For whoever takes turn after turn: of thousands of effects, almost all are those of before. */
export function reconcileInLists(snapshot: WorldSnapshot): ListedResult {
  const graph = buildGraph(buildWorld(snapshot));
  const findings: Finding[] = [];
  const effectLists: (readonly Effect<ProxyConfig>[])[] = [];
  const take = (outcome: Outcome): void => {
    for (const finding of outcome.findings) findings.push(finding);
    effectLists.push(outcome.effects);
  };
  const configs: Record<string, ProxyConfig> = {};
  for (const gatewayClass of graph.classes.values())
    take(reconcileGatewayClass(graph, gatewayClass));
  for (const node of graph.gateways) {
    const outcome = reconcileGateway(graph, node);
    configs[node.key] = outcome.config;
    take(outcome);
    take(provisionGateway(graph, node));
  }
  for (const block of graph.httpBlocks) take(reconcileRouteBlock(graph, block));
  for (const node of graph.otherRoutes) take(reconcileOtherRoute(graph, node));
  take(releaseRoutes(graph));
  take(releaseOwned(graph));
  take(reconcileBackendTlsPolicies(graph));
  take({ findings: graph.dangling, effects: [] });
  return { configs, findings: sortFindings(findings), effectLists };
}

function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const sorted = findings.toSorted(compareFindings);
  return sorted.filter((finding, index) => {
    const before = sorted[index - 1];
    return before === undefined || compareFindings(before, finding) !== 0;
  });
}

/** For whoever reads the list, the same each time. In which order they act, the executor says. */
const EFFECT_ORDER: readonly Effect['kind'][] = [
  'publish-config',
  'apply',
  'delete',
  'patch-status',
  'emit-event',
  'requeue-at',
];

function sortEffects(lists: ListedResult['effectLists']): readonly Effect<ProxyConfig>[] {
  const byKind = new Map<Effect['kind'], Effect<ProxyConfig>[]>();
  for (const kind of EFFECT_ORDER) byKind.set(kind, []);
  for (const effects of lists) {
    for (const effect of effects) byKind.get(effect.kind)?.push(effect);
  }
  return [...byKind.values()].flat();
}
