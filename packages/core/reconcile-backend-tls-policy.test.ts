/** Whose entries a policy has: ours while a Gateway of ours uses it, and not longer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BackendTLSPolicy, ReferenceGrant } from '@sluice/spec';
import { reconcile } from './reconcile.ts';
import {
  SETTINGS,
  sampleBackendRef,
  sampleClass,
  sampleGateway,
  sampleParent,
  sampleRoute,
  sampleRule,
  sampleService,
  sampleWorld,
} from './sample-world.ts';

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

type Route = ReturnType<typeof sampleRoute>;
type World = Parameters<typeof sampleWorld>[0];

/** Names of the policy's ancestors where the route is; its target is Service far/unused. */
function ancestorsWith(route: Route, parts: World = {}, policy = policyWith()): readonly string[] {
  const far = { ...policy, metadata: { ...policy.metadata, namespace: 'far' } };
  const world = sampleWorld({
    gatewayClasses: [sampleClass()],
    gateways: [sampleGateway()],
    httpRoutes: [route],
    services: [sampleService('unused', 'far'), sampleService()],
    backendTlsPolicies: [far],
    referenceGrants: [grant],
    ...parts,
  });
  return reconcile(world).effects.flatMap((effect) => {
    if (effect.kind !== 'patch-status' || effect.target.kind !== 'BackendTLSPolicy') return [];
    const { ancestors } = effect.status as NonNullable<BackendTLSPolicy['status']>;
    return ancestors.map(({ ancestorRef }) => ancestorRef.name);
  });
}

const grant: ReferenceGrant = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'ReferenceGrant',
  metadata: { namespace: 'far', name: 'open' },
  spec: {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'infra' }],
    to: [{ group: '', kind: 'Service' }],
  },
};
const backendRef = sampleBackendRef({ namespace: 'far', name: 'unused' });
const using = sampleRoute({ rules: [sampleRule({ backendRefs: [backendRef] })] });

test('a Gateway uses a policy where a route leads it there, by a mirror too', () => {
  assert.deepEqual(ancestorsWith(using), ['edge']);
  const filters = [{ type: 'RequestMirror' as const, requestMirror: { backendRef } }];
  assert.deepEqual(ancestorsWith(sampleRoute({ rules: [sampleRule({ filters })] })), ['edge']);
});

test('a reference that leads nowhere uses no policy', () => {
  assert.deepEqual(ancestorsWith(using, { referenceGrants: [] }), []);
  const other = { ...backendRef, group: 'example.com', kind: 'Service' };
  const rules = [sampleRule({ backendRefs: [other] })];
  assert.deepEqual(ancestorsWith(sampleRoute({ rules })), []);
  const parentRefs = [sampleParent({ sectionName: 'absent' })];
  assert.deepEqual(ancestorsWith(sampleRoute({ ...using.spec, parentRefs })), []);
});

test('a status holds no more ancestors than the API allows, and those it holds stay', () => {
  const names = Array.from({ length: 20 }, (_, index) => `gateway-${index + 10}`);
  const gateways = names.map((name) => sampleGateway({}, name));
  const parentRefs = names.map((name) => sampleParent({ name }));
  const route = sampleRoute({ ...using.spec, parentRefs });
  assert.deepEqual(ancestorsWith(route, { gateways }), names.slice(0, 16));
  const policy = policyWith(SETTINGS.controllerName, 'example.com/other');
  const [ours, theirs] = policy.status?.ancestors ?? [];
  assert.ok(ours !== undefined && theirs !== undefined);
  const last = { ...ours, ancestorRef: { ...ours.ancestorRef, name: 'gateway-29' } };
  const signed = { ...policy, status: { ancestors: [last, theirs] } };
  const kept = [...names.slice(0, 14), 'gateway-29'];
  assert.deepEqual(ancestorsWith(route, { gateways }, signed), kept);
});
