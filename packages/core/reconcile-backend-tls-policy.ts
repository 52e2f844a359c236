/**
 * BackendTLSPolicy: a status entry for each Gateway that uses it, and findings for what is wrong.
 *
 * A policy that no Gateway of ours uses gets no entry, and loses the one that it had.
 */

import type { PatchStatusEffect } from '@sluice/sansio';
import type { BackendTLSPolicy } from '@sluice/spec';
import type { Finding } from './finding.ts';
import type { PolicyNode } from './graph/backend-tls.ts';
import type { Graph } from './graph/graph.ts';
import { problemFinding } from './graph/problem.ts';
import type { HttpRouteNode } from './graph/route.ts';
import { compareText, GATEWAY_GROUP, generationOf, namespaceOf, refOf } from './objects.ts';
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

/** Gateways (`namespace/name`) by the policies of the Services they lead to. */
function findUsers(graph: Graph): ReadonlyMap<PolicyNode, ReadonlySet<string>> {
  const users = new Map<PolicyNode, Set<string>>();
  for (const node of graph.httpRoutes) {
    for (const policy of policiesOf(graph, node)) {
      const gateways = users.get(policy) ?? new Set();
      for (const { parent } of node.attachments) gateways.add(parent.gateway);
      users.set(policy, gateways);
    }
  }
  return users;
}

function policiesOf(graph: Graph, node: HttpRouteNode): readonly PolicyNode[] {
  const own = namespaceOf(node.route);
  return (node.route.spec.rules ?? []).flatMap((rule) =>
    (rule.backendRefs ?? []).flatMap((ref) => {
      const key = `${ref.namespace ?? own}/${ref.name}`;
      return graph.world.services.nodes.get(key)?.policies ?? [];
    }),
  );
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
  return [...gateways].sort(compareText).map((key) => {
    const [namespace = '', name = ''] = key.split('/');
    const known = policy.status?.ancestors.find(
      (entry) =>
        entry.controllerName === settings.controllerName &&
        entry.ancestorRef.name === name &&
        entry.ancestorRef.namespace === namespace,
    );
    const desired = [ACCEPTED, RESOLVED].map((good) => conditionFrom(problems, good));
    return {
      ancestorRef: { group: GATEWAY_GROUP, kind: 'Gateway', namespace, name },
      controllerName: settings.controllerName,
      conditions: renderConditions(desired, {
        previous: known?.conditions,
        generation: generationOf(policy),
        now: snapshot.now,
      }),
    };
  });
}
