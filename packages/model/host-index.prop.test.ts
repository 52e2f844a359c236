/** Hosts and prefixes: the indexes equal a scan over all keys; no key set makes them slow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { buildHostIndex, coversHostname, findHost, hostnamesIntersect } from './host-index.ts';
import { buildKeyTable, rollHash } from './key-table.ts';
import { compareHostnames } from './precedence.ts';
import { buildPrefixIndex, findPrefix, normalizePrefix } from './prefix-index.ts';

const label = fc.constantFrom('a', 'b', 'ab', 'a-b');
const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const hostname = fc.oneof(
  fc.constant(''),
  host,
  host.map((name) => `*.${name}`),
);

test('findHost = the first of all hostnames that cover the host, most specific first', () => {
  fc.assert(
    fc.property(fc.uniqueArray(hostname, { maxLength: 12 }), host, (all, asked) => {
      const index = buildHostIndex(all.map((name) => [name, name] as const));
      const expected = all.filter((name) => coversHostname(name, asked)).sort(compareHostnames)[0];
      assert.equal(findHost(index, asked), expected);
    }),
  );
});

test('coversHostname and hostnamesIntersect speak of the hosts that match', () => {
  const fits = (name: string, asked: string) =>
    name === '' || name === asked || (name.startsWith('*') && asked.endsWith(name.slice(1)));
  const fresh = (name: string) => name.replace('*', 'fresh');
  fc.assert(
    fc.property(hostname, hostname, (one, other) => {
      const samples = [one, other].flatMap((name) => (name === '' ? ['none'] : [fresh(name)]));
      const shared = samples.some((asked) => fits(one, asked) && fits(other, asked));
      assert.equal(hostnamesIntersect(one, other), shared);
      assert.equal(hostnamesIntersect(other, one), shared);
      if (coversHostname(one, other)) assert.ok(shared);
      if (coversHostname(one, other) && coversHostname(other, one)) assert.equal(one, other);
    }),
  );
});

const path = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'a%20'), { maxLength: 5 })
  .map((elements) => `/${elements.join('/')}`);

test('findPrefix and its parents = all prefixes of a path, longest first', () => {
  const withSlash = fc.oneof(
    path,
    path.map((text) => text.replace(/\/?$/, '/')),
  );
  fc.assert(
    fc.property(fc.array(withSlash, { maxLength: 12 }), withSlash, (all, asked) => {
      const keys = new Set(all.map(normalizePrefix));
      const index = buildPrefixIndex(new Map([...keys].map((key) => [key, key])));
      const found: string[] = [];
      for (let key = findPrefix(index, asked); key !== undefined; key = key.parent) {
        found.push(key.text);
      }
      const expected = [...keys].filter((key) => `${asked}/`.startsWith(`${key}/`));
      assert.deepEqual(
        found,
        expected.sort((one, other) => other.length - one.length),
      );
    }),
  );
});

test('keys chosen to collide under one seed are spread under another', () => {
  const hashOf = (text: string, seed: number) => {
    let hash = seed;
    for (const character of text) hash = rollHash(hash, character.charCodeAt(0));
    return hash;
  };
  const first = buildKeyTable(new Map([['/', 0]]), hashOf);
  const slotOf = (text: string) => {
    const hash = hashOf(text, first.seed);
    return (hash ^ (hash >>> 15)) & 0xfff;
  };
  const colliding = new Map<string, number>();
  for (let n = 0; colliding.size < 200; n++) if (slotOf(`/${n}`) < 4) colliding.set(`/${n}`, n);
  const table = buildKeyTable(colliding, hashOf);
  // The planted keys share four slots of the largest table they could be in.
  assert.ok(table.slots.length <= 512);
  const index = buildPrefixIndex(colliding);
  for (const [text, value] of colliding) assert.equal(findPrefix(index, text)?.value, value);
});
