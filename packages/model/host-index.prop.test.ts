/** Hosts and prefixes: the indexes equal a scan over all keys; no key set makes them slow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  buildHostIndex,
  coversHostname,
  findHost,
  hostnamesIntersect,
  updateHostIndex,
  valueOf,
} from './host-index.ts';
import { parentKey, patchMap, rollHash } from './key-table.ts';
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
      const index = buildHostIndex(new Map(all.map((name) => [name, name])));
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
      for (let key = findPrefix(index, asked); key !== undefined; key = parentKey(index, key)) {
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
  const { seed } = buildPrefixIndex(new Map([['/', 0]]));
  const slotOf = (text: string) => {
    const hash = hashOf(text, seed);
    return (hash ^ (hash >>> 15)) & 0xfff;
  };
  const colliding = new Map<string, number>();
  for (let n = 0; colliding.size < 200; n++) if (slotOf(`/${n}`) < 4) colliding.set(`/${n}`, n);
  const index = buildPrefixIndex(colliding);
  assert.notEqual(index.seed, seed);
  for (const [text, value] of colliding) {
    const key = findPrefix(index, text)!;
    assert.equal(key.value, value);
    const home = (key.hash ^ (key.hash >>> 15)) & index.mask;
    assert.ok(((key.slot - home) & index.mask) < 24);
  }
});

test('updating an index = building it anew', () => {
  const changes = fc.array(fc.tuple(hostname, fc.option(fc.nat(), { nil: undefined })));
  fc.assert(
    fc.property(fc.dictionary(hostname, fc.nat()), changes, host, (before, list, asked) => {
      const start = new Map(Object.entries(before));
      const all = patchMap(start, new Map(list));
      const updated = updateHostIndex(buildHostIndex(start), new Map(list));
      assert.deepEqual(updated, { ...buildHostIndex(all), wildcards: updated.wildcards });
      assert.equal(findHost(updated, asked), findHost(buildHostIndex(all), asked));
      for (const [name] of [...start, ...list]) assert.equal(valueOf(updated, name), all.get(name));
    }),
  );
});
