/**
 * Pruning: what a schema does not know is dropped, and said. Nulls of known fields go the same way,
 * in silence, as in an API server; within metadata and Kubernetes' own kinds, nulls in lists and
 * maps are zero values. The input is not changed.
 */
import { formatFieldPath, type PathSegment } from './field-path.ts';
import { isObject, type JsonObject } from './json.ts';
import { suggestName } from './name-suggestion.ts';
import type { ObjectProblem } from './problem.ts';
import type { Schema } from './schema.ts';

export interface Pruning {
  readonly schema: Schema;
  /** The experimental channel's schema, when pruning by the standard one. */
  readonly wider?: Schema | undefined;
  /** Whether the schema stands within one that is `decoded`. */
  readonly decoded?: boolean | undefined;
  readonly path: PathSegment[];
  readonly problems: ObjectProblem[];
}

/** A copy of the value that holds only what the schema knows. */
export function prune(value: unknown, outer: Pruning): unknown {
  const { schema, wider } = outer;
  const pruning = schema.decoded ? { ...outer, decoded: true } : outer;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return value.map((item, index) =>
      pruneChild(item, index, { ...pruning, schema: items, wider: wider?.items }),
    );
  }
  if (!isObject(value)) return value;
  return pruneObject(value, pruning);
}

function pruneObject(value: JsonObject, pruning: Pruning): JsonObject {
  const { schema, wider } = pruning;
  const kept: [string, unknown][] = [];
  for (const [name, child] of Object.entries(value)) {
    const known = childSchema(schema, name);
    if (known !== undefined) {
      if (isNothing(child, name, pruning)) continue;
      const next = { ...pruning, schema: known, wider: wider && childSchema(wider, name) };
      kept.push([name, pruneChild(child, name, next)]);
    } else if (!schema.preserveUnknown) pruning.problems.push(unknownField(name, pruning));
    else if (child !== null) kept.push([name, child]);
  }
  return Object.fromEntries(kept);
}

/** Like a field that is not there; an entry of a decoded map is there even so. */
function isNothing(child: unknown, name: string, { schema, decoded }: Pruning): boolean {
  if (child === null) return !decoded || isField(schema, name);
  const isEmpty = child === '' || child === 0;
  return child === undefined || (isEmpty && childSchema(schema, name)?.emptyIsAbsent === true);
}

function isField({ properties }: Schema, name: string): boolean {
  return properties !== undefined && Object.hasOwn(properties, name);
}

function childSchema(schema: Schema, name: string): Schema | undefined {
  return isField(schema, name) ? schema.properties?.[name] : schema.additionalProperties;
}

function pruneChild(value: unknown, segment: PathSegment, pruning: Pruning): unknown {
  if (value === null && pruning.decoded) return zeroValue(pruning.schema);
  pruning.path.push(segment);
  const result = prune(value, pruning);
  pruning.path.pop();
  return result;
}

function zeroValue({ type, intOrString }: Schema): unknown {
  if (type === 'string') return '';
  if (type === 'boolean') return false;
  if (type === 'array') return [];
  return intOrString || type === 'integer' || type === 'number' ? 0 : {};
}

function unknownField(name: string, { schema, wider, path }: Pruning): ObjectProblem {
  const field = formatFieldPath([...path, name]);
  const problem = { severity: 'warning', field, rule: 'unknown field' } as const;
  const experimental = wider?.properties;
  if (experimental !== undefined && Object.hasOwn(experimental, name)) {
    return {
      ...problem,
      rule: 'experimental field',
      message: `field "${name}" is only in the experimental channel: it is ignored`,
      hint: 'choose the experimental channel, or remove the field',
    };
  }
  const known = Object.keys(schema.properties ?? {});
  const suggestion = suggestName(name, known);
  const inside = path.length === 0 ? 'the object' : formatFieldPath(path);
  return {
    ...problem,
    message: `unknown field "${name}": it is ignored`,
    hint:
      suggestion === undefined
        ? `remove it; ${inside} may have: ${known.toSorted().join(', ') || 'nothing'}`
        : `did you mean "${suggestion}"?`,
  };
}
