/**
 * Structural validation: types, bounds, enums, patterns, required fields, list keys.
 *
 * Judges a defaulted value as an API server does and never throws, whatever the value. Values of
 * Secrets are never repeated in a message.
 */
import { reportAlternatives } from './alternatives.ts';
import type { PathSegment } from './field-path.ts';
import { describeJsonType, equalJson, isObject, type JsonObject } from './json.ts';
import type { ObjectProblem } from './problem.ts';
import { checkNumber, checkString, reportEnum } from './scalar.ts';
import type { Schema } from './schema.ts';
import { report, type StructuralCheck, show } from './structural-check.ts';

export function checkStructure(value: unknown, schema: Schema, check: StructuralCheck): void {
  if (!hasType(value, schema)) {
    reportType(value, schema, check);
    return;
  }
  if (schema.enum && !schema.enum.some((allowed) => equalJson(allowed, value))) {
    reportEnum(value, schema.enum, check);
  }
  if (typeof value === 'string') checkString(value, schema, check);
  else if (typeof value === 'number') checkNumber(value, schema, check);
  else if (Array.isArray(value)) checkList(value, schema, check);
  else if (isObject(value)) checkObject(value, schema, check);
  checkAlternatives(value, schema, check);
}

function hasType(value: unknown, schema: Schema): boolean {
  if (schema.intOrString) return typeof value === 'string' || Number.isInteger(value);
  switch (schema.type) {
    case undefined:
      return true;
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value === schema.type;
    default:
      return assertNever(schema.type);
  }
}

function assertNever(type: never): never {
  throw new Error(`unknown schema type ${String(type)}`);
}

const typeNames = {
  object: 'a map',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
} as const;

function reportType(value: unknown, schema: Schema, check: StructuralCheck): void {
  const expected = schema.intOrString
    ? 'a whole number or a string'
    : typeNames[schema.type ?? 'object'];
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  const shown = scalar ? ` (${show(value, check)})` : '';
  if (typeof value === 'object' && value !== null) check.blocked.add(value);
  report(check, true, {
    rule: `type: ${schema.intOrString ? 'integer or string' : schema.type}`,
    message: `must be ${expected}, is ${describeJsonType(value)}${shown}`,
    hint: typeHint(value, schema),
  });
}

function typeHint(value: unknown, schema: Schema): string {
  if (schema.type === 'string' && typeof value === 'boolean') {
    return 'put the value in quotes: YAML reads true, yes, on, y and their opposites as booleans';
  }
  if (schema.type === 'string' && typeof value === 'number') return 'put the value in quotes';
  if (schema.type === 'integer' && typeof value === 'string')
    return 'remove the quotes, write digits';
  if (schema.type === 'array') return 'begin each item with "- "';
  return `write ${typeNames[schema.type ?? 'object']}`;
}

function checkList(value: readonly unknown[], schema: Schema, check: StructuralCheck): void {
  checkCount(value.length, schema.minItems, schema.maxItems, { noun: 'item', check, of: value });
  const { items } = schema;
  // What is too long is not walked: the work stays bounded by the schema's own limits.
  if (items === undefined || check.blocked.has(value)) return;
  check.around.push(value);
  for (const [index, item] of value.entries()) checkChild(item, index, items, check);
  check.around.pop();
  if (schema.listType === 'map') checkMapKeys(value, schema.listMapKeys ?? [], check);
  else if (schema.listType === 'set') checkSet(value, check);
}

interface Counted {
  readonly noun: 'item' | 'entry';
  readonly check: StructuralCheck;
  readonly of: object;
}

function checkCount(
  count: number,
  minimum: number | undefined,
  maximum: number | undefined,
  { noun, check, of }: Counted,
): void {
  const name = noun === 'item' ? 'Items' : 'Properties';
  const plural = noun === 'item' ? 'items' : 'entries';
  if (maximum !== undefined && count > maximum) {
    check.blocked.add(of);
    report(check, true, {
      rule: `max${name}: ${maximum}`,
      message: `has ${count} ${plural}, at most ${maximum} are allowed`,
      hint: `remove ${count - maximum}, or spread them over several objects`,
    });
  }
  if (minimum !== undefined && count < minimum) {
    report(check, false, {
      rule: `min${name}: ${minimum}`,
      message: `has ${count} ${plural}, at least ${minimum} needed`,
      hint: `add ${minimum === 1 ? `an ${noun}` : plural}, or remove the field if it is optional`,
    });
  }
}

function checkMapKeys(
  list: readonly unknown[],
  keys: readonly string[],
  check: StructuralCheck,
): void {
  const seen = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    if (!isObject(item)) continue;
    const values = keys.map((key) => item[key]);
    const id = JSON.stringify(values.map((value) => value ?? null));
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else {
      const shown = keys.map((key, at) => `${key} ${show(values[at], check)}`).join(', ');
      reportDuplicate(index, first, { shown, keys: keys.join(', '), list, check });
    }
  }
}

function checkSet(list: readonly unknown[], check: StructuralCheck): void {
  const seen = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const id = JSON.stringify(item);
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else reportDuplicate(index, first, { shown: show(item, check), keys: 'value', list, check });
  }
}

interface Duplicate {
  readonly list: readonly unknown[];
  readonly shown: string;
  readonly keys: string;
  readonly check: StructuralCheck;
}

/** Rules about the list would say the same again. */
function reportDuplicate(index: number, first: number, duplicate: Duplicate): void {
  const { shown, keys, list, check } = duplicate;
  check.blocked.add(list);
  check.path.push(index);
  report(check, false, {
    rule: `unique ${keys}`,
    message: `${shown} is there already, as item ${first}`,
    hint: 'remove one of the two, or change it',
  });
  check.path.pop();
}

function checkObject(value: JsonObject, schema: Schema, check: StructuralCheck): void {
  const names = Object.keys(value);
  const { properties, additionalProperties, minProperties, maxProperties } = schema;
  checkCount(names.length, minProperties, maxProperties, { noun: 'entry', check, of: value });
  check.around.push(value);
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) reportRequired(name, properties?.[name], check);
  }
  for (const name of names) {
    const declared = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
    const child = declared ?? additionalProperties;
    if (child !== undefined) checkChild(value[name], name, child, check);
  }
  check.around.pop();
}

function reportRequired(name: string, schema: Schema | undefined, check: StructuralCheck): void {
  check.path.push(name);
  const choices = schema?.enum?.map((each) => JSON.stringify(each)).join(', ');
  report(check, true, {
    rule: 'required',
    message: 'is required and missing',
    hint: `add "${name}"${choices === undefined ? '' : `, one of ${choices}`}`,
  });
  check.path.pop();
}

function checkChild(
  value: unknown,
  segment: PathSegment,
  schema: Schema,
  check: StructuralCheck,
): void {
  check.path.push(segment);
  checkStructure(value, schema, check);
  check.path.pop();
}

function checkAlternatives(value: unknown, schema: Schema, check: StructuralCheck): void {
  if (schema.not && probe(value, schema.not, check).length === 0) {
    report(check, false, {
      rule: 'not',
      message: `${show(value, check)} is not allowed here`,
      hint: 'change the value',
    });
  }
  for (const key of ['oneOf', 'anyOf'] as const) {
    const alternatives = schema[key];
    if (alternatives === undefined) continue;
    const results = alternatives.map((alternative) => probe(value, alternative, check));
    const fitting = results.filter((problems) => problems.length === 0).length;
    if (fitting === 1 || (key === 'anyOf' && fitting > 0)) continue;
    reportAlternatives(results, key, check);
  }
}

/** What would be wrong if the value had to fit the schema. */
function probe(value: unknown, schema: Schema, check: StructuralCheck): readonly ObjectProblem[] {
  const problems: ObjectProblem[] = [];
  checkStructure(value, schema, {
    ...check,
    path: [...check.path],
    problems,
    around: [],
    blocked: new Set(),
  });
  return problems;
}
