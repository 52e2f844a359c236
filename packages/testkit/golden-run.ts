/**
 * Runs a golden case, step by step, and compares what comes out with what the case expects.
 */
import type { Finding } from '@sluice/core';
import { findFalseClaims } from './false-claims.ts';
import type { Expectation, GoldenCase, GoldenStep } from './golden-case.ts';
import { nameSubject, reconcileWorld, type WorldResult } from './golden-world.ts';
import { type Manifest, readManifests } from './manifests.ts';
import { findMismatches, mismatch } from './mismatch.ts';
import { compareRequest, type TrustBundles } from './request-case.ts';
import { compareStatus, findStaleConditions } from './status-case.ts';

export interface StepResult extends WorldResult {
  readonly about: string;
  /** The world of this step, by `Kind namespace/name`. */
  readonly objects: ReadonlyMap<string, Manifest>;
}

export function runGoldenCase(goldenCase: GoldenCase): StepResult[] {
  const { world, steps, path } = goldenCase;
  let objects: ReadonlyMap<string, Manifest> = new Map();
  return steps.map((step) => {
    objects = applyStep(objects, step, { world, path });
    return { about: step.about, objects, ...reconcileWorld(world, [...objects.values()]) };
  });
}

/** What an expectation says and a step's result does not; empty: it holds. */
export function compareStep(expectation: Expectation, result: StepResult): string[] {
  const { statuses = {}, requests = [], owned = {}, deleted, findings } = expectation;
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
    ...Object.entries(owned).flatMap(([key, object]) =>
      findMismatches(object ?? undefined, result.owned[key], key),
    ),
    ...(deleted === undefined ? [] : findMismatches(deleted, result.deleted, 'deleted')),
    ...(findings === undefined
      ? []
      : findMismatches(findings, result.findings.map(shortenFinding), 'findings')),
  ];
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
