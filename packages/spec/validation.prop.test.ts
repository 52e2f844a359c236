import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fillDefaults } from './defaulting.ts';
import { formatProblem } from './format.ts';
import { isObject } from './json.ts';
import { formatApiVersion, listKinds } from './kinds.ts';
import { compilePattern } from './pattern.ts';
import { isTransition } from './rules.ts';
import type { Channel, Schema } from './schema.ts';
import { validateObject } from './validation.ts';

/** A source of choices; one seed, one object. */
type Draw = (below: number) => number;

function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

/** A value that fits the schema, its CEL rules aside. */
function drawValue(schema: Schema, draw: Draw): unknown {
  if (schema.intOrString) return [80, 65535, 'http'][draw(3)];
  if (schema.enum) return schema.enum[draw(schema.enum.length)];
  const { minimum = -9, maximum = 70_000 } = schema;
  switch (schema.type) {
    case 'string':
      return drawString(schema, draw);
    case 'boolean':
      return draw(2) === 0;
    case 'integer':
    case 'number':
      return [minimum, maximum, Math.max(minimum, Math.min(maximum, draw(9)))][draw(3)];
    case 'array':
      return drawList(schema, draw);
    default:
      return drawObject(schema, draw);
  }
}

/** Of every shape that a pattern or format asks for, and some that none does. */
const texts: readonly string[] = (
  'a b shop Service Gateway Host X-Header example.com 10.0.0.1 ::1 *.example.com IPAddress é 7 ' +
  'example.com/controller 10s 1m30s /path https://a.example spiffe://a/b aGVsbG8= * GET ' +
  '2026-01-31T12:00:00Z '
).split(' ');

function drawString(schema: Schema, draw: Draw): string {
  const { pattern, format, minLength = 0, maxLength = 99 } = schema;
  const fitting = texts.filter(
    (text) =>
      text.length >= minLength &&
      text.length <= maxLength &&
      (pattern === undefined || compilePattern(pattern).test(text)) &&
      (format === undefined || formatProblem(format, text) === undefined),
  );
  const text = fitting[draw(fitting.length)];
  assert.ok(text !== undefined, `no text for ${JSON.stringify(schema)}`);
  return text;
}

function drawList(schema: Schema, draw: Draw): unknown[] {
  const { items = {}, minItems = 0, maxItems = 9, listType, listMapKeys = [] } = schema;
  const length = Math.min(maxItems, minItems + [0, 1, 1, 2][draw(4)]!);
  const list = Array.from({ length }, () => drawValue(items, draw));
  if (listType === 'atomic' || listType === undefined) return list;
  const complete = { spec: structuredClone(list) };
  fillDefaults(complete, { properties: { spec: schema } });
  const keys = complete.spec.map((item) =>
    JSON.stringify(
      listType === 'set' ? item : listMapKeys.map((key) => isObject(item) && item[key]),
    ),
  );
  const unique = list.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
  return unique.length >= minItems ? unique : list;
}

function drawObject(schema: Schema, draw: Draw): object {
  const { properties = {}, required = [], additionalProperties, minProperties = 0 } = schema;
  if (additionalProperties) {
    const names = ['a', 'example.com/b'].slice(0, Math.max(minProperties, draw(3)));
    return Object.fromEntries(names.map((name) => [name, drawValue(additionalProperties, draw)]));
  }
  const all = Object.keys(properties);
  const some = all.filter((name) => required.includes(name) || draw(3) === 0);
  const names = some.length >= minProperties ? some : all;
  return Object.fromEntries(names.map((name) => [name, drawValue(properties[name] ?? {}, draw)]));
}

interface Drawn {
  readonly channel: Channel;
  readonly object: Record<string, unknown>;
}

function drawTopLevel(seed: number): Drawn {
  const draw = drawFrom(seed);
  const channel = draw(2) === 0 ? 'standard' : 'experimental';
  const kinds = listKinds(channel);
  const kind = kinds[draw(kinds.length)]!;
  const properties = { ...kind.preferred.schema.properties };
  delete properties.metadata;
  const object = {
    ...drawObject({ ...kind.preferred.schema, properties }, draw),
    apiVersion: formatApiVersion(kind.group, kind.preferred.name),
    kind: kind.kind,
    metadata: { name: 'drawn' },
  };
  return { channel, object };
}

const anyObject: fc.Arbitrary<Drawn> = fc.nat().map(drawTopLevel);

/** CEL rules, alternatives and what CEL says of hand-written kinds are beyond the generator. */
const beyond = /^(?!required|type|enum|pattern|m(ax|in)|format|unique|unknown)/;

const options = (channel: Channel) => ({ channel, status: 'keep' }) as const;

test('what fits the schema passes structural validation', () => {
  fc.assert(
    fc.property(anyObject, ({ channel, object }) => {
      const { problems } = validateObject(object, options(channel));
      const structural = problems.filter(({ rule }) => !beyond.test(rule));
      assert.deepEqual(structural, []);
    }),
    { numRuns: 400 },
  );
});

test('what was validated is valid, complete and stays as it is', () => {
  let valid = 0;
  fc.assert(
    fc.property(anyObject, ({ channel, object }) => {
      const first = validateObject(object, options(channel));
      if (first.object === undefined) return;
      valid++;
      const second = validateObject(first.object, options(channel));
      assert.deepEqual(second.problems, []);
      assert.deepEqual(second.object, first.object);
    }),
    { numRuns: 400 },
  );
  assert.ok(valid > 40, `only ${valid} were valid: the property says little`);
});

/** Replaces or removes what stands at one place of a value. */
function mutate(value: unknown, at: number, by: unknown): unknown {
  let count = 0;
  const visit = (each: unknown): unknown => {
    if (count++ === at) return by;
    if (Array.isArray(each)) return each.map(visit);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, child]) => [key, visit(child)]));
  };
  return visit(value);
}

test('whatever is changed, validation answers and never throws', () => {
  const anything = fc.oneof(
    fc.constantFrom<unknown>(null, undefined, -1, 1.5, 2 ** 53, 'ü'.repeat(300), [], {}, [[]]),
    fc.anything(),
    fc.record({ __proto__: fc.constant(null), namespace: fc.integer() }),
  );
  fc.assert(
    fc.property(anyObject, fc.nat({ max: 40 }), anything, ({ channel, object }, at, by) => {
      const { object: result, problems } = validateObject(mutate(object, at, by), options(channel));
      const errors = problems.filter(({ severity }) => severity === 'error');
      assert.equal(result === undefined, errors.length > 0 || problems.some(isIgnored));
      for (const { message, hint } of problems) assert.ok(message !== '' && hint !== '');
      assert.ok(errors.every(({ rule }) => !isTransition({ rule, message: '' })));
    }),
    { numRuns: 600 },
  );
});

function isIgnored({ rule }: { readonly rule: string }): boolean {
  return rule === 'known kind';
}
