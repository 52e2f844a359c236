/**
 * BackendTLSPolicy: not served yet, and so said: backends that a policy protects are never dialled
 * in plaintext, and the policy's status names each Gateway that would have used it.
 */

import type { PatchStatusEffect } from '@sluice/sansio';
import type { BackendTLSPolicy } from '@sluice/spec';
import type { Finding } from './finding.ts';
import type { Graph } from './graph/graph.ts';
import { type Problem, problemFinding } from './graph/problem.ts';
import type { HttpRouteNode } from './graph/route.ts';
import { SPEC } from './marks.ts';
import { compareText, GATEWAY_GROUP, generationOf, keyOf, namespaceOf, refOf } from './objects.ts';
import type { Outcome } from './outcome.ts';
import { CONDITION, POLICY_REASON } from './reasons.ts';
import { conditionFrom, renderConditions } from './status/condition.ts';
import { patchStatus } from './status/effect.ts';

export function reconcileBackendTlsPolicies(graph: Graph): Outcome {
  const findings: Finding[] = [];
  const effects: PatchStatusEffect[] = [];
  if (graph.world.snapshot.backendTlsPolicies.length === 0) return { findings, effects };
  const users = findUsers(graph);
  for (const policy of graph.world.snapshot.backendTlsPolicies) {
    const gateways = users.get(keyOf(policy));
    if (gateways === undefined) continue;
    const ref = refOf('BackendTLSPolicy', policy);
    findings.push(problemFinding(ref, NOT_SERVED));
    effects.push(patchStatus(ref, { ancestors: renderAncestors(graph, policy, gateways) }));
  }
  return { findings, effects };
}

const NOT_SERVED: Problem = {
  condition: CONDITION.accepted,
  reason: POLICY_REASON.invalid,
  message:
    'TLS to backends is not supported yet: requests to the targets of this policy are answered 500, never sent in plaintext.',
  field: 'spec.targetRefs',
  spec: SPEC.backendTlsPolicy,
};

/** Gateways (`namespace/name`) by the policies (`namespace/name`) of the Services they lead to. */
function findUsers(graph: Graph): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>();
  for (const node of graph.httpRoutes) {
    for (const policy of policiesOf(graph, node)) {
      const gateways = users.get(keyOf(policy)) ?? new Set();
      for (const { parent } of node.attachments) gateways.add(parent.gateway);
      users.set(keyOf(policy), gateways);
    }
  }
  return users;
}

function policiesOf(graph: Graph, node: HttpRouteNode): readonly BackendTLSPolicy[] {
  const own = namespaceOf(node.route);
  return (node.route.spec.rules ?? []).flatMap((rule) =>
    (rule.backendRefs ?? []).flatMap((ref) => {
      const key = `${ref.namespace ?? own}/${ref.name}`;
      return graph.world.services.nodes.get(key)?.policies ?? [];
    }),
  );
}

function renderAncestors(
  graph: Graph,
  policy: BackendTLSPolicy,
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
    const accepted = conditionFrom([NOT_SERVED], {
      type: CONDITION.accepted,
      status: 'True',
      reason: CONDITION.accepted,
      message: '',
    });
    return {
      ancestorRef: { group: GATEWAY_GROUP, kind: 'Gateway', namespace, name },
      controllerName: settings.controllerName,
      conditions: renderConditions([accepted], {
        previous: known?.conditions,
        generation: generationOf(policy),
        now: snapshot.now,
      }),
    };
  });
}
