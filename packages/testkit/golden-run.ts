/**
 * Runs a golden case: each step is one world, reconciled until the data planes have caught up.
 * Compares what came out with what the case expects, and renders it for `out.yaml`.
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
import { findFalseClaims } from './false-claims.ts';
import type { Expectation, GoldenCase, GoldenStep, World } from './golden-case.ts';
import { type Manifest, readManifests } from './manifests.ts';
import { findMismatches, mismatch } from './mismatch.ts';
import { compareRequest, type TrustBundles } from './request-case.ts';
import { compareStatus, findStaleConditions } from './status-case.ts';

export interface StepResult {
  readonly about: string;
  readonly configs: ReconcileResult['configs'];
  readonly findings: readonly Finding[];
  /** Desired status by `Kind namespace/name`. */
  readonly statuses: Readonly<Record<string, object>>;
  /** The world of this step, by `Kind namespace/name`. */
  readonly objects: ReadonlyMap<string, Manifest>;
}

export function runGoldenCase(goldenCase: GoldenCase): StepResult[] {
  const { world, steps, path } = goldenCase;
  let objects: ReadonlyMap<string, Manifest> = new Map();
  return steps.map((step) => {
    objects = applyStep(objects, step, { world, path });
    const result = settle(snapshotOf(world, [...objects.values()]), world);
    const { configs, findings } = result;
    return { about: step.about, configs, findings, statuses: statusesOf(result), objects };
  });
}

/** What an expectation says and a step's result does not; empty: it holds. */
export function compareStep(expectation: Expectation, result: StepResult): string[] {
  const { statuses = {}, requests = [], findings } = expectation;
  const bundles = trustBundlesOf(result.objects);
  return [
    ...Object.entries(statuses).flatMap(([key, status]) =>
      compareStatus(status, result.statuses[key], key),
    ),
    ...Object.entries(result.statuses).flatMap(([key, status]) => {
      const generation = result.objects.get(key)?.metadata.generation;
      return generation === undefined
        ? [mismatch(key, 'no status', status)]
        : findStaleConditions(status, generation, key);
    }),
    ...findFalseClaims(result.statuses, result.configs),
    ...requests.flatMap((request) => compareRequest(request, result.configs, bundles)),
    ...(findings === undefined
      ? []
      : findMismatches(findings, result.findings.map(shortenFinding), 'findings')),
  ];
}

/** `Kind namespace/name`. */
export function nameSubject({ kind, namespace, name }: Omit<Finding['subject'], 'group'>): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function applyStep(
  before: ReadonlyMap<string, Manifest>,
  step: GoldenStep,
  { world, path }: Pick<GoldenCase, 'world' | 'path'>,
): ReadonlyMap<string, Manifest> {
  const objects = new Map(before);
  for (const key of step.delete) {
    if (!objects.delete(key)) throw new Error(`${path}: nothing to delete: ${key}`);
  }
  for (const object of readManifests(step.manifests, `${path}/in.yaml`, world.channel)) {
    objects.set(nameSubject({ kind: object.kind, ...object.metadata }), object);
  }
  return objects;
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
  const acks: Ack[] = Object.entries(first.configs).map(([gateway, { version }]) => ({
    gateway,
    version,
  }));
  const second = reconcile({ ...snapshot, acks });
  if (JSON.stringify(second.configs) !== JSON.stringify(first.configs)) {
    throw new Error('an acknowledgement changed a config');
  }
  return second;
}

function statusesOf({ effects }: ReconcileResult): Record<string, object> {
  const entries = effects.flatMap((effect) =>
    effect.kind === 'patch-status' ? [[nameSubject(effect.target), effect.status] as const] : [],
  );
  const statuses = Object.fromEntries(entries);
  if (Object.keys(statuses).length < entries.length) throw new Error('two statuses for one object');
  return statuses;
}

function trustBundlesOf(objects: StepResult['objects']): TrustBundles {
  return new Map(
    [...objects.values()].flatMap((object) => {
      if (object.kind !== 'ConfigMap') return [];
      const { metadata, data } = object;
      return [[`${metadata.namespace}/${metadata.name}`, data?.['ca.crt'] ?? ''] as const];
    }),
  );
}

/** As `expect.yaml` writes it: the subject in one line. */
function shortenFinding({ subject, ...finding }: Finding): object {
  return { ...finding, subject: nameSubject(subject) };
}
