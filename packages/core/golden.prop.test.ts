/**
 * What holds of reconcile in every world, tried on the worlds of the golden cases: the order of
 * objects does not matter, a second turn over its own statuses changes nothing, and objects of
 * another controller change nothing.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type Manifest,
  nameSubject,
  readGoldenCases,
  reconcileWorld,
  runGoldenCase,
  type StepResult,
  type World,
} from '@sluice/testkit';
import fc from 'fast-check';

interface Scene {
  readonly world: World;
  readonly objects: readonly Manifest[];
  readonly result: StepResult;
}

/** By feature, case and step, so that a counterexample prints as a name. */
const scenes: ReadonlyMap<string, Scene> = new Map(
  readGoldenCases(join(import.meta.dirname, 'golden')).flatMap((goldenCase) =>
    runGoldenCase(goldenCase).map((result, step) => {
      const name = `${goldenCase.feature}/${goldenCase.name} step ${step}`;
      const objects = [...result.objects.values()];
      return [name, { world: goldenCase.world, objects, result }] as const;
    }),
  ),
);
const anyName = fc.constantFrom(...scenes.keys());

test('the order in which objects arrive changes nothing', () => {
  fc.assert(
    fc.property(anyName, fc.infiniteStream(fc.nat()), (name, ranks) => {
      const { world, objects, result } = sceneOf(name);
      const ranked = objects.map((object) => ({ object, rank: ranks.next().value ?? 0 }));
      const shuffled = ranked.sort((one, other) => one.rank - other.rank);
      const outcome = reconcileWorld(
        world,
        shuffled.map(({ object }) => object),
      );
      assert.deepEqual(outcome, outcomeOf(result));
    }),
    { numRuns: 100 },
  );
});

test('a later turn over the statuses of the first changes nothing', () => {
  for (const [name, { world, objects, result }] of scenes) {
    const written = objects.map((object) => withStatus(object, result));
    const later = reconcileWorld({ ...world, now: world.now + 3_600_000 }, written);
    assert.deepEqual(later, outcomeOf(result), name);
  }
});

test('objects of another controller change nothing', () => {
  fc.assert(
    fc.property(anyName, anyName, (name, otherName) => {
      const { world, objects, result } = sceneOf(name);
      const foreign = sceneOf(otherName).objects.map((object) => estrange(object) as Manifest);
      const outcome = reconcileWorld(world, [...objects, ...foreign]);
      const findings = outcome.findings.filter(({ subject }) => !isEstranged(subject.namespace));
      assert.deepEqual({ ...outcome, findings }, outcomeOf(result));
    }),
    { numRuns: 100 },
  );
});

function sceneOf(name: string): Scene {
  const scene = scenes.get(name);
  assert.ok(scene);
  return scene;
}

function outcomeOf({ configs, findings, statuses, owned, deleted }: StepResult): object {
  return { configs, findings, statuses, owned, deleted };
}

function withStatus(object: Manifest, { statuses }: StepResult): Manifest {
  const status = statuses[nameSubject({ kind: object.kind, ...object.metadata })];
  return status === undefined ? object : ({ ...object, status } as Manifest);
}

function isEstranged(namespace: string | undefined): boolean {
  return namespace?.startsWith('other-') === true;
}

/** The same object in other namespaces, and, where it is a class, another controller's. */
function estrange(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => estrange(item));
  if (key === 'namespace') return `other-${String(value)}`;
  if (key === 'gatewayClassName') return 'other';
  if (key === 'controllerName') return 'example.com/other';
  if (key === 'app.kubernetes.io/managed-by') return 'other';
  if (key === 'uid') return `other-${String(value)}`;
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, estrange(item, name)]),
  );
  if (copy['kind'] === 'Namespace' || copy['kind'] === 'GatewayClass') {
    const { metadata } = copy as { metadata: { name: string } };
    const name = copy['kind'] === 'Namespace' ? `other-${metadata.name}` : 'other';
    return { ...copy, metadata: { ...metadata, name } };
  }
  return copy;
}
