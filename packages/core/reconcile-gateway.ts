/** Gateway and its ListenerSets: one config, a status each, findings for what does not serve. */
import type { ProxyConfig, RouteTable } from '@sluice/model';
import type { Effect } from '@sluice/sansio';
import type { Finding } from './finding.ts';
import type { GatewayNode } from './graph/gateway.ts';
import { type Graph, trafficOf } from './graph/graph.ts';
import type { ListenerNode } from './graph/listener.ts';
import type { ListenerSetNode } from './graph/listener-set.ts';
import { findOverlaps } from './graph/overlap.ts';
import { problemFinding } from './graph/problem.ts';
import { reviewMatches } from './graph/review.ts';
import { lowerGateway, servedListeners } from './lower/config.ts';
import { SPEC } from './marks.ts';
import { createLatest } from './memo.ts';
import { generationOf } from './objects.ts';
import type { Outcome } from './outcome.ts';
import { readyInstances } from './provision/instances.ts';
import { CONDITION, NOTICE_REASON } from './reasons.ts';
import { effectKey, patchStatus } from './status/effect.ts';
import { renderGatewayStatus } from './status/gateway-status.ts';
import { isAttached, renderListenerSetStatus } from './status/listener-set-status.ts';
import { isProgrammed } from './status/programmed.ts';

export interface GatewayOutcome extends Outcome {
  readonly config: ProxyConfig;
}

export function reconcileGateway(graph: Graph, node: GatewayNode): GatewayOutcome {
  const { world } = graph;
  const { config, backends } = lowerGateway(world, {
    node,
    traffic: graph.traffic.byGateway.get(node.key) ?? [],
    trafficOf: (listener) => trafficOf(graph, listener),
  });
  const served = servedListeners(node);
  const shared = {
    now: world.snapshot.now,
    attachedRoutes: (listener: ListenerNode) =>
      trafficOf(graph, listener).reduce((sum, part) => sum + part.attached, 0),
    overlapping: findOverlaps(served),
  };
  const status = renderGatewayStatus(node, {
    ...shared,
    hasInstance: readyInstances(world, node.gateway)?.length !== 0,
    channel: world.snapshot.capabilities.channel,
    programmed: isServedNow(graph, node, config.version),
    attachedListenerSets: node.listenerSets.filter(isAttached).length,
  });
  const effects: Effect<ProxyConfig>[] = [
    publishConfig(node, config),
    patchStatus(node.ref, status),
  ];
  for (const set of node.listenerSets) {
    const programmed = isSetServedNow(graph, { node, set, version: config.version });
    effects.push(patchStatus(set.ref, renderListenerSetStatus(set, { ...shared, programmed })));
  }
  effects.push(...requeueAtChange(graph, node, served));
  const findings = [
    ...reviewConfig(graph, node, config),
    ...gatewayFindings(node),
    ...node.listenerSets.flatMap(listenerSetFindings),
    ...backends.flatMap((backend) => backend.findings),
  ];
  return { config, findings, effects };
}

const REVIEW_ROUTES_MAX = 2_000;

const tables = createLatest<RouteTable<undefined>>();

function reviewConfig(graph: Graph, node: GatewayNode, config: ProxyConfig): readonly Finding[] {
  const anchor = graph.classes.get(node.gateway.spec.gatewayClassName) ?? node.gateway;
  const most = graph.world.settings.reviewRoutesMax ?? REVIEW_ROUTES_MAX;
  if (config.routes.length > most) return [notReviewed(node, most)];
  const rules = (id: string) =>
    graph.httpRoutes.find(({ lowered }) => lowered.config.id === id)?.lowered.rules;
  const { findings, table } = reviewMatches(config, rules, tables.get(anchor, node.key));
  tables.set(anchor, node.key, table);
  return findings;
}

function notReviewed(node: GatewayNode, most: number): Finding {
  return {
    subject: node.ref,
    severity: 'info',
    reason: NOTICE_REASON.notReviewed,
    message: `The Gateway carries more than ${most} routes, so they were not searched for matches that no request can reach.`,
    spec: SPEC.precedence,
  };
}

/** A certificate that begins or ceases to be valid changes findings, though no object changes. */
function requeueAtChange(
  graph: Graph,
  node: GatewayNode,
  served: readonly ListenerNode[],
): readonly Effect<ProxyConfig>[] {
  const at = Math.min(...served.map((listener) => listener.changesAt));
  if (!Number.isFinite(at) || at <= graph.world.snapshot.now) return [];
  const reason = `a certificate of Gateway ${node.key} begins or ceases to be valid`;
  return [{ kind: 'requeue-at', id: `requeue-at/${effectKey(node.ref)}`, at, reason }];
}

function publishConfig(node: GatewayNode, config: ProxyConfig): Effect<ProxyConfig> {
  return {
    kind: 'publish-config',
    id: `publish-config/${effectKey(node.ref)}`,
    target: node.ref,
    version: config.version,
    content: config,
  };
}

function isServedNow(graph: Graph, node: GatewayNode, version: string): boolean {
  return isProgrammed({
    gateway: node.key,
    version,
    acks: graph.world.snapshot.acks,
    instances: readyInstances(graph.world, node.gateway),
    generation: generationOf(node.gateway),
    previous: node.gateway.status?.conditions,
  });
}

interface SetPlace {
  readonly node: GatewayNode;
  readonly set: ListenerSetNode;
  readonly version: string;
}

function isSetServedNow(graph: Graph, { node, set, version }: SetPlace): boolean {
  return isProgrammed({
    gateway: node.key,
    version,
    acks: graph.world.snapshot.acks,
    instances: readyInstances(graph.world, node.gateway),
    generation: generationOf(set.set),
    previous: set.set.status?.conditions,
  });
}

function gatewayFindings(node: GatewayNode): readonly Finding[] {
  return [
    ...node.problems.map((problem) => problemFinding(node.ref, problem)),
    ...node.listeners.flatMap(listenerFindings),
  ];
}

function listenerSetFindings(node: ListenerSetNode): readonly Finding[] {
  if (node.refusal !== undefined) return [problemFinding(node.ref, node.refusal)];
  return node.listeners.flatMap(listenerFindings);
}

/** A conflict is one finding, though three conditions say it. */
function listenerFindings(listener: ListenerNode): readonly Finding[] {
  const conflict = listener.problems.find((problem) => problem.condition === CONDITION.conflicted);
  const others = listener.problems.filter(
    (problem) => problem.message !== conflict?.message || problem === conflict,
  );
  const where = { listener: listener.name };
  const findings = others.map((problem) => problemFinding(listener.owner, problem, where));
  const told = findings.map((finding) =>
    finding.condition?.type === CONDITION.conflicted
      ? { ...finding, condition: { ...finding.condition, status: 'True' as const } }
      : finding,
  );
  return [...told, ...listener.notices];
}
