/** Syntax gate, whole-value semantics, and the patterns that make backtracking engines hang. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRegex, compileRegex } from './index.ts';
import { translateDeterministic } from './regex-translation.ts';

function matches(pattern: string, text: string): boolean {
  const matcher = compileRegex(pattern);
  if (typeof matcher === 'string') assert.fail(`${pattern}: ${matcher}`);
  return matcher.test(text);
}

test('a pattern matches the whole value, with the syntax of GEP-4359 and RE2', () => {
  const rows: [pattern: string, fits: string[], not: string[]][] = [
    ['/users/[0-9]+', ['/users/7', '/users/42'], ['/users/', '/users/7/edit', 'x/users/7']],
    [
      '^(https?://)?www\\.example\\.(com|org)$',
      ['www.example.com', 'https://www.example.org'],
      ['example.com', 'www.example.net', 'www.example.comorg', 'http://www.example.orga'],
    ],
    ['a*', ['', 'aaa'], ['b', 'vaaaa']],
    ['^colo(u|)r$', ['color', 'colour'], ['colouur']],
    ['^colou{0,1}r$', ['color', 'colour'], ['colouur']],
    ['\\*+', ['*', '****'], ['', 'a']],
    ['[a-zA-Z0-9.]', ['a', 'Z', '5', '.'], ['-', ' ', 'ab']],
    ['[^a-zA-Z]', ['-', ' ', '9', 'é', '😀'], ['a', 'Z', 'k']],
    ['^[^^]$', ['a', '1', '-'], ['', '^', 'ab']],
    ['^[-a]$', ['-', 'a'], ['b']],
    ['^[a-]$', ['-', 'a'], ['b']],
    ['^[\\-\\.\\*\\(\\)\\{\\}\\|\\^\\$\\\\]$', ['-', '.', '*', '|', '\\', '$'], ['a']],
    ['[\\-Z]', ['-', 'Z'], ['Y', '[']],
    ['\\d\\w\\s\\W', ['1_ -', '9z\t '], ['a_ -', '1- -', '1_--', '1_ a']],
    ['/a|b$', ['/a', 'b'], ['/ab', 'a']],
    ['(a|ab)(c|bcd)', ['ac', 'abc', 'abcd'], ['ab', 'abcdx']],
    ['.*', ['', '/any/thing'], ['a\nb']],
    ['a.c', ['abc', 'a\rc', 'a😀c'], ['ac', 'abbc']],
    ['(?i)/Api/.+', ['/api/x', '/API/x'], ['/api/']],
    ['(?P<id>[0-9]{2,4})', ['12', '1234'], ['1', '12345']],
    ['[[:alpha:]]+\\pN?', ['ab', 'ab5'], ['5']],
    ['(ab){2}', ['abab'], ['ab', 'ababab']],
    ['a{0}b', ['b'], ['ab']],
    ['', [''], ['a']],
    ['()', [''], ['a']],
  ];
  for (const [pattern, fits, not] of rows) {
    for (const text of fits) assert.ok(matches(pattern, text), `${pattern} should match ${text}`);
    for (const text of not)
      assert.ok(!matches(pattern, text), `${pattern} should not match ${text}`);
  }
});

test('what RE2 does not know is refused with a reason', () => {
  const rows: [string, RegExp][] = [
    ['(a', /missing closing \)/],
    ['a)', /unexpected \)/],
    ['[a', /missing closing \]/],
    ['*a', /missing argument/],
    ['(a)\\1', /invalid escape/],
    ['(?=a)', /unsupported Perl syntax/],
    ['(?<!a)b', /invalid/],
    ['a{1001}', /repeat count/],
    ['((a{100}){100}){100}', /repeat count/],
    ['[z-a]', /range/],
    ['x'.repeat(5000), /longer than 4096/],
    ['(\\pL{1000})?(\\pL{1000})?'.repeat(12), /too large|repeat count/],
  ];
  for (const [pattern, problem] of rows) {
    const check = checkRegex(pattern);
    assert.ok(!check.ok, pattern);
    assert.match(check.problem, problem);
    assert.equal(compileRegex(pattern), check.problem);
  }
  assert.deepEqual(checkRegex('/ok'), { ok: true });
});

test('patterns that hang a backtracking engine do not reach it, and end', () => {
  const evil = [
    '(a+)+b',
    '(a*)*b',
    '(a|a)*b',
    '(a|aa)+b',
    '(.*)*b',
    '(.*a){20}',
    '([a-z]+)*[0-9]',
    '(a?){30}a{30}',
    '.*.*.*.*=x',
    '(x+x+)+y',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '\\s*\\s*\\s*z',
  ];
  const texts = ['a'.repeat(5000), 'x'.repeat(5000), 'aA'.repeat(2500), ' '.repeat(5000)];
  for (const pattern of evil) {
    assert.equal(translateDeterministic(pattern), undefined, pattern);
    for (const text of texts) matches(pattern, `${text}!`);
  }
});

test('patterns in common use are given to V8', () => {
  const common = [
    '/users/[0-9]+',
    '/users/[^/]+/orders',
    '/api/v[12](/.*)?',
    '/(en|de|fr)/.*',
    'v2\\.[0-9]+',
    '/static/[a-z0-9-]+\\.(js|css)',
    '^/healthz?$',
    '/a/[0-9a-f]{8}',
    '.*',
  ];
  for (const pattern of common) assert.ok(translateDeterministic(pattern) !== undefined, pattern);
});
