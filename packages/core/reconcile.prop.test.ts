/** Properties of reconcile over arbitrary worlds: see the README's list. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HTTPRoute, ReferenceGrant } from '@sluice/spec';
import fc from 'fast-check';
import { type ReconcileResult, reconcile, type WorldSnapshot } from './index.ts';
import { arbitraryWorld } from './sample-arbitrary.ts';
import { SETTINGS } from './sample-world.ts';

const RUNS = { numRuns: 100 };

const LISTS = [
  'gatewayClasses',
  'gateways',
  'listenerSets',
  'httpRoutes',
  'grpcRoutes',
  'tlsRoutes',
  'backendTlsPolicies',
  'referenceGrants',
  'services',
  'endpointSlices',
  'ownables',
] as const;

/** New identities throughout: nothing that was remembered applies. */
const rebuild = (world: WorldSnapshot): WorldSnapshot => structuredClone(world);

test('total: never throws, effects have ids of their own', () => {
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      const ids = reconcile(world).effects.map((effect) => effect.id);
      assert.equal(new Set(ids).size, ids.length);
    }),
    RUNS,
  );
});

test('the order in which objects come does not count', () => {
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      const reversed = Object.fromEntries(LISTS.map((list) => [list, world[list].toReversed()]));
      assert.deepEqual(reconcile({ ...world, ...reversed }), reconcile(rebuild(world)));
    }),
    RUNS,
  );
});

test('incremental: after any change the result is that of a full build', () => {
  fc.assert(
    fc.property(
      arbitraryWorld,
      arbitraryWorld,
      fc.infiniteStream(fc.nat()),
      (one, other, choices) => {
        let world = one;
        reconcile(world);
        for (const list of LISTS) {
          const taken = other[list].filter(() => (choices.next().value ?? 0) % 2 === 0);
          const kept = world[list].filter(
            (object) => !taken.some((next) => sameName(next, object)),
          );
          world = { ...world, [list]: [...kept, ...taken] };
          assert.deepEqual(reconcile(world), reconcile(rebuild(world)));
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('idempotent: a world that carries its statuses comes to rest, at any time of day', () => {
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      let settled = world;
      for (let turn = 0; turn < 3; turn += 1) settled = settle(settled, reconcile(settled));
      const later = reconcile({ ...settled, now: settled.now + 60_000 });
      const before = reconcile(settled);
      assert.deepEqual(statuses(later), statuses(before));
      assert.deepEqual(statuses(settledStatuses(settled, later)), statuses(before));
    }),
    { numRuns: 60 },
  );
});

test("isolated: objects of another controller's class change nothing", () => {
  fc.assert(
    fc.property(arbitraryWorld, arbitraryWorld, (world, other) => {
      const foreign = other.gateways.map((gateway) => ({
        ...gateway,
        metadata: { ...gateway.metadata, namespace: 'foreign' },
        spec: { ...gateway.spec, gatewayClassName: 'other' },
      }));
      const attached = foreign.flatMap((gateway) =>
        other.httpRoutes.map((route) => attachTo(route, gateway.metadata.name)),
      );
      const crowded = {
        ...world,
        gateways: [...world.gateways, ...foreign],
        httpRoutes: [...world.httpRoutes, ...attached],
      };
      assert.deepEqual(reconcile(crowded), reconcile(rebuild(world)));
    }),
    RUNS,
  );
});

test('isolated: a broken route changes no other route', () => {
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      const [victim, ...others] = world.httpRoutes;
      if (victim === undefined) return;
      const filters = [
        { type: 'ExtensionRef', extensionRef: { group: 'x', kind: 'X', name: 'x' } },
      ];
      const rules = [{ matches: [{ path: { type: 'RegularExpression', value: '(' } }], filters }];
      const broken = { ...victim, spec: { ...victim.spec, rules } } as unknown as HTTPRoute;
      const withBroken = routesById({ ...world, httpRoutes: [broken, ...others] });
      const without = routesById({ ...world, httpRoutes: others });
      for (const [id, config] of without) assert.deepEqual(withBroken.get(id), config);
    }),
    RUNS,
  );
});

test('safe: nothing is reached in another namespace without a grant', () => {
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      for (const config of Object.values(reconcile(world).configs)) {
        for (const route of config.routes) {
          for (const id of backendIds(route.rules)) {
            const [, namespace = '', target = ''] = id.split('/');
            const name = target.split(':')[0] ?? '';
            if (namespace === route.object.namespace) continue;
            const from = { kind: 'HTTPRoute', namespace: route.object.namespace };
            assert.ok(isGranted(world, from, { kind: 'Service', namespace, name }), id);
          }
        }
        for (const { owner, tls } of config.binds.flatMap((bind) => bind.listeners)) {
          for (const { id } of tls?.certificates ?? []) {
            const [namespace = '', name = ''] = id.split('/');
            if (namespace === owner.namespace) continue;
            assert.ok(isGranted(world, owner, { kind: 'Secret', namespace, name }), id);
          }
        }
      }
    }),
    RUNS,
  );
});

test('a listener is programmed exactly when it stands in the config that is served', () => {
  fc.assert(
    fc.property(arbitraryWorld, (arbitrary) => {
      // Without Pods: with them, one has to be ready first.
      const { addresses } = arbitrary.settings;
      const world = { ...arbitrary, settings: { ...SETTINGS, addresses } };
      const { configs } = reconcile(world);
      const acks = Object.entries(configs).map(([gateway, { version }]) => ({ gateway, version }));
      const result = reconcile({ ...world, acks });
      const served = Object.values(configs).flatMap(({ binds }) =>
        binds.flatMap(({ listeners }) =>
          listeners.map(
            ({ owner, name }) => `${owner.kind}/${owner.namespace}/${owner.name}/${name}`,
          ),
        ),
      );
      const programmed = result.effects.flatMap((effect) => {
        if (effect.kind !== 'patch-status') return [];
        const { kind, namespace, name } = effect.target;
        const { listeners = [] } = effect.status as { listeners?: readonly ListenerStatus[] };
        return listeners
          .filter(isProgrammed)
          .map((one) => `${kind}/${namespace}/${name}/${one.name}`);
      });
      assert.deepEqual(programmed.sort(), served.sort());
    }),
    RUNS,
  );
});

interface ListenerStatus {
  readonly name: string;
  readonly conditions: readonly { readonly type: string; readonly status: string }[];
}

function isProgrammed({ conditions }: ListenerStatus): boolean {
  return conditions.some(({ type, status }) => type === 'Programmed' && status === 'True');
}

interface Named {
  readonly metadata: { readonly namespace?: string; readonly name: string };
}

function sameName(one: Named, other: Named): boolean {
  return (
    one.metadata.name === other.metadata.name && one.metadata.namespace === other.metadata.namespace
  );
}

/** What an API server and a data plane do with a result. */
function settle(world: WorldSnapshot, result: ReconcileResult): WorldSnapshot {
  const written = new Map(Object.entries(statuses(result)));
  const write = <T extends Named & { readonly kind: string }>(objects: readonly T[]): T[] =>
    objects.map((object) => {
      const status = written.get(keyOf(object));
      return status === undefined ? object : { ...object, status };
    });
  const lists = Object.fromEntries(LISTS.map((list) => [list, write<never>(world[list] as never)]));
  const acks = Object.entries(result.configs).map(([gateway, { version }]) => ({
    gateway,
    version,
  }));
  return { ...world, ...lists, acks };
}

function settledStatuses(world: WorldSnapshot, result: ReconcileResult): ReconcileResult {
  return reconcile(rebuild(settle(world, result)));
}

function keyOf({ kind, metadata }: Named & { readonly kind: string }): string {
  return [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join('/');
}

function statuses(result: ReconcileResult): Record<string, object> {
  return Object.fromEntries(
    result.effects.flatMap((effect) =>
      effect.kind === 'patch-status'
        ? [[effect.id.replace('patch-status/', ''), effect.status]]
        : [],
    ),
  );
}

function attachTo(route: HTTPRoute, gateway: string): HTTPRoute {
  const parentRefs = [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway }];
  return {
    ...route,
    metadata: {
      ...route.metadata,
      namespace: 'foreign',
      name: `${route.metadata.name}-${gateway}`,
    },
    spec: { ...route.spec, parentRefs },
  };
}

function routesById(world: WorldSnapshot): ReadonlyMap<string, unknown> {
  const configs = Object.values(reconcile(world).configs);
  return new Map(configs.flatMap(({ routes }) => routes.map((route) => [route.id, route])));
}

type Rules = ReconcileResult['configs'][string]['routes'][number]['rules'];

function backendIds(rules: Rules): string[] {
  return rules.flatMap(({ filters, backends }) => {
    const all = [...filters, ...backends.flatMap((backend) => backend.filters)];
    const mirrors = all.flatMap((filter) => (filter.kind === 'mirror' ? [filter.backend] : []));
    return [...mirrors, ...backends.flatMap(({ backend }) => backend ?? [])];
  });
}

/** Written from GEP-709's prose, apart from the code under test. */
function isGranted(
  world: WorldSnapshot,
  from: { readonly kind: string; readonly namespace: string },
  to: { readonly kind: string; readonly namespace: string; readonly name: string },
): boolean {
  const admits = ({ metadata, spec }: ReferenceGrant): boolean =>
    metadata.namespace === to.namespace &&
    spec.from.some(({ kind, namespace }) => kind === from.kind && namespace === from.namespace) &&
    spec.to.some(({ kind, name = to.name }) => kind === to.kind && name === to.name);
  return world.referenceGrants.some(admits);
}
