/** Whose entries a policy has: ours while a Gateway of ours uses it, and not longer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackendTLSPolicy } from '@sluice/spec';
import { reconcile } from './reconcile.ts';
import { SETTINGS, sampleWorld } from './sample-world.ts';

function policyWith(...controllers: readonly string[]): BackendTLSPolicy {
  const ancestorRef = { group: 'gateway.networking.k8s.io', kind: 'Gateway' };
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'BackendTLSPolicy',
    metadata: { namespace: 'infra', name: 'policy', generation: 1 },
    spec: {
      targetRefs: [{ group: '', kind: 'Service', name: 'unused' }],
      validation: { hostname: 'backend.example.com', wellKnownCACertificates: 'System' },
    },
    status: {
      ancestors: controllers.map((controllerName) => ({
        ancestorRef: { ...ancestorRef, namespace: 'infra', name: 'edge' },
        controllerName,
        conditions: [],
      })),
    },
  };
}

const statusesOf = (policy: BackendTLSPolicy) =>
  reconcile(sampleWorld({ backendTlsPolicies: [policy] })).effects.flatMap((effect) =>
    effect.kind === 'patch-status' ? [effect.status] : [],
  );

test('a policy that is no longer used loses our entry', () => {
  const policy = policyWith('example.com/other', SETTINGS.controllerName);
  assert.deepEqual(statusesOf(policy), [{ ancestors: [] }]);
});

test('a policy that never was ours is left alone', () => {
  assert.deepEqual(statusesOf(policyWith('example.com/other')), []);
});
