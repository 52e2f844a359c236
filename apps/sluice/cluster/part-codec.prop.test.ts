/** Written and read again, a config is itself; what was damaged on the way is never taken. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConfigJoiner, createConfigSplitter, type ProxyConfig } from '@sluice/model';
import * as fc from 'fast-check';
import { createPartReader, encodePart, type PartReader } from './part-codec.ts';
import { sampleConfig, sampleRoute } from './sample-publication.ts';

const name = fc.constantFrom('a', 'b', 'c', 'd', 'zürich', 'line\nbreak', '\u2028', '__proto__');
const configs = fc.array(
  fc
    .uniqueArray(fc.tuple(name, name), { selector: ([one]) => one, maxLength: 8 })
    .map((routes) => sampleConfig({ routes: routes.map(([one, two]) => sampleRoute(one, two)) })),
  { minLength: 1, maxLength: 4 },
);

function transfer(
  config: ProxyConfig,
  split = createConfigSplitter(),
  reader = createPartReader(),
) {
  const parts = split(config)
    .map(encodePart)
    .map((encoded) => readWhole(reader, encoded));
  return createConfigJoiner()(config.version, parts);
}

function readWhole(reader: PartReader, encoded: Parameters<PartReader['read']>[0]) {
  const reading = reader.read(encoded);
  if (reading.kind === 'damaged') assert.fail(reading.message);
  return reading.part;
}

test('configs arrive as they were sent, one after the other', () => {
  fc.assert(
    fc.property(configs, (sent) => {
      const split = createConfigSplitter();
      const reader = createPartReader();
      for (const config of sent) {
        // What a route may hold is checked on arrival; names may not be paths.
        const plain = { ...config, routes: config.routes.map(withPlainPath) };
        assert.deepEqual(transfer(plain, split, reader), plain);
      }
    }),
    { numRuns: 200 },
  );
});

function withPlainPath(route: ProxyConfig['routes'][number]) {
  return { ...route, rules: sampleRoute('a', route.rules[0]?.name).rules };
}

test('a changed route arrives as the only new object', () => {
  const routes = Array.from({ length: 200 }, (_, index) => sampleRoute(`r${1_000 + index}`));
  const split = createConfigSplitter();
  const reader = createPartReader();
  const before = transfer(sampleConfig({ routes }), split, reader);
  const changed = routes.with(77, sampleRoute('r1077', 'changed'));
  const after = transfer(sampleConfig({ routes: changed }), split, reader);
  const fresh = after.routes.filter((route, index) => route !== before.routes[index]);
  assert.deepEqual(fresh, [changed[77]]);
});

test('a part read after others of its name = a part read first, and objects are kept', () => {
  const names = ['a', 'aa', 'b', 'longer'];
  const route = fc.constantFrom(...names).map((one) => sampleRoute(one, one === 'b' ? 'é' : ''));
  const list = fc.array(route, { minLength: 1, maxLength: 6 });
  const sequence = fc.array(list, { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(sequence, (lists) => {
      const reader = createPartReader();
      let known = new Map<string, unknown>();
      for (const routes of lists) {
        const entries = routes.map((one) => ({
          kind: 'route' as const,
          route: one,
          listeners: [],
        }));
        const reading = reader.read(encodePart({ name: 'routes-0', entries }));
        assert.ok(reading.kind === 'read');
        assert.deepEqual(reading.part.entries, entries);
        const repeats = new Set(routes.map(({ id }) => id)).size < routes.length;
        const read = new Map(routes.map(({ id }, index) => [id, reading.part.entries[index]]));
        for (const [id, entry] of repeats ? [] : known) {
          if (read.has(id)) assert.equal(read.get(id), entry);
        }
        known = repeats ? new Map() : read;
      }
    }),
    { numRuns: 500 },
  );
});

test('a part with any octet changed is refused and the last reading stays', () => {
  const split = createConfigSplitter();
  const encoded = split(sampleConfig()).map(encodePart);
  fc.assert(
    fc.property(
      fc.constantFrom(...encoded),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (...input) => {
        const [part, at, flip] = input;
        const octets = Buffer.from(part.data, 'base64');
        octets[at % octets.length]! ^= flip;
        const reader = createPartReader();
        const reading = reader.read({ ...part, data: octets.toString('base64') });
        assert.equal(reading.kind, 'damaged');
        assert.deepEqual(reader.read(part), createPartReader().read(part));
      },
    ),
    { numRuns: 100 },
  );
});

test('what is whole but no part of a config is refused', () => {
  const reader = createPartReader();
  const entries = [{ kind: 'route', route: { id: '' }, listeners: [] }] as never;
  const reading = reader.read(encodePart({ name: 'routes-0', entries }));
  assert.ok(reading.kind === 'damaged');
  assert.match(reading.message, /part routes-0 can't be read: route\.id: /);
  const stranger = reader.read({ ...encodePart({ name: 'other', entries }) });
  assert.ok(stranger.kind === 'damaged');
  assert.match(stranger.message, /there is no part of this name/);
});
