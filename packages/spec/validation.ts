/**
 * Validation of one object, in the order of an API server: find kind and version, prune, default,
 * check structure, rules and metadata. Total: never throws, whatever the value.
 */
import { fillCoreDefaults } from './core-defaults.ts';
import { fillDefaults } from './defaulting.ts';
import { freezeJson, isDeeperThan, isObject, type JsonObject } from './json.ts';
import { chooseKind, experimentalSchema, formatApiVersion, type KindChoice } from './kinds.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { checkMetadata } from './object-metadata.ts';
import type { ObjectName, ObjectProblem } from './problem.ts';
import { prune } from './pruning.ts';
import { checkRules } from './rules.ts';
import type { Channel } from './schema.ts';
import { checkStructure } from './structural.ts';

export interface ValidationOptions {
  readonly channel: Channel;
  /** Namespace of objects that name none; `default` unless given. */
  readonly defaultNamespace?: string;
  /**
   * `ignore` (the default) drops it as an API server does with what users write; `keep` is for
   * objects that come from an API server.
   */
  readonly status?: 'ignore' | 'keep';
}

export interface Validation {
  /**
   * Deeply frozen, pruned, defaulted, in the preferred version. Absent when there is an error, or
   * only a warning that objects of this kind are not read.
   */
  readonly object?: KubernetesObject;
  readonly name: ObjectName;
  readonly problems: readonly ObjectProblem[];
}

export function validateObject(value: unknown, options: ValidationOptions): Validation {
  const name = readName(value);
  const choice = chooseFor(value, options.channel);
  if (!('kind' in choice)) return { name, problems: [choice] };
  const problems: ObjectProblem[] = [];
  const source = value as JsonObject;
  if (choice.version.deprecated) problems.push(deprecation(choice));
  const object = prepare(source, choice, { options, problems });
  check(object, choice, problems);
  const known = { ...readName(object), kind: choice.kind.kind };
  if (problems.some(({ severity }) => severity === 'error')) return { name: known, problems };
  return { name: known, problems, object: finish(object, choice) };
}

/** Deep enough for any schema, and far from what would exhaust the stack. */
const depthMax = 100;

/** Name as far as it can be read. */
function readName(value: unknown): ObjectName {
  const { kind, metadata } = isObject(value) ? value : {};
  const { name, namespace } = isObject(metadata) ? metadata : {};
  return {
    kind: typeof kind === 'string' ? kind : '',
    ...(typeof namespace === 'string' && { namespace }),
    name: typeof name === 'string' ? name : '',
  };
}

function chooseFor(value: unknown, channel: Channel): KindChoice | ObjectProblem {
  const error = { severity: 'error', rule: 'type' } as const;
  if (!isObject(value)) {
    return {
      ...error,
      field: '',
      message: 'is not a Kubernetes object',
      hint: 'write a map with apiVersion, kind and metadata',
    };
  }
  if (isDeeperThan(value, depthMax)) {
    return {
      ...error,
      field: '',
      rule: `depth: ${depthMax}`,
      message: `is nested more than ${depthMax} levels deep`,
      hint: 'no Kubernetes object is nested like that',
    };
  }
  for (const field of ['apiVersion', 'kind']) {
    if (typeof value[field] === 'string' && value[field] !== '') continue;
    return {
      ...error,
      rule: 'required',
      field,
      message: 'is required and missing, or not a string',
      hint: 'every object begins with apiVersion and kind',
    };
  }
  return chooseKind(String(value.apiVersion), String(value.kind), channel);
}

function deprecation({ kind, version }: KindChoice): ObjectProblem {
  return {
    severity: 'warning',
    field: 'apiVersion',
    rule: 'deprecated version',
    message: `version "${version.name}" of ${kind.kind} is deprecated`,
    hint: `write apiVersion: ${formatApiVersion(kind.group, kind.preferred.name)}`,
  };
}

interface Preparation {
  readonly options: ValidationOptions;
  readonly problems: ObjectProblem[];
}

/** A pruned and defaulted copy. */
function prepare(
  source: JsonObject,
  choice: KindChoice,
  { options, problems }: Preparation,
): JsonObject {
  const { schema } = choice.version;
  const wider = options.channel === 'standard' ? experimentalSchema(choice) : undefined;
  const object = prune(source, { schema, wider, path: [], problems }) as JsonObject;
  if (options.status !== 'keep') delete object.status;
  if (isObject(object.metadata)) settleNamespace(object.metadata, choice, { options, problems });
  fillDefaults(object, schema);
  fillCoreDefaults(object);
  return object;
}

function settleNamespace(
  metadata: JsonObject,
  { kind }: KindChoice,
  { options, problems }: Preparation,
): void {
  if (kind.namespaced) {
    metadata.namespace ||= options.defaultNamespace ?? 'default';
  } else if (metadata.namespace !== undefined) {
    delete metadata.namespace;
    problems.push({
      severity: 'warning',
      field: 'metadata.namespace',
      rule: 'cluster scope',
      message: `${kind.kind} objects live in no namespace: it is ignored`,
      hint: 'remove the namespace',
    });
  }
}

function check(object: JsonObject, { kind, version }: KindChoice, problems: ObjectProblem[]): void {
  const blocked = new Set<object>();
  checkStructure(object, version.schema, {
    path: [],
    problems,
    around: [],
    blocked,
    revealValues: kind.kind !== 'Secret',
  });
  checkRules(object, version.schema, { path: [], problems, blocked, converted: new Map() });
  if (isObject(object.metadata)) problems.push(...checkMetadata(object.metadata, kind));
  dropRepetitions(problems);
}

/** That nothing is known within what has the wrong type goes without saying. */
function dropRepetitions(problems: ObjectProblem[]): void {
  const wrong = problems.filter(({ rule }) => rule.startsWith('type: ')).map(({ field }) => field);
  if (wrong.length === 0) return;
  const kept = problems.filter(
    ({ rule, field }) =>
      rule !== 'unknown field' ||
      !wrong.some((outer) => field.startsWith(`${outer}.`) || field.startsWith(`${outer}[`)),
  );
  problems.splice(0, problems.length, ...kept);
}

/** In the preferred version: a served version converts by name alone, then by the new schema. */
function finish(object: JsonObject, { kind, version }: KindChoice): KubernetesObject {
  const { preferred } = kind;
  let result = object;
  if (version.schema !== preferred.schema) {
    result = prune(object, { schema: preferred.schema, path: [], problems: [] }) as JsonObject;
    fillDefaults(result, preferred.schema);
  }
  result.apiVersion = formatApiVersion(kind.group, preferred.name);
  // Sound: the schema that the types were generated from has accepted the value.
  return freezeJson(result) as unknown as KubernetesObject;
}
