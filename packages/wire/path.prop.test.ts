/** A path in normal form: equal to RFC 3986 done naively with strings, and stable. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { octetsOf, textOf } from './octets.ts';
import { hasDotSegment, normalizePath } from './path.ts';

const PIECES = 'a B . .. / // %2e %2E %41 %2f %2F %c3 %5c ; ~'.split(' ');
const piece = fc.constantFrom(...PIECES);
const path = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);

function normalize(text: string): string | number {
  const out = new Uint8Array(text.length);
  const length = normalizePath(octetsOf(text), 0, text.length, out);
  return length < 0 ? length : textOf(out, 0, length);
}

/** By the letter: section 6.2.2.1, 6.2.2.2, then 5.2.4 without its rule for the root. */
function normalizeNaively(text: string): string | number {
  const decoded = text.replace(/%([0-9a-fA-F]{2})/g, (escape, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
  });
  const output: string[] = [];
  const segments = decoded.slice(1).split('/');
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..' && output.length === 0) return -3;
    if (segment === '..') output.pop();
    else if (segment !== '.') output.push(segment);
    if (isLast && (segment === '.' || segment === '..')) output.push('');
  }
  return `/${output.join('/')}`;
}

test('paths are normalised as RFC 3986 says', () => {
  fc.assert(
    fc.property(path, (text) => assert.equal(normalize(text), normalizeNaively(text))),
    { numRuns: 2000 },
  );
});

test('a normal path stays as it is and holds no dot segment', () => {
  fc.assert(
    fc.property(path, (text) => {
      const once = normalize(text);
      if (typeof once === 'number') return;
      assert.equal(normalize(once), once);
      assert.equal(hasDotSegment(octetsOf(once), 0, once.length), false);
    }),
    { numRuns: 1000 },
  );
});

test('dot segments are seen wherever they stand', () => {
  const has = (text: string): boolean => hasDotSegment(octetsOf(`${text}/./`), 0, text.length);
  for (const text of ['/.', '/..', '/./a', '/a/../b', '/a/..', '/a/.']) assert.ok(has(text), text);
  for (const text of ['/', '/a.', '/.a', '/..a/b', '/a/...', '/a..']) assert.ok(!has(text), text);
});
