/**
 * Rules for names, namespaces, labels, annotations, owners and finalizers, which no schema states.
 *
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
import { formatFieldPath, type PathSegment } from './field-path.ts';
import { isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from './format.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Kind } from './kinds.ts';
import type { ObjectProblem } from './problem.ts';

/** Annotations of one object together, in bytes of UTF-8 at most. */
const annotationsSizeMax = 256 * 1024;

/** Kinds whose names become DNS labels. */
const labelNamedKinds = new Set(['Namespace', 'Service']);

/** The metadata's types have been checked before; what has a wrong type is passed over. */
export function checkMetadata(metadata: JsonObject, kind: Kind): readonly ObjectProblem[] {
  return [
    ...checkName(metadata, kind),
    ...checkNamespace(metadata),
    ...checkKeys(metadata, 'labels'),
    ...checkKeys(metadata, 'annotations'),
    ...checkLabelValues(metadata),
    ...checkAnnotationsSize(metadata),
    ...checkOwners(metadata),
    ...checkFinalizers(metadata, kind),
  ];
}

function checkName({ name }: JsonObject, { kind }: Kind): readonly ObjectProblem[] {
  if (name === undefined || name === '') {
    return [
      problem(['name'], 'required', {
        message: 'is required and missing',
        hint: 'give the object a name; generateName is of no use in a file',
      }),
    ];
  }
  if (typeof name !== 'string') return [];
  const label = labelNamedKinds.has(kind);
  if (label ? isDns1123Label(name) : isDns1123Subdomain(name)) return [];
  return [
    problem(['name'], label ? 'DNS-1123 label' : 'DNS-1123 subdomain', {
      message: `"${shorten(name)}" is not a valid name`,
      hint:
        `use lower-case letters, digits${label ? ' and "-"' : ', "-" and "."'}, beginning and ` +
        `ending with a letter or digit, at most ${label ? 63 : 253} characters`,
    }),
  ];
}

function checkNamespace({ namespace }: JsonObject): readonly ObjectProblem[] {
  if (typeof namespace !== 'string' || isDns1123Label(namespace)) return [];
  return [
    problem(['namespace'], 'DNS-1123 label', {
      message: `"${shorten(namespace)}" is not a valid namespace`,
      hint:
        'use lower-case letters, digits and "-", beginning and ending with a letter or digit, ' +
        'at most 63 characters',
    }),
  ];
}

function checkKeys(metadata: JsonObject, field: 'labels' | 'annotations'): ObjectProblem[] {
  const map = metadata[field];
  if (!isObject(map)) return [];
  // Annotation keys may have capitals in the prefix as well.
  const normal = (key: string): string => (field === 'annotations' ? key.toLowerCase() : key);
  return Object.keys(map)
    .filter((key) => !isQualifiedName(normal(key)))
    .map((key) =>
      problem([field, key], 'qualified name', {
        message: `"${shorten(key)}" is not a valid key`,
        hint:
          'write an optional DNS prefix and "/", then a name of at most 63 letters, digits, ' +
          '"-", "_" and ".", like example.com/team',
      }),
    );
}

function checkLabelValues({ labels }: JsonObject): ObjectProblem[] {
  if (!isObject(labels)) return [];
  return Object.entries(labels)
    .filter(([, value]) => typeof value === 'string' && !isLabelValue(value))
    .map(([key, value]) =>
      problem(['labels', key], 'label value', {
        message: `"${shorten(String(value))}" is not a valid label value`,
        hint:
          'use at most 63 letters, digits, "-", "_" and ".", beginning and ending with a letter ' +
          'or digit; annotations may hold any text',
      }),
    );
}

function checkAnnotationsSize({ annotations }: JsonObject): ObjectProblem[] {
  if (!isObject(annotations)) return [];
  const size = Object.entries(annotations)
    .map(([key, value]) => countBytes(key) + countBytes(String(value)))
    .reduce((sum, length) => sum + length, 0);
  if (size <= annotationsSizeMax) return [];
  return [
    problem(['annotations'], 'size', {
      message: `annotations take ${size} bytes, at most ${annotationsSizeMax} are allowed`,
      hint: 'remove the largest',
    }),
  ];
}

/** In UTF-8. */
function countBytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function checkOwners({ ownerReferences }: JsonObject): ObjectProblem[] {
  if (!Array.isArray(ownerReferences)) return [];
  const owners = ownerReferences.filter(isObject);
  const controllers = owners.filter(({ controller }) => controller === true);
  return [
    ...owners.flatMap(checkOwner),
    ...controllers.slice(1).map(() =>
      problem(['ownerReferences'], 'one controller', {
        message: 'several owners are said to be the controller',
        hint: 'leave controller: true to one of them',
      }),
    ),
  ];
}

function checkOwner(owner: JsonObject, index: number): ObjectProblem[] {
  const path = ['ownerReferences', index];
  const { apiVersion, kind } = owner;
  const wrong = ['kind', 'name', 'uid'].filter((field) => owner[field] === '');
  // Nothing at all, or more than a group and a version.
  if (typeof apiVersion === 'string' && !/^[^/]*\/?[^/]+$/.test(apiVersion)) {
    wrong.push('apiVersion');
  }
  const problems = wrong.map((field) =>
    problem([...path, field], 'owner', {
      message: `${show(owner[field])} does not name an owner`,
      hint: 'copy it from the owner, or remove ownerReferences',
    }),
  );
  if (apiVersion !== 'v1' || kind !== 'Event') return problems;
  const words = { message: 'an Event can own nothing', hint: 'remove this owner' };
  return [...problems, problem(path, 'owner', words)];
}

function checkFinalizers({ finalizers }: JsonObject, { preferred }: Kind): ObjectProblem[] {
  if (!Array.isArray(finalizers)) return [];
  // Kubernetes' own kinds know few finalizers without a domain.
  const isBuiltIn = preferred.schema.decoded === true;
  const isWrong = (name: unknown): boolean =>
    typeof name === 'string' &&
    (!isQualifiedName(name) || (isBuiltIn && !name.includes('/') && !bareFinalizers.has(name)));
  const problems = finalizers.flatMap((name, index) =>
    isWrong(name)
      ? problem(['finalizers', index], 'qualified name', {
          message: `${show(name)} is not a valid finalizer`,
          hint: 'write a domain, "/" and a name, like example.com/backup',
        })
      : [],
  );
  if (!finalizers.includes('orphan') || !finalizers.includes('foregroundDeletion')) return problems;
  const message = 'orphan and foregroundDeletion contradict each other';
  return [...problems, problem(['finalizers'], 'orphan', { message, hint: 'keep one of them' })];
}

const bareFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

function show(value: unknown): string {
  return shorten(JSON.stringify(value) ?? '');
}

function problem(
  path: readonly PathSegment[],
  rule: string,
  words: { readonly message: string; readonly hint: string },
): ObjectProblem {
  return { severity: 'error', field: formatFieldPath(['metadata', ...path]), rule, ...words };
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
