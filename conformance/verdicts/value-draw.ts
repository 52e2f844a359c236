/**
 * Values for a schema. They fit its types, bounds, enums and, as far as the texts here go, its
 * patterns and formats; its CEL rules are not looked at.
 */

import type { Schema } from '@sluice/spec';
import { type Draw, once, pick } from './choice.ts';

type JsonObject = Record<string, unknown>;

/** `depth` bounds what is optional: the deeper, the less of it. */
export function drawValue(schema: Schema, draw: Draw, depth = 0): unknown {
  if (schema.intOrString) return pick([80, 443, 65_535, 'http', 'x'], draw);
  if (schema.enum) return pick(schema.enum, draw);
  switch (schema.type) {
    case 'string':
      return drawText(schema, draw);
    case 'boolean':
      return once(2, draw);
    case 'integer':
      return drawNumber(schema, draw);
    case 'number':
      return drawNumber(schema, draw) + pick([0, 0.5], draw);
    case 'array':
      return drawList(schema, draw, depth);
    default:
      return drawObject(schema, draw, depth);
  }
}

/** Of every shape that a pattern, a format or a rule asks for. */
const texts: readonly string[] = [
  ...(
    'a b shop web Service Gateway HTTPRoute ConfigMap Secret XBackend X-Header GET POST System ' +
    'example.com a.example.com *.example.com gateway.networking.k8s.io example.com/controller ' +
    'example.com/path-v1.2 10.0.0.1 192.0.2.7 ::1 2001:db8::1 IPAddress Hostname 10s 1m30s 1h 0s ' +
    '500ms / /path /a/b https://a.example http://b.example:8080 spiffe://a/b aGVsbG8= * é 7 80 ' +
    '2026-01-31T12:00:00Z Accepted ResolvedRefs True env.name a_b foo.v1.Bar Cluster text/plain'
  ).split(' '),
  'text with blanks',
  '',
];

function drawText(schema: Schema, draw: Draw): string {
  const { minLength = 0, maxLength = 1_000 } = schema;
  const fitting = fittingTexts(schema);
  const text = fitting.length === 0 ? 'a' : pick(fitting, draw);
  const isLong = maxLength <= 300 && once(20, draw);
  if (isLong && fits('a'.repeat(maxLength), schema)) return 'a'.repeat(maxLength);
  return text.length < minLength ? 'a'.repeat(minLength) : text;
}

function fittingTexts(schema: Schema): readonly string[] {
  const known = fittingBySchema.get(schema);
  if (known !== undefined) return known;
  const fitting = texts.filter((text) => fits(text, schema));
  fittingBySchema.set(schema, fitting);
  return fitting;
}

const fittingBySchema = new WeakMap<Schema, readonly string[]>();

/** Roughly: what slips through is judged by both sides alike. */
function fits(text: string, { pattern, format, minLength = 0, maxLength = 1_000 }: Schema) {
  if (text.length < minLength || text.length > maxLength) return false;
  if (pattern !== undefined && !new RegExp(pattern).test(text)) return false;
  return format === undefined || (formats[format]?.test(text) ?? true);
}

const formats: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dT/,
  ipv4: /^\d+\.\d+\.\d+\.\d+$/,
  ipv6: /:.*:/,
  ip: /^\d+\.\d+\.\d+\.\d+$|:.*:/,
  byte: /^(?:\w{4})*\w{2,3}={1,2}$/,
};

function drawNumber({ minimum = -9, maximum = 70_000 }: Schema, draw: Draw): number {
  const near = Math.max(minimum, Math.min(maximum, pick([0, 1, 2, 3, 80, 443, 8080], draw)));
  return once(3, draw) ? pick([minimum, maximum], draw) : near;
}

function drawList(schema: Schema, draw: Draw, depth: number): unknown[] {
  const { items = {}, minItems = 0, maxItems = 9 } = schema;
  const more = once(60, draw) ? maxItems - minItems : pick([0, 1, 1, 1, 2, 3], draw);
  const length = Math.min(maxItems, 20, minItems + more);
  return Array.from({ length }, () => drawValue(items, draw, depth + 1));
}

function drawObject(schema: Schema, draw: Draw, depth: number): JsonObject {
  const { properties = {}, required = [], additionalProperties, minProperties = 0 } = schema;
  if (additionalProperties !== undefined) {
    const names = ['a', 'example.com/b', 'c.d'].slice(0, Math.max(minProperties, draw(4)));
    return Object.fromEntries(
      names.map((name) => [name, drawValue(additionalProperties, draw, depth + 1)]),
    );
  }
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  // Few unions hold with many of their members there.
  const few = once(3, draw) ? 2 : 2 + depth;
  const some = optional.filter(() => once(few, draw));
  const names = [...required, ...(some.length > 0 || required.length > 0 ? some : optional)];
  return Object.fromEntries(
    names.map((name) => [name, drawValue(properties[name] ?? {}, draw, depth + 1)]),
  );
}
