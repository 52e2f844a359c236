/**
 * What a case expects of an object's status, in a short form:
 * `conditions: {Accepted: True, ResolvedRefs: False/RefNotPermitted}`, listeners by name.
 *
 * Beside what a case says, one rule holds for every status: all conditions are at the object's
 * generation, since a stale one reads as an unfinished answer.
 */
import { checkKeys, findMismatches, isRecord, mismatch } from './mismatch.ts';

export interface StatusCase {
  readonly conditions?: Conditions;
  readonly absentConditions?: readonly string[];
  /** Of every condition. */
  readonly observedGeneration?: number;
  /** By type of condition. */
  readonly transitionTimes?: Readonly<Record<string, string>>;
  /** All listeners, by name. */
  readonly listeners?: Readonly<Record<string, ListenerStatusCase>>;
  /** Each must be there; there may be others. */
  readonly parents?: readonly ParentStatusCase[];
  /** All entries of a policy's status: its conditions by the Gateway (`namespace/name`). */
  readonly ancestors?: Readonly<Record<string, Conditions>>;
  /** Number of entries. */
  readonly parentCount?: number;
  readonly addresses?: readonly object[];
  readonly attachedListenerSets?: number;
}

export interface ListenerStatusCase {
  readonly attachedRoutes?: number;
  /** Kind names. */
  readonly supportedKinds?: readonly string[];
  readonly conditions?: Conditions;
  readonly absentConditions?: readonly string[];
}

export interface ParentStatusCase {
  readonly parentRef: object;
  readonly controllerName?: string;
  readonly conditions?: Conditions;
}

/** Type → `True`, `False` or `Unknown`, with `/Reason` where the reason matters. */
type Conditions = Readonly<Record<string, string | boolean>>;

const statusKeys = [
  'conditions',
  'absentConditions',
  'observedGeneration',
  'transitionTimes',
  'listeners',
  'parents',
  'ancestors',
  'parentCount',
  'addresses',
  'attachedListenerSets',
];
const listenerKeys = ['attachedRoutes', 'supportedKinds', 'conditions', 'absentConditions'];
const parentKeys = ['parentRef', 'controllerName', 'conditions'];

/** Differences between a status and what a case expects of it, null: that none is written. */
export function compareStatus(
  expected: StatusCase | null,
  actual: unknown,
  path: string,
): string[] {
  if (expected === null) return actual === undefined ? [] : [mismatch(path, undefined, actual)];
  checkKeys(expected, statusKeys, path);
  if (!isRecord(actual)) return [mismatch(path, expected, actual)];
  const { observedGeneration, parents, parentCount, addresses, attachedListenerSets } = expected;
  const found = listOf(actual['parents']);
  return [
    ...compareConditions(expected, actual['conditions'], path),
    ...(observedGeneration === undefined
      ? []
      : findStaleConditions(actual, observedGeneration, path)),
    ...compareTransitionTimes(expected.transitionTimes, actual['conditions'], path),
    ...compareListeners(expected.listeners, actual['listeners'], path),
    ...(parents ?? []).flatMap((parent) => compareParent(parent, found, path)),
    ...compareAncestors(expected.ancestors, listOf(actual['ancestors']), path),
    ...(parentCount === undefined || parentCount === found.length
      ? []
      : [mismatch(`${path}.parents`, `${parentCount} entries`, `${found.length} entries`)]),
    ...(addresses === undefined
      ? []
      : findMismatches(addresses, actual['addresses'], `${path}.addresses`)),
    ...(attachedListenerSets === undefined
      ? []
      : findMismatches(
          attachedListenerSets,
          actual['attachedListenerSets'] ?? 0,
          `${path}.attachedListenerSets`,
        )),
  ];
}

/** Conditions anywhere in a status that are not at the generation. */
export function findStaleConditions(status: unknown, generation: number, path: string): string[] {
  if (Array.isArray(status)) {
    return status.flatMap((item, index) =>
      findStaleConditions(item, generation, `${path}[${index}]`),
    );
  }
  if (!isRecord(status)) return [];
  return Object.entries(status).flatMap(([key, value]) =>
    key !== 'conditions'
      ? findStaleConditions(value, generation, `${path}.${key}`)
      : listOf(value).flatMap((condition) =>
          findMismatches(
            generation,
            condition['observedGeneration'],
            `${path}.${String(condition['type'])}.observedGeneration`,
          ),
        ),
  );
}

function compareConditions(
  expected: Pick<StatusCase, 'conditions' | 'absentConditions'>,
  actual: unknown,
  path: string,
): string[] {
  const byType = new Map(listOf(actual).map((condition) => [condition['type'], condition]));
  const present = Object.entries(expected.conditions ?? {}).flatMap(([type, value]) => {
    const [status = '', reason] = writeBoolean(value).split('/');
    const condition = byType.get(type);
    const matches =
      condition?.['status'] === status && (reason === undefined || condition['reason'] === reason);
    return matches ? [] : [mismatch(`${path}.${type}`, writeBoolean(value), showOf(condition))];
  });
  const absent = (expected.absentConditions ?? []).flatMap((type) =>
    byType.has(type) ? [mismatch(`${path}.${type}`, undefined, showOf(byType.get(type)))] : [],
  );
  return [...present, ...absent];
}

function compareTransitionTimes(
  expected: StatusCase['transitionTimes'],
  actual: unknown,
  path: string,
): string[] {
  return Object.entries(expected ?? {}).flatMap(([type, time]) => {
    const condition = listOf(actual).find((candidate) => candidate['type'] === type);
    return findMismatches(time, condition?.['lastTransitionTime'], `${path}.${type} since`);
  });
}

function compareListeners(
  expected: StatusCase['listeners'],
  actual: unknown,
  path: string,
): string[] {
  if (expected === undefined) return [];
  const byName = new Map(listOf(actual).map((listener) => [String(listener['name']), listener]));
  const names = findMismatches(
    Object.keys(expected).sort(),
    [...byName.keys()].sort(),
    `${path}.listeners`,
  );
  const each = Object.entries(expected).flatMap(([name, listener]) => {
    const place = `${path}.listeners[${name}]`;
    checkKeys(listener, listenerKeys, place);
    return compareListener(listener, byName.get(name) ?? {}, place);
  });
  return [...names, ...each];
}

function compareListener(
  expected: ListenerStatusCase,
  actual: Record<string, unknown>,
  path: string,
): string[] {
  const { attachedRoutes, supportedKinds } = expected;
  const kinds = listOf(actual['supportedKinds']).map((kind) => kind['kind']);
  return [
    ...compareConditions(expected, actual['conditions'], path),
    ...(attachedRoutes === undefined
      ? []
      : findMismatches(attachedRoutes, actual['attachedRoutes'], `${path}.attachedRoutes`)),
    ...(supportedKinds === undefined
      ? []
      : findMismatches(supportedKinds, kinds, `${path}.supportedKinds`)),
  ];
}

function compareParent(
  expected: ParentStatusCase,
  actual: readonly Record<string, unknown>[],
  path: string,
): string[] {
  const place = `${path}.parents[${JSON.stringify(expected.parentRef)}]`;
  checkKeys(expected, parentKeys, place);
  const { parentRef, controllerName } = expected;
  const entry = actual.find((parent) => isSameParent(parentRef, parent['parentRef']));
  if (entry === undefined) return [mismatch(place, 'an entry', actual.map(parentRefOf))];
  return [
    ...(controllerName === undefined
      ? []
      : findMismatches(controllerName, entry['controllerName'], `${place}.controllerName`)),
    ...compareConditions(expected, entry['conditions'], place),
  ];
}

function compareAncestors(
  expected: StatusCase['ancestors'],
  actual: readonly Record<string, unknown>[],
  path: string,
): string[] {
  if (expected === undefined) return [];
  const byGateway = new Map(actual.map((entry) => [gatewayOf(entry['ancestorRef']), entry]));
  const names = findMismatches(
    Object.keys(expected).sort(),
    [...byGateway.keys()].sort(),
    `${path}.ancestors`,
  );
  const each = Object.entries(expected).flatMap(([name, conditions]) =>
    compareConditions(
      { conditions },
      byGateway.get(name)?.['conditions'],
      `${path}.ancestors[${name}]`,
    ),
  );
  return [...names, ...each];
}

function gatewayOf(ref: unknown): string {
  return isRecord(ref) ? `${String(ref['namespace'])}/${String(ref['name'])}` : '';
}

/** Section name and port tell parents apart even where the expectation has none. */
function isSameParent(expected: object, actual: unknown): boolean {
  const whole = { sectionName: undefined, port: undefined, ...expected };
  return findMismatches(whole, actual, '').length === 0;
}

function parentRefOf(parent: Record<string, unknown>): unknown {
  return parent['parentRef'];
}

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** YAML reads `True` as a boolean. */
function writeBoolean(value: string | boolean): string {
  return value === true ? 'True' : value === false ? 'False' : value;
}

function showOf(condition: Record<string, unknown> | undefined): string | undefined {
  if (condition === undefined) return undefined;
  const { status, reason, message } = condition;
  return `${String(status)}/${String(reason)}: ${String(message)}`;
}
