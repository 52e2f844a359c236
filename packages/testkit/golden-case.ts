/**
 * A golden case: a folder with the whole situation (`in.yaml`), what must hold
 * (`expect.yaml`, written by hand) and all that comes out (`out.yaml`, written by the runner and
 * read by a reviewer).
 *
 * `in.yaml` begins with a `World` document: time, settings, data planes. Manifests follow, as an
 * API server would store them. A `Then` document begins a further step: the manifests after it
 * replace those of the same name. Nothing is injected from outside.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ack, Settings } from '@sluice/core';
import { parseAllDocuments, parse as parseYaml } from 'yaml';
import { checkKeys } from './mismatch.ts';
import type { RequestCase } from './request-case.ts';
import type { StatusCase } from './status-case.ts';

export interface GoldenCase {
  /** Name of the folder: the official test's, where there is one. */
  readonly name: string;
  /** Name of the folder above. */
  readonly feature: string;
  readonly path: string;
  readonly world: World;
  readonly steps: readonly GoldenStep[];
  /** One for each step. */
  readonly expectations: readonly Expectation[];
}

export interface World {
  readonly about: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly channel: 'standard' | 'experimental';
  readonly settings: Settings;
  /** `current`: each data plane acknowledges the newest config; else the acks as they are. */
  readonly dataPlanes: 'current' | readonly Ack[];
}

export interface GoldenStep {
  readonly about: string;
  /** `Kind namespace/name` of objects that go away. */
  readonly delete: readonly string[];
  /** YAML documents; they replace objects of the same kind and name. */
  readonly manifests: string;
}

export interface Expectation {
  /** By `Kind namespace/name`; null: we write none. */
  readonly statuses?: Readonly<Record<string, StatusCase | null>>;
  readonly requests?: readonly RequestCase[];
  /** By `Kind namespace/name`: what an object to apply holds among other things; null: none is. */
  readonly owned?: Readonly<Record<string, object | null>>;
  /** All objects to delete, as `Kind namespace/name`. */
  readonly deleted?: readonly string[];
  /** All findings, in order; absent: not asserted here (out.yaml holds them). */
  readonly findings?: readonly object[];
}

/** All cases below a folder, sorted; throws when there is none: a run on nothing must not pass. */
export function readGoldenCases(root: string): GoldenCase[] {
  const cases = subfolders(root).flatMap((feature) =>
    subfolders(join(root, feature)).map((name) => readGoldenCase(root, feature, name)),
  );
  if (cases.length === 0) throw new Error(`no golden case below ${root}`);
  return cases;
}

function readGoldenCase(root: string, feature: string, name: string): GoldenCase {
  const path = join(root, feature, name);
  const { world, steps } = readSituation(readFileSync(join(path, 'in.yaml'), 'utf8'), path);
  const expectations = readExpectations(readFileSync(join(path, 'expect.yaml'), 'utf8'), path);
  if (expectations.length !== steps.length) {
    throw new Error(`${path}: ${steps.length} steps, but ${expectations.length} expectations`);
  }
  return { name, feature, path, world, steps, expectations };
}

function readSituation(text: string, path: string): Pick<GoldenCase, 'world' | 'steps'> {
  const documents = parseAllDocuments(text);
  const steps: { about: string; delete: string[]; manifests: string }[] = [];
  let world: World | undefined;
  for (const document of documents) {
    const value: unknown = document.toJS();
    if (isKind(value, 'World')) {
      world = readWorld(value, path);
      steps.push({ about: world.about, delete: [], manifests: '' });
    } else if (isKind(value, 'Then')) {
      checkKeys(value, ['apiVersion', 'kind', 'about', 'delete'], `${path}/in.yaml`);
      const { about, delete: gone = [] } = value as { about: string; delete?: string[] };
      steps.push({ about, delete: gone, manifests: '' });
    } else {
      const step = steps.at(-1);
      if (step === undefined) throw new Error(`${path}/in.yaml: does not begin with a World`);
      const [start, , end] = document.range;
      step.manifests += `---\n${text.slice(start, end).replace(/^---\n/, '')}`;
    }
  }
  if (world === undefined) throw new Error(`${path}/in.yaml: has no World`);
  return { world, steps };
}

function readWorld(value: object, path: string): World {
  const known = ['apiVersion', 'kind', 'about', 'now', 'channel', 'settings', 'dataPlanes'];
  checkKeys(value, known, `${path}/in.yaml`);
  const { about, now, channel, settings, dataPlanes } = value as Omit<World, 'now'> & {
    now: string;
  };
  return { about, now: Date.parse(now), channel, settings, dataPlanes };
}

function readExpectations(text: string, path: string): Expectation[] {
  const value = (parseYaml(text) ?? {}) as Expectation & { steps?: Expectation[] };
  const steps = value.steps ?? [value];
  if (value.steps !== undefined) checkKeys(value, ['steps'], `${path}/expect.yaml`);
  for (const step of steps) {
    checkKeys(
      step,
      ['statuses', 'requests', 'owned', 'deleted', 'findings'],
      `${path}/expect.yaml`,
    );
    if (Object.keys(step).length === 0) throw new Error(`${path}/expect.yaml: asserts nothing`);
  }
  return steps;
}

function isKind(value: unknown, kind: string): value is object {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

function subfolders(path: string): string[] {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}
