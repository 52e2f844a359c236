/** The places of a value: each with its schema, so that it can be changed and stays plausible. */

import type { Schema } from '@sluice/spec';
import { parseFieldPath } from '@sluice/spec';

export interface Place {
  /** The object or list that holds the value. */
  readonly parent: Record<string | number, unknown>;
  readonly key: string | number;
  readonly schema: Schema;
  /** Of the parent. */
  readonly parentSchema: Schema;
}

/** Every value below the root that the schema knows. */
export function listPlaces(root: unknown, schema: Schema): readonly Place[] {
  const places: Place[] = [];
  const visit = (value: unknown, within: Schema): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, child] of Object.entries(value)) {
      const childSchema = schemaOf(name, within);
      if (childSchema === undefined) continue;
      const parent = value as Record<string | number, unknown>;
      const key = Array.isArray(value) ? Number(name) : name;
      places.push({ parent, key, schema: childSchema, parentSchema: within });
      visit(child, childSchema);
    }
  };
  visit(root, schema);
  return places;
}

/** Where a field path leads, or the nearest place around it. */
export function findPlace(root: unknown, schema: Schema, fieldPath: string): Place | undefined {
  let found: Place | undefined;
  let value = root;
  let within = schema;
  for (const key of parseFieldPath(fieldPath)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) break;
    const inside = schemaOf(String(key), within);
    if (inside === undefined) break;
    const parent = value as Record<string | number, unknown>;
    found = { parent, key, schema: inside, parentSchema: within };
    value = parent[key];
    within = inside;
  }
  return found;
}

function schemaOf(name: string, { items, properties, additionalProperties }: Schema) {
  if (items !== undefined) return items;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return additionalProperties;
}

export function valueAt({ parent, key }: Place): unknown {
  return parent[key];
}

export function replaceAt({ parent, key }: Place, value: unknown): void {
  parent[key] = value;
}

export function removeAt({ parent, key }: Place): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}
