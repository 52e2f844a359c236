/** Whether `sluice check` and an API server say the same of an object, and if not, what differs. */
import { isDeepStrictEqual } from 'node:util';
import { parseManifests } from '@sluice/spec';
import { explainVerdicts, isIntended } from './intended.ts';
import type { DrawnObject } from './object-draw.ts';
import type { ServerVerdict } from './server-verdict.ts';
import { dropUnmodelled } from './unmodelled.ts';

export interface Comparison {
  readonly accepted: boolean;
  /** Empty: no difference. */
  readonly differences: readonly Difference[];
  /** Why the verdicts differ on purpose. */
  readonly intended?: string;
}

export interface Difference {
  readonly what: 'verdict' | 'fields' | 'warnings' | 'object';
  readonly ours: unknown;
  readonly server: unknown;
}

/** Reads the object as `sluice check` reads a file. */
export function compareVerdicts(drawn: DrawnObject, server: ServerVerdict): Comparison {
  const text = JSON.stringify(drawn.object);
  const { objects, problems } = parseManifests(text, 'drawn.yaml', { channel: drawn.channel });
  const errors = problems.filter(({ severity }) => severity === 'error');
  const unknown = problems.filter(({ rule }) => unknownRules.has(rule)).map(({ field }) => field);
  const isStrict = drawn.fieldValidation === 'Strict';
  const ours = objects[0] !== undefined && !(isStrict && unknown.length > 0);
  const accepted = server.object !== undefined;
  if (ours !== accepted) {
    const why = explainVerdicts(errors, server);
    if (why !== undefined) return { accepted, differences: [], intended: why };
    const said = isStrict ? problems : errors;
    const saidOfFields = said.map(({ field, message }) => `${field}: ${message}`);
    const difference = { what: 'verdict', ours: saidOfFields, server: server.message } as const;
    return { accepted, differences: [difference] };
  }
  const differences = accepted
    ? [...compareWarnings(unknown, server), ...compareObjects(drawn, objects[0]?.object, server)]
    : compareFields(drawn, [...errors.map(({ field }) => field), ...unknown], server);
  return { accepted, differences };
}

const unknownRules = new Set(['unknown field', 'experimental field']);

/**
 * Ours may say more, as a server stops at the first kind of fault, and may name the list or object
 * around a field or an item of a list. Of built-in kinds, which name maps for their entries, one
 * field in common is enough.
 */
function compareFields(
  { kind }: DrawnObject,
  ours: readonly string[],
  { causes }: ServerVerdict,
): Difference[] {
  const fields = causes.filter((cause) => !isIntended(cause)).map(({ field }) => field);
  const named = ours.map(plainPath);
  const missing = fields.filter((field) => {
    const path = plainPath(field);
    return !named.some(
      (name) =>
        path === name ||
        isWithin(path, name) ||
        (kind.isBuiltIn ? isWithin(name, path) : isOfList(name, path)),
    );
  });
  const isSame =
    kind.isBuiltIn && fields.length > 0 ? missing.length < fields.length : missing.length === 0;
  return isSame ? [] : [{ what: 'fields', ours, server: missing }];
}

/** Servers write keys of maps in several ways or not at all, and of owners no index. */
function plainPath(path: string): string {
  const [map] = /^metadata\.(labels|annotations)\b/.exec(path) ?? [];
  if (map !== undefined) return map;
  return path
    .replace(/\btemplate\.metadata\./, 'template.')
    .replace(/\[([^\]]*[^\]\d][^\]]*)\]/g, '.$1')
    .replace(/(?<=ownerReferences)\[\d+\]/, '');
}

function isWithin(path: string, outer: string): boolean {
  return outer === '' || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** An item of a list, or something in an item. */
function isOfList(path: string, list: string): boolean {
  if (!path.startsWith(list)) return false;
  return list.endsWith(']') ? isWithin(path, list) : /^\[\d+\]$/.test(path.slice(list.length));
}

function compareWarnings(ours: readonly string[], { warnings }: ServerVerdict): Difference[] {
  const server = warnings.flatMap((text) => /unknown field \\*"(.*?)\\*"$/.exec(text)?.[1] ?? []);
  const isSame = isDeepStrictEqual(ours.toSorted(), server.toSorted());
  return isSame ? [] : [{ what: 'warnings', ours, server }];
}

function compareObjects({ kind }: DrawnObject, ours: unknown, server: ServerVerdict): Difference[] {
  const comparable = (object: unknown): unknown => {
    const plain = withoutServerMetadata(object);
    if (!kind.isBuiltIn) return { ...plain, metadata: withoutEmpty(plain['metadata']) };
    return withoutEmpty(dropUnmodelled(kind.kind, plain, kind.schema));
  };
  const [left, right] = [comparable(ours), comparable(server.object)];
  return isDeepStrictEqual(left, right) ? [] : [{ what: 'object', ours: left, server: right }];
}

/** Without what a server sets, whatever is written; a default status counts. */
function withoutServerMetadata(object: unknown): Record<string, unknown> {
  const plain = { ...(object as Record<string, unknown>) };
  delete plain['apiVersion'];
  const metadata = Object.entries(plain['metadata'] as object);
  plain['metadata'] = Object.fromEntries(metadata.filter(([name]) => !serverSet.has(name)));
  return plain;
}

/**
 * Without nulls, empty texts, lists and maps, and false: in metadata and in Kubernetes' own kinds a
 * server leaves most of them out, and we leave them as they are. They say nothing either way.
 */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    ([name, child]) => [name, withoutEmpty(child)] as const,
  );
  return Object.fromEntries(entries.filter(([, child]) => !isEmpty(child)));
}

function isEmpty(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === null || value === '' || value === false;
}

const serverSet = new Set([
  'uid',
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);
