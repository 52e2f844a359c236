/**
 * Manifests: YAML text to validated objects, every problem located.
 *
 * Total: whatever the text, each object is in `objects` or in `rejected`, each rejection has an
 * error that says why, and what is of no interest here has a warning.
 */
import { formatFieldPath, type PathSegment, parseFieldPath } from './field-path.ts';
import { isObject } from './json.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import type { ObjectName, ObjectProblem, Problem } from './problem.ts';
import { type ValidationOptions, validateObject } from './validation.ts';
import { type Position, readYamlDocuments, type YamlDocument } from './yaml-document.ts';

export interface Manifest {
  /** In the order of the text. */
  readonly objects: readonly ParsedObject[];
  readonly rejected: readonly RejectedObject[];
  readonly problems: readonly Problem[];
}

export interface ParsedObject extends Position {
  /** Deeply frozen, pruned, defaulted. */
  readonly object: KubernetesObject;
  readonly file: string;
  /** Where a field path like `spec.rules[0].matches` stands, or the nearest around it. */
  readonly locate: (fieldPath: string) => Position;
}

export interface RejectedObject extends Position {
  /** As far as it could be read. */
  readonly name: ObjectName;
  readonly file: string;
}

/** Reads all documents of one file; `List` objects are unfolded. */
export function parseManifests(text: string, file: string, options: ValidationOptions): Manifest {
  const reading: Reading = { file, options, objects: [], rejected: [], problems: [] };
  for (const result of readYamlDocuments(text)) {
    if ('document' in result) {
      readValue(result.document.value, [], { ...reading, document: result.document });
      continue;
    }
    for (const error of result.errors) reading.problems.push(yamlProblem(error, file));
  }
  return joinManifests([reading]);
}

/** Several files as one: an object that is there already is rejected, with a problem. */
export function joinManifests(manifests: readonly Manifest[]): Manifest {
  const first = new Map<string, ParsedObject>();
  const rejected = manifests.flatMap((manifest) => manifest.rejected);
  const problems = manifests.flatMap((manifest) => manifest.problems);
  for (const parsed of manifests.flatMap((manifest) => manifest.objects)) {
    const key = identity(parsed.object);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, parsed);
    else {
      const { file, line, column } = parsed;
      rejected.push({ name: nameOf(parsed.object), file, line, column });
      problems.push(duplicateProblem(parsed, earlier));
    }
  }
  return { objects: [...first.values()], rejected, problems };
}

interface Reading {
  readonly file: string;
  readonly options: ValidationOptions;
  readonly objects: ParsedObject[];
  readonly rejected: RejectedObject[];
  readonly problems: Problem[];
}

interface DocumentReading extends Reading {
  readonly document: YamlDocument;
}

function readValue(value: unknown, path: readonly PathSegment[], reading: DocumentReading): void {
  if (isList(value)) {
    for (const [index, item] of value.items.entries()) {
      readValue(item, [...path, 'items', index], reading);
    }
    return;
  }
  const { file, options, document } = reading;
  const locate = (fieldPath: string): Position =>
    document.locate([...path, ...parseFieldPath(fieldPath)]);
  const { object, name, problems } = validateObject(value, options);
  reading.problems.push(
    ...problems.map((problem) => ({ ...problem, ...locate(problem.field), file, object: name })),
  );
  if (object !== undefined) reading.objects.push({ object, file, ...locate(''), locate });
  else if (problems.some(({ severity }) => severity === 'error')) {
    reading.rejected.push({ name, file, ...locate('') });
  }
}

interface ListObject {
  readonly items: readonly unknown[];
}

/** `List` and `HTTPRouteList`, as `kubectl get -o yaml` prints. */
function isList(value: unknown): value is ListObject {
  if (!isObject(value)) return false;
  return (
    typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items)
  );
}

function yamlProblem(error: Position & { readonly message: string }, file: string): Problem {
  return {
    severity: 'error',
    file,
    line: error.line,
    column: error.column,
    field: '',
    rule: 'yaml',
    message: error.message,
    hint: yamlHint(error.message),
  };
}

function yamlHint(message: string): string {
  if (/unique/.test(message)) return 'remove one of the two keys: only one could count';
  if (/alias/i.test(message)) return 'write the values out instead of repeating aliases';
  if (/too deeply/.test(message)) return 'no Kubernetes object is nested like that';
  if (/[Tt]ab/.test(message)) return 'indent with spaces';
  return 'repair the YAML; the other documents are read all the same';
}

function duplicateProblem(parsed: ParsedObject, earlier: ParsedObject): Problem {
  const { line, column } = parsed.locate('metadata.name');
  const name = nameOf(parsed.object);
  const problem: ObjectProblem = {
    severity: 'error',
    field: formatFieldPath(['metadata', 'name']),
    rule: 'unique object',
    message: `${name.kind} "${name.name}" is there already, at ${earlier.file}:${earlier.line}`,
    hint: 'remove one of the two, or rename it',
  };
  return { ...problem, file: parsed.file, line, column, object: name };
}

/** The version does not count: `v1` and `v1beta1` are one object. */
function identity(object: KubernetesObject): string {
  const { kind, namespace, name } = nameOf(object);
  return `${object.apiVersion.replace(/\/?v[^/]*$/, '')}/${kind}/${namespace ?? ''}/${name}`;
}

function nameOf({ kind, metadata }: KubernetesObject): ObjectName {
  const { name } = metadata;
  return 'namespace' in metadata ? { kind, namespace: metadata.namespace, name } : { kind, name };
}
