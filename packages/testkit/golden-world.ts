/**
 * One world of a golden case, reconciled until the data planes have caught up.
 */
import {
  type Ack,
  buildSnapshot,
  type Finding,
  type ReconcileResult,
  reconcile,
  type WorldSnapshot,
} from '@sluice/core';
import { readSecretFacts } from '@sluice/pki';
import type { World } from './golden-case.ts';
import type { Manifest } from './manifests.ts';

export interface WorldResult {
  readonly configs: ReconcileResult['configs'];
  readonly findings: readonly Finding[];
  /** Desired status by `Kind namespace/name`. */
  readonly statuses: Readonly<Record<string, object>>;
  /** Objects to apply, by `Kind namespace/name`. */
  readonly owned: Readonly<Record<string, object>>;
  /** Objects to delete, as `Kind namespace/name`, in the order of the effects. */
  readonly deleted: readonly string[];
}

export function reconcileWorld(world: World, objects: readonly Manifest[]): WorldResult {
  const result = settle(snapshotOf(world, objects), world);
  return {
    configs: result.configs,
    findings: result.findings,
    statuses: statusesOf(result),
    owned: Object.fromEntries(
      result.effects.flatMap((effect) =>
        effect.kind === 'apply' ? [[nameSubject(effect.target), effect.object] as const] : [],
      ),
    ),
    deleted: result.effects.flatMap((effect) =>
      effect.kind === 'delete' ? [nameSubject(effect.target)] : [],
    ),
  };
}

/** `Kind namespace/name`. */
export function nameSubject({ kind, namespace, name }: Omit<Finding['subject'], 'group'>): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function snapshotOf(world: World, objects: readonly Manifest[]): WorldSnapshot {
  return buildSnapshot(objects, {
    now: world.now,
    settings: world.settings,
    acks: world.dataPlanes === 'current' ? [] : world.dataPlanes,
    capabilities: { channel: world.channel },
    secrets: objects.filter((object) => object.kind === 'Secret').map(readSecretFacts),
  });
}

/** Data planes that keep up acknowledge what was published; a second turn changes no config. */
function settle(snapshot: WorldSnapshot, world: World): ReconcileResult {
  const first = reconcile(snapshot);
  if (world.dataPlanes !== 'current') return first;
  const acks = Object.entries(first.configs).flatMap(([gateway, { version }]): Ack[] =>
    instancesOf(snapshot).map((instance) => ({ gateway, version, ...instance })),
  );
  const second = reconcile({ ...snapshot, acks });
  if (JSON.stringify(second.configs) !== JSON.stringify(first.configs)) {
    throw new Error('an acknowledgement changed a config');
  }
  return second;
}

/** Every Pod there is answers for every Gateway: the core looks for those of the Gateway. */
function instancesOf({ settings, endpointSlices }: WorldSnapshot): readonly Partial<Ack>[] {
  if (settings.provisioning === undefined) return [{}];
  const endpoints = endpointSlices.flatMap((slice) => slice.endpoints);
  return endpoints.flatMap(({ addresses }) => addresses.map((instance) => ({ instance })));
}

function statusesOf({ effects }: ReconcileResult): Record<string, object> {
  const entries = effects.flatMap((effect) =>
    effect.kind === 'patch-status' ? [[nameSubject(effect.target), effect.status] as const] : [],
  );
  const statuses = Object.fromEntries(entries);
  if (Object.keys(statuses).length < entries.length) throw new Error('two statuses for one object');
  return statuses;
}
