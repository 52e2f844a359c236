import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planRule, type RuleVerdict, toCelValue } from './cel.ts';
import type { Schema } from './schema.ts';

const judge = (rule: string, self: unknown, schema: Schema = {}): RuleVerdict =>
  planRule(rule)(toCelValue(self, schema, new Map()));

const long = (length: number): string => 'a'.repeat(length);

describe('functions of Kubernetes', () => {
  const cases: readonly (readonly [
    rule: string,
    holds: readonly string[],
    fails: readonly string[],
  ])[] = [
    [
      'isIP(self)',
      ['1.2.3.4', '::1', '2001:db8::8:800:200c:417a', '::ffff:1.2.3.4'],
      ['', '1.2.3', '01.2.3.4', '1.2.3.4/8', 'a.b', ':::', '1:2:3:4:5:6:7:8:9', '::1%eth0'],
    ],
    [
      '!format.dns1123Subdomain().validate(self).hasValue()',
      ['a', 'a.b-c.d', '1', long(253)],
      ['', 'A', 'a..b', '-a', 'a-', '.a', 'a_b', long(254)],
    ],
    [
      '!format.qualifiedName().validate(self).hasValue()',
      ['a', 'A.b_c-d', 'example.com/A', `a/${long(63)}`],
      ['', '/a', 'a/', 'a/b/c', 'A.com/a', '-a', `a/${long(64)}`, 'a b'],
    ],
    ["self.split('/')[0] == 'a'", ['a/b', 'a'], ['b/a']],
    ["self.substring(2).matches('^b+$')", ['a.b', 'a.bb'], ['a.c']],
    ['self.matches(r"""^(?i)[a-z]+$""")', ['a', 'A'], ['1']],
    ["duration(self) <= duration('1m')", ['1m', '59s', '0s', '1500ms'], ['61s', '1h']],
    ["self.startsWith('/') && !self.contains('//')", ['/a'], ['a', '/a//b']],
  ];
  for (const [rule, holds, fails] of cases) {
    test(rule, () => {
      for (const text of holds) assert.equal(judge(rule, text), 'holds', text);
      for (const text of fails) assert.equal(judge(rule, text), 'violated', text);
    });
  }
});

describe('values', () => {
  test('integers are integers, fields are found or not', () => {
    const schema: Schema = {
      properties: { port: { type: 'integer' }, share: { type: 'number' } },
    };
    assert.equal(judge('self.port == 80 && self.port + 1 == 81', { port: 80 }, schema), 'holds');
    assert.equal(judge('self.share == 0.5', { share: 0.5 }, schema), 'holds');
    assert.equal(judge('has(self.port)', {}, schema), 'violated');
  });

  test('fields with reserved names are escaped, keys of maps are not', () => {
    const schema: Schema = { properties: { namespace: { type: 'string' } } };
    assert.equal(judge("self.__namespace__ == 'a'", { namespace: 'a' }, schema), 'holds');
    const labels: Schema = { additionalProperties: { type: 'string' } };
    assert.equal(judge("'namespace' in self", { namespace: 'a' }, labels), 'holds');
  });

  test('lists and maps', () => {
    assert.equal(judge("'*' in self && self.size() > 1", ['*', 'a']), 'holds');
    assert.equal(judge("self.all(key, key != 'b')", { a: 1 }), 'holds');
    assert.equal(judge('self.exists_one(x, x == true)', [true, false, true]), 'violated');
  });

  test('an evaluation that fails is neither', () => {
    const verdict = judge('self.a.b == 1', { a: {} });
    assert.ok(typeof verdict === 'object');
    assert.match(verdict.error, /b/);
  });

  test('what is no CEL is refused when planned', () => {
    assert.throws(() => planRule('self.('));
  });
});
