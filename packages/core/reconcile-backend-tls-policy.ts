/**
 * BackendTLSPolicy: a status entry for each Gateway that uses it, and findings for what is wrong.
 *
 * A policy that no Gateway of ours uses gets no entry, and loses the one that it had.
 */

import type { PatchStatusEffect } from '@sluice/sansio';
import type { BackendTLSPolicy, HTTPRoute } from '@sluice/spec';
import type { Finding } from './finding.ts';
import { findService } from './graph/backend.ts';
import type { PolicyNode } from './graph/backend-tls.ts';
import type { Graph } from './graph/graph.ts';
import { problemFinding } from './graph/problem.ts';
import type { HttpRouteNode } from './graph/route.ts';
import type { RouteBlock } from './graph/route-survey.ts';
import { createMemo } from './memo.ts';
import {
  type BackendObjectRef,
  compareText,
  GATEWAY_GROUP,
  generationOf,
  type HttpRouteFilter,
  namespaceOf,
  refOf,
} from './objects.ts';
import type { Outcome } from './outcome.ts';
import { CONDITION, POLICY_REASON } from './reasons.ts';
import { conditionFrom, type DesiredCondition, renderConditions } from './status/condition.ts';
import { patchStatus } from './status/effect.ts';

export function reconcileBackendTlsPolicies(graph: Graph): Outcome {
  const findings: Finding[] = [];
  const effects: PatchStatusEffect[] = [];
  const { snapshot, settings } = graph.world;
  if (snapshot.backendTlsPolicies.length === 0) return { findings, effects };
  const users = findUsers(graph);
  for (const [node, gateways] of users) {
    const ref = refOf('BackendTLSPolicy', node.policy);
    for (const problem of node.problems) findings.push(problemFinding(ref, problem));
    effects.push(patchStatus(ref, { ancestors: renderAncestors(graph, node, gateways) }));
  }
  const used = new Set([...users.keys()].map(({ policy }) => policy));
  for (const policy of snapshot.backendTlsPolicies) {
    if (used.has(policy) || !isSigned(policy, settings.controllerName)) continue;
    effects.push(patchStatus(refOf('BackendTLSPolicy', policy), { ancestors: [] }));
  }
  effects.sort((one, other) => compareText(one.id, other.id));
  return { findings, effects };
}

function isSigned({ status }: BackendTLSPolicy, name: string): boolean {
  return status?.ancestors.some(({ controllerName }) => controllerName === name) ?? false;
}

type Users = ReadonlyMap<PolicyNode, ReadonlySet<string>>;

/** Gateways (`namespace/name`) by the policies of the Services they lead to. */
function findUsers(graph: Graph): Users {
  const { grants, services } = graph.world;
  const users = new Map<PolicyNode, Set<string>>();
  for (const block of graph.httpBlocks) {
    const known = usersMemo(block, [services.nodes, grants], () => findUsersIn(graph, block));
    for (const [policy, gateways] of known) addAll(users, policy, gateways);
  }
  return users;
}

const usersMemo = createMemo<RouteBlock, Users>();

function findUsersIn(graph: Graph, { nodes }: RouteBlock): Users {
  const users = new Map<PolicyNode, Set<string>>();
  for (const node of nodes) {
    const gateways = node.attachments
      .filter(({ problem }) => problem === undefined)
      .map(({ parent }) => parent.gateway);
    if (gateways.length === 0) continue;
    for (const policy of policiesOf(graph, node)) addAll(users, policy, gateways);
  }
  return users;
}

function addAll(
  users: Map<PolicyNode, Set<string>>,
  policy: PolicyNode,
  gateways: Iterable<string>,
): void {
  const known = users.get(policy) ?? new Set();
  for (const gateway of gateways) known.add(gateway);
  users.set(policy, known);
}

function policiesOf(graph: Graph, { route }: HttpRouteNode): readonly PolicyNode[] {
  const source = { routeKind: 'HTTPRoute', namespace: namespaceOf(route) };
  return listBackendRefs(route).flatMap((ref) => {
    const found = findService(graph.world, { ...source, ref });
    return found.kind === 'refused' ? [] : found.node.policies;
  });
}

/** Mirrors among them: they are dialled over TLS as well. */
function listBackendRefs({ spec }: HTTPRoute): readonly BackendObjectRef[] {
  const mirrored = (filters: readonly HttpRouteFilter[] = []): readonly BackendObjectRef[] =>
    filters.flatMap(({ requestMirror }) => requestMirror?.backendRef ?? []);
  return (spec.rules ?? []).flatMap(({ filters, backendRefs = [] }) => [
    ...mirrored(filters),
    ...backendRefs.flatMap((ref) => [ref, ...mirrored(ref.filters)]),
  ]);
}

const ACCEPTED: DesiredCondition = {
  type: CONDITION.accepted,
  status: 'True',
  reason: POLICY_REASON.accepted,
  message: 'Requests to the targets are sent over TLS.',
};

const RESOLVED: DesiredCondition = {
  type: CONDITION.resolvedRefs,
  status: 'True',
  reason: POLICY_REASON.resolvedRefs,
  message: 'All references are resolved.',
};

function renderAncestors(
  graph: Graph,
  { policy, problems }: PolicyNode,
  gateways: ReadonlySet<string>,
): readonly object[] {
  const { settings, snapshot } = graph.world;
  const entries = policy.status?.ancestors ?? [];
  const own = entries.filter(({ controllerName }) => controllerName === settings.controllerName);
  const previous = new Map(
    own.map((entry) => [`${entry.ancestorRef.namespace}/${entry.ancestorRef.name}`, entry]),
  );
  const room = Math.max(ANCESTORS_MAX - (entries.length - own.length), 0);
  return chooseAncestors(gateways, previous, room).map((key) => {
    const [namespace = '', name = ''] = key.split('/');
    const desired = [ACCEPTED, RESOLVED].map((good) => conditionFrom(problems, good));
    return {
      ancestorRef: { group: GATEWAY_GROUP, kind: 'Gateway', namespace, name },
      controllerName: settings.controllerName,
      conditions: renderConditions(desired, {
        previous: previous.get(key)?.conditions,
        generation: generationOf(policy),
        now: snapshot.now,
      }),
    };
  });
}

/** The API allows no more, those of other controllers included, and refuses the whole status. */
const ANCESTORS_MAX = 16;

/** Where there are too many: no entry that stands there makes room for another one. */
function chooseAncestors(
  gateways: ReadonlySet<string>,
  previous: ReadonlyMap<string, unknown>,
  room: number,
): readonly string[] {
  const sorted = [...gateways].sort(compareText);
  if (sorted.length <= room) return sorted;
  const kept = sorted.filter((key) => previous.has(key));
  const others = sorted.filter((key) => !previous.has(key));
  return [...kept, ...others].slice(0, room).sort(compareText);
}
