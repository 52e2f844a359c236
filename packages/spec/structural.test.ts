import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fillDefaults } from './defaulting.ts';
import type { ObjectProblem } from './problem.ts';
import { prune } from './pruning.ts';
import type { Schema } from './schema.ts';
import { checkStructure } from './structural.ts';

function check(value: unknown, schema: Schema, revealValues = true): ObjectProblem[] {
  const problems: ObjectProblem[] = [];
  const blocked = new Set<object>();
  checkStructure(value, schema, { path: ['spec'], problems, around: [], blocked, revealValues });
  return problems;
}

const string: Schema = { type: 'string' };
const map = (key: string): Schema => ({
  type: 'array',
  items: { type: 'object', properties: { [key]: string, n: { type: 'integer' } } },
  listType: 'map',
  listMapKeys: [key],
});

describe('each rule says what is wrong, where and what to do', () => {
  // Schema, a value that fits, one that does not, and what is then said.
  const rules: readonly {
    readonly schema: Schema;
    readonly good: unknown;
    readonly bad: unknown;
    readonly field?: string;
    readonly says: RegExp;
  }[] = [
    { schema: string, good: '', bad: 1, says: /must be a string, is a number \(1\).*quotes/ },
    { schema: string, good: 'on', bad: true, says: /is a boolean \(true\).*reads true, yes, on/ },
    { schema: { type: 'boolean' }, good: false, bad: 'false', says: /must be true or false/ },
    { schema: { type: 'integer' }, good: -1, bad: 1.5, says: /must be a whole number/ },
    { schema: { type: 'integer' }, good: 80, bad: '80', says: /is a string.*remove the quotes/ },
    { schema: { type: 'array' }, good: [], bad: {}, says: /must be a list, is a map.*"- "/ },
    { schema: { type: 'object' }, good: {}, bad: [], says: /must be a map, is a list/ },
    { schema: { type: 'object' }, good: {}, bad: null, says: /must be a map, is null/ },
    { schema: { intOrString: true }, good: 'http', bad: 1.5, says: /whole number or a string/ },
    { schema: { intOrString: true }, good: 80, bad: [], says: /whole number or a string/ },
    {
      schema: { type: 'string', enum: ['Exact', 'PathPrefix'] },
      good: 'Exact',
      bad: 'exact',
      says: /"exact" is not one of "Exact", "PathPrefix".*did you mean "Exact"/,
    },
    {
      schema: { type: 'string', enum: ['Exact', 'PathPrefix'] },
      good: 'PathPrefix',
      bad: 'Glob',
      says: /use one of "Exact", "PathPrefix"/,
    },
    { schema: { type: 'string', minLength: 1 }, good: 'a', bad: '', says: /must not be empty/ },
    { schema: { type: 'string', maxLength: 2 }, good: '😀😀', bad: 'abc', says: /3 characters/ },
    { schema: { type: 'string', pattern: '^a+$' }, good: 'aa', bad: 'ab', says: /match \^a\+\$/ },
    {
      schema: { type: 'string', format: 'date-time' },
      good: '2024-02-29T23:59:59.5+01:00',
      bad: '2023-02-29T00:00:00Z',
      says: /RFC 3339/,
    },
    { schema: { type: 'string', format: 'ipv4' }, good: '1.2.3.4', bad: '1.2.3.256', says: /IPv4/ },
    {
      schema: { type: 'string', format: 'ipv6' },
      good: '::ffff:1.2.3.4',
      bad: ':::1',
      says: /IPv6/,
    },
    { schema: { type: 'string', format: 'byte' }, good: 'aGk=', bad: 'aGk', says: /base64/ },
    {
      schema: { type: 'integer', format: 'int32' },
      good: 2 ** 31 - 1,
      bad: 2 ** 31,
      says: /32 bits/,
    },
    { schema: { type: 'integer', minimum: 1, maximum: 9 }, good: 1, bad: 0, says: /from 1 to 9/ },
    { schema: { type: 'integer', minimum: 1 }, good: 1, bad: 0, says: /small.*at least 1/ },
    { schema: { type: 'integer', maximum: 9 }, good: 9, bad: 10, says: /large.*at most 9/ },
    {
      schema: { type: 'array', minItems: 1 },
      good: [1],
      bad: [],
      says: /has 0 items.*add an item/,
    },
    { schema: { type: 'array', maxItems: 1 }, good: [1], bad: [1, 2], says: /at most 1.*remove 1/ },
    { schema: { type: 'object', minProperties: 1 }, good: { a: 1 }, bad: {}, says: /0 entries/ },
    { schema: { type: 'object', maxProperties: 0 }, good: {}, bad: { a: 1 }, says: /1 entries/ },
    {
      schema: { type: 'object', required: ['a'], properties: { a: string } },
      good: { a: '' },
      bad: {},
      field: 'spec.a',
      says: /is required and missing.*add "a"/,
    },
    {
      schema: { type: 'object', additionalProperties: string },
      good: { 'a/b': '' },
      bad: { 'a/b': 1 },
      field: 'spec[a/b]',
      says: /must be a string/,
    },
    {
      schema: { type: 'array', items: string },
      good: ['a'],
      bad: ['a', 1],
      field: 'spec[1]',
      says: /must be a string/,
    },
    {
      schema: map('name'),
      good: [{ name: 'a' }, { name: 'b' }],
      bad: [{ name: 'a' }, { name: 'b' }, { name: 'a', n: 1 }],
      field: 'spec[2]',
      says: /name "a" is there already, as item 0/,
    },
    {
      schema: { type: 'array', items: string, listType: 'set' },
      good: ['a', 'b'],
      bad: ['a', 'a'],
      field: 'spec[1]',
      says: /"a" is there already/,
    },
    { schema: { not: { enum: ['a'] } }, good: 'b', bad: 'a', says: /"a" is not allowed here/ },
    {
      schema: { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] },
      good: '::1',
      bad: 'host',
      says: /"host" must be an IPv4 address or IPv6 address.*write an IPv4 address or IPv6 address/,
    },
    {
      schema: { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      good: { a: 1 },
      bad: { a: 1, b: 1 },
      says: /several alternatives that exclude each other/,
    },
    {
      schema: { oneOf: [{ type: 'integer' }, { type: 'string', maxLength: 1 }] },
      good: 'a',
      bad: 'ab',
      says: /2 characters long/,
    },
  ];
  for (const { schema, good, bad, field, says } of rules) {
    test(`${JSON.stringify(schema).slice(0, 60)}: ${JSON.stringify(bad)}`, () => {
      assert.deepEqual(check(good, schema), []);
      const [problem, ...rest] = check(bad, schema);
      assert.deepEqual(rest, []);
      assert.equal(problem?.field, field ?? 'spec');
      assert.match(`${problem?.message} ${problem?.hint}`, says);
    });
  }

  test('values stay out of messages where they may be secret', () => {
    for (const { schema, bad } of rules) {
      for (const { message, hint } of check(
        typeof bad === 'string' ? `hunter2${bad}` : bad,
        schema,
        false,
      )) {
        assert.doesNotMatch(message + hint, /hunter2/);
      }
    }
  });

  test('what is too long is not walked', () => {
    const schema: Schema = { type: 'array', maxItems: 1, items: string };
    assert.equal(check([1, 2, 3], schema).length, 1);
  });
});

describe('defaults', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      path: {
        type: 'object',
        default: { type: 'Prefix' },
        properties: { type: { default: 'Exact' }, value: { default: '/' } },
      },
      list: { type: 'array', items: { properties: { weight: { default: 1 } } } },
      absent: { type: 'object', properties: { a: { default: 1 } } },
      map: { additionalProperties: { properties: { a: { default: 1 } } } },
    },
  };

  test('fill the default of an object, then the defaults within it, never the absent', () => {
    const value = { list: [{}, { weight: 0 }], map: { x: {} } };
    fillDefaults(value, schema);
    assert.deepEqual(value, {
      path: { type: 'Prefix', value: '/' },
      list: [{ weight: 1 }, { weight: 0 }],
      map: { x: { a: 1 } },
    });
  });

  test('are copies', () => {
    const values = [{}, {}] as { path?: { type: string } }[];
    for (const value of values) fillDefaults(value, schema);
    assert.notEqual(values[0]?.path, values[1]?.path);
    assert.notEqual(values[0]?.path, schema.properties?.path?.default);
  });
});

describe('pruning', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      filters: { type: 'array', items: { type: 'object', properties: { type: string } } },
      labels: { type: 'object', additionalProperties: string },
      open: { type: 'object', preserveUnknown: true, properties: { known: string } },
    },
  };
  const pruned = (value: unknown, wider?: Schema): readonly [unknown, readonly ObjectProblem[]] => {
    const problems: ObjectProblem[] = [];
    return [prune(value, { schema, wider, path: [], problems }), problems];
  };

  test('drops what is unknown, with a suggestion', () => {
    const [value, problems] = pruned({ filter: [], filters: [{ type: 'a', x: 1 }], zzz: 1 });
    assert.deepEqual(value, { filters: [{ type: 'a' }] });
    assert.deepEqual(
      problems.map(({ field, severity, hint }) => [field, severity, hint]),
      [
        ['filter', 'warning', 'did you mean "filters"?'],
        ['filters[0].x', 'warning', 'remove it; filters[0] may have: type'],
        ['zzz', 'warning', 'remove it; the object may have: filters, labels, open'],
      ],
    );
  });

  test('drops nulls in silence and keeps maps and open objects', () => {
    const value = { labels: { 'a/b': 'c' }, open: { x: { y: 1 } } };
    assert.deepEqual(pruned({ ...value, filters: null }), [value, []]);
  });

  test('says when a field is only in the experimental channel', () => {
    const wider = { ...schema, properties: { ...schema.properties, retry: string } };
    const [, [problem]] = pruned({ retry: 'a' }, wider);
    assert.equal(problem?.rule, 'experimental field');
    assert.match(problem?.hint ?? '', /experimental channel/);
  });

  test('survives names that objects inherit', () => {
    const value: unknown = JSON.parse('{"__proto__": {"a": 1}, "constructor": 1, "toString": 2}');
    const [result, problems] = pruned(value);
    assert.deepEqual(result, {});
    assert.equal(problems.length, 3);
    const labels: unknown = JSON.parse('{"labels": {"__proto__": "a"}}');
    assert.equal(JSON.stringify(pruned(labels)[0]), JSON.stringify(labels));
  });
});
