/**
 * Defaulting: absent fields get the schema's default, then the defaults within it. A default
 * applies only where the object that would hold it exists.
 */
import { copyJson, isObject, type JsonObject } from './json.ts';
import type { Schema } from './schema.ts';

/** Fills in place; the value must be a copy. */
export function fillDefaults(value: unknown, schema: Schema): void {
  if (Array.isArray(value)) {
    if (schema.items === undefined || !hasDefaults(schema.items)) return;
    for (const item of value) fillDefaults(item, schema.items);
  } else if (isObject(value)) fillObject(value, schema);
}

function fillObject(value: JsonObject, schema: Schema): void {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default !== undefined && !Object.hasOwn(value, name)) {
      value[name] = copyJson(property.default);
    }
    if (Object.hasOwn(value, name) && hasDefaults(property)) fillDefaults(value[name], property);
  }
  if (schema.additionalProperties && hasDefaults(schema.additionalProperties)) {
    for (const child of Object.values(value)) fillDefaults(child, schema.additionalProperties);
  }
}

/** Whether a default stands anywhere below: most of an object need not be walked. */
function hasDefaults(schema: Schema): boolean {
  const known = below.get(schema);
  if (known !== undefined) return known;
  const children = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...(schema.additionalProperties ? [schema.additionalProperties] : []),
  ];
  const result = children.some((child) => child.default !== undefined || hasDefaults(child));
  below.set(schema, result);
  return result;
}

const below = new WeakMap<Schema, boolean>();
