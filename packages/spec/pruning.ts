/**
 * Pruning: what a schema does not know is dropped, and said. Nulls of fields go the same way, in
 * silence, as in an API server. The input is not changed.
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
  readonly path: PathSegment[];
  readonly problems: ObjectProblem[];
}

/** A copy of the value that holds only what the schema knows. */
export function prune(value: unknown, pruning: Pruning): unknown {
  const { schema, wider } = pruning;
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
    if (child === null || child === undefined) continue;
    const known = childSchema(schema, name);
    if (known !== undefined) {
      const next = { ...pruning, schema: known, wider: wider && childSchema(wider, name) };
      kept.push([name, pruneChild(child, name, next)]);
    } else if (schema.preserveUnknown || schema.type !== 'object') kept.push([name, child]);
    else pruning.problems.push(unknownField(name, pruning));
  }
  return Object.fromEntries(kept);
}

function childSchema(schema: Schema, name: string): Schema | undefined {
  const { properties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return schema.additionalProperties;
}

function pruneChild(value: unknown, segment: PathSegment, pruning: Pruning): unknown {
  pruning.path.push(segment);
  const result = prune(value, pruning);
  pruning.path.pop();
  return result;
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
