/** `matchRequest` = a matcher written from the prose of the specification, on random input. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  actionOf,
  buildRequest,
  comparePrecedence,
  compileConfig,
  findUnreachable,
  HostMemo,
  type HttpRouteConfig,
  type MatchConfig,
  matchRequest,
  type RequestView,
  selectListener,
  traceMatch,
  type ValueMatchConfig,
} from './index.ts';
import { sampleConfig, sampleRoute } from './sample-config.ts';

// Few words each, so that hosts, paths and values meet often.
const host = fc.constantFrom('a.com', 'b.a.com', 'c.b.a.com', 'com', 'x.org', '');
const hostname = fc.constantFrom('a.com', 'b.a.com', '*.a.com', '*.b.a.com', '*.com', 'x.org');
const path = fc
  .array(fc.constantFrom('a', 'b', 'ab', ''), { maxLength: 3 })
  .map((elements) => `/${elements.filter((e, i) => e !== '' || i > 0).join('/')}`)
  .map((text) => text.replace(/\/+/g, '/'));
const valueMatch = (name: fc.Arbitrary<string>): fc.Arbitrary<ValueMatchConfig> =>
  fc.record({
    name,
    kind: fc.constantFrom('exact', 'regex'),
    value: fc.constantFrom('1', '2', '1|2', '[0-9]'),
  });
const values = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(valueMatch(fc.constantFrom('x', 'y', '__proto__')), { maxLength: 3 }),
  },
);
const match: fc.Arbitrary<MatchConfig> = fc
  .record({
    path: fc.oneof(
      fc.record({ kind: fc.constantFrom('exact' as const, 'prefix' as const), value: path }),
      fc.record({
        kind: fc.constant('regex' as const),
        value: fc.constantFrom('/a.*', '/[ab]', '/a/b', '(a|b|/)+', '.*b'),
      }),
    ),
    method: fc.option(fc.constantFrom('GET', 'POST'), { nil: undefined, freq: 1 }),
    headers: values,
    query: values,
  })
  .map(({ method, ...rest }) => (method === undefined ? rest : { ...rest, method }));
const routes = fc
  .array(
    fc.record({
      namespace: fc.constantFrom('m', 'n'),
      createdAt: fc.constantFrom(1, 2),
      hostnames: fc.oneof(
        fc.constant([]),
        fc.uniqueArray(hostname, { minLength: 1, maxLength: 3 }),
      ),
      rules: fc.array(fc.array(match, { minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    { minLength: 1, maxLength: 8, size: 'max' },
  )
  .map((samples) => samples.map((sample, index) => sampleRoute(`r${index % 3}${index}`, sample)));
const listenerHostname = fc.constantFrom(undefined, '*.com', '*.a.com', 'b.a.com');
const request = fc
  .record({
    host,
    method: fc.constantFrom('GET', 'POST', 'PUT'),
    target: fc
      .tuple(path, fc.constantFrom('', '?x=1', '?x=2&x=1&y=2', '?y=%31', '?__proto__=1'))
      .map(([text, query]) => text + query),
    headers: fc.array(
      fc.tuple(fc.constantFrom('X', 'y', '__proto__'), fc.constantFrom('1', '2', '3')),
      { maxLength: 3 },
    ),
  })
  .map(buildRequest);

const world = fc.record({ routes, listenerHostname, request }).filter(
  // The listener is selected by host before; the matcher is only asked about its own.
  ({ listenerHostname: own, request: { host: asked } }) =>
    own === undefined || hostFits(own, asked),
);

function serve(of: readonly HttpRouteConfig[], own: string | undefined, asked: RequestView) {
  const { table, problems } = compileConfig(sampleConfig(of, own), () => undefined);
  assert.deepEqual(problems, []);
  const listener = table.binds[0]!.listeners[0]!;
  return { listener, found: matchRequest(listener, asked) };
}

test('matchRequest = the naive matcher', () => {
  let matched = 0;
  fc.assert(
    fc.property(world, ({ routes: of, listenerHostname: own, request: asked }) => {
      const { found } = serve(of, own, asked);
      const expected = naiveMatch(of, own, asked);
      if (expected !== undefined) matched++;
      assert.deepEqual(
        found && { route: found.route, rule: found.ruleIndex, match: found.matchIndex },
        expected && { route: expected.route, rule: expected.rule, match: expected.matchIndex },
      );
    }),
    { numRuns: 1500 },
  );
  assert.ok(matched > 500, `only ${matched} requests matched anything`);
});

test('the order of routes does not matter', () => {
  const shuffled = world.chain((one) =>
    fc.record({
      world: fc.constant(one),
      order: fc.shuffledSubarray([...one.routes], { minLength: one.routes.length }),
    }),
  );
  fc.assert(
    fc.property(
      shuffled,
      ({ world: { routes: of, listenerHostname: own, request: asked }, order }) => {
        const one = serve(of, own, asked).found;
        const other = serve(order, own, asked).found;
        assert.equal(one?.match, other?.match);
        assert.equal(one?.route, other?.route);
      },
    ),
  );
});

test('the order of listeners does not matter', () => {
  const hostnames = fc.uniqueArray(hostname, { maxLength: 6 });
  fc.assert(
    fc.property(hostnames, routes, request, (names, of, asked) => {
      const config = sampleConfig(of);
      const [bind] = config.binds;
      const plain = bind!.listeners[0]!;
      const listeners = [plain, ...names.map((name) => ({ ...plain, name, hostname: name }))];
      const [one, other] = [listeners, listeners.toReversed()].map((all) => {
        const ordered = { ...config, binds: [{ ...bind!, listeners: all }] };
        const { table } = compileConfig(ordered, () => undefined);
        const listener = selectListener(table.binds[0]!, asked.host)!;
        return [listener.config, matchRequest(listener, asked)?.match];
      });
      assert.deepEqual(one, other);
    }),
  );
});

test('traceMatch names the same winner, and every match of the listener once', () => {
  fc.assert(
    fc.property(world, ({ routes: of, listenerHostname: own, request: asked }) => {
      const { listener, found } = serve(of, own, asked);
      const trace = traceMatch(listener, asked);
      assert.equal(trace.winner, found);
      const all = listener.routes.flatMap((route) => route.matches);
      assert.deepEqual(new Set(trace.candidates.map((c) => c.match)), new Set(all));
      assert.equal(trace.candidates.length, all.length);
      const won = trace.candidates.filter((c) => c.outcome.kind === 'won');
      assert.deepEqual(
        won.map((c) => c.match),
        found === undefined ? [] : [found],
      );
    }),
  );
});

test('precedence is a strict total order', () => {
  fc.assert(
    fc.property(routes, (of) => {
      const listener = serve(of, undefined, buildRequest({ target: '/' })).listener;
      const all = listener.routes.flatMap((route) => route.matches).slice(0, 12);
      for (const a of all) {
        for (const b of all) {
          const order = Math.sign(comparePrecedence(a, b));
          assert.equal(order === 0, a === b);
          assert.equal(order, -Math.sign(comparePrecedence(b, a)) + 0);
          for (const c of all) {
            if (order < 0 && comparePrecedence(b, c) < 0) assert.ok(comparePrecedence(a, c) < 0);
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('a table compiled from a previous one answers as a new one', () => {
  const two = fc.record({ world, others: routes });
  fc.assert(
    fc.property(two, ({ world: { routes: of, listenerHostname: own, request: asked }, others }) => {
      // Some routes stay the same objects, some are replaced under the same id, some go.
      const before = [...of.filter((_, index) => index % 2 === 0), ...others.slice(of.length)];
      const action = (context: { route: HttpRouteConfig }) => context.route;
      const first = compileConfig(sampleConfig(before, own), action).table;
      const second = compileConfig(sampleConfig(of, own), action, first).table;
      const third = compileConfig(sampleConfig(before.toReversed(), own), action, second).table;
      const next = compileConfig(sampleConfig(of, own), action, third).table;
      const found = matchRequest(next.binds[0]!.listeners[0]!, asked);
      assert.equal(found?.match, serve(of, own, asked).found?.match);
      assert.equal(found?.action, found?.route);
    }),
  );
});

test('an unreachable match is never found, and an equal later match is unreachable', () => {
  let reported = 0;
  fc.assert(
    fc.property(world, ({ routes: of, listenerHostname: own, request: asked }) => {
      const { table } = compileConfig(sampleConfig(of, own), () => undefined);
      const unreachable = findUnreachable(table);
      reported += unreachable.length;
      const found = matchRequest(table.binds[0]!.listeners[0]!, asked);
      assert.ok(unreachable.every(({ match: one }) => one !== found));
      const twice = of.map((route) => ({ ...route, rules: [...route.rules, ...route.rules] }));
      const double = compileConfig(sampleConfig(twice, own), () => undefined).table;
      const hidden = new Set(findUnreachable(double).map(({ match: one }) => one));
      const attached = double.binds[0]!.listeners[0]!.routes.filter((one) => one.hostnames.length);
      const count = attached.flatMap((one) => one.matches);
      assert.ok(hidden.size * 2 >= count.length);
    }),
    { numRuns: 500 },
  );
  assert.ok(reported > 50, `only ${reported} reported`);
});

interface Naive {
  readonly route: HttpRouteConfig;
  readonly rule: number;
  readonly matchIndex: number;
  readonly rank: readonly (number | string)[];
}

/** Tries everything and sorts by the criteria in the order in which the specification has them. */
function naiveMatch(of: readonly HttpRouteConfig[], own: string | undefined, asked: RequestView) {
  const accepted: Naive[] = [];
  for (const route of of) {
    for (const name of route.hostnames.length === 0 ? [''] : route.hostnames) {
      if (!hostFits(name, asked.host)) continue;
      if (own !== undefined && !someHostFitsBoth(own, name)) continue;
      for (const [rule, { matches }] of route.rules.entries()) {
        for (const [matchIndex, one] of matches.entries()) {
          if (!accepts(one, asked)) continue;
          accepted.push({
            route,
            rule,
            matchIndex,
            rank: rank(name, one, route, rule, matchIndex),
          });
        }
      }
    }
  }
  return accepted.sort((one, other) => compareRanks(one.rank, other.rank))[0];
}

function rank(
  name: string,
  { path: { kind, value: text }, method, headers, query }: MatchConfig,
  route: HttpRouteConfig,
  ...order: number[]
) {
  const { namespace, name: routeName } = route.object;
  return [
    name.startsWith('*') ? 0 : -name.length,
    -name.length,
    { exact: 0, regex: 1, prefix: 2 }[kind],
    kind === 'exact' ? 0 : -(kind === 'prefix' ? text.replace(/\/$/, '') : text).length,
    method === undefined ? 1 : 0,
    -firstOfEachName(headers).length,
    -firstOfEachName(query).length,
    route.createdAt,
    `${namespace}/${routeName}`,
    ...order,
  ];
}

function compareRanks(one: readonly (number | string)[], other: readonly (number | string)[]) {
  for (const [index, value] of one.entries()) {
    if (value !== other[index]) return value < other[index]! ? -1 : 1;
  }
  return 0;
}

function accepts({ path: wanted, method, headers, query }: MatchConfig, asked: RequestView) {
  const parameters = new URLSearchParams(asked.query);
  return (
    pathFits(wanted, asked.path) &&
    (method === undefined || method === asked.method) &&
    firstOfEachName(headers).every((one) => valueFits(one, asked.header(one.name))) &&
    firstOfEachName(query).every((one) => valueFits(one, parameters.get(one.name) ?? undefined))
  );
}

function pathFits({ kind, value: wanted }: MatchConfig['path'], actual: string): boolean {
  if (kind === 'exact') return wanted === actual;
  if (kind === 'regex') return new RegExp(`^(?:${wanted})$`).test(actual);
  const elements = (text: string) => text.split('/').slice(1);
  const prefix = elements(wanted.replace(/\/$/, ''));
  return prefix.every((element, index) => element === elements(actual)[index]);
}

function valueFits({ kind, value: wanted }: ValueMatchConfig, actual: string | undefined) {
  if (actual === undefined) return false;
  return kind === 'exact' ? wanted === actual : new RegExp(`^(?:${wanted})$`).test(actual);
}

function firstOfEachName(all: readonly ValueMatchConfig[]): readonly ValueMatchConfig[] {
  return all.filter((one) => all.find((other) => other.name === one.name) === one);
}

function hostFits(name: string, actual: string): boolean {
  if (name === '') return true;
  if (!name.startsWith('*.')) return name === actual;
  const labels = actual.split('.');
  return labels.slice(1).some((_, index) => `*.${labels.slice(index + 1).join('.')}` === name);
}

/** Wide enough a pool of hosts to tell for the hostnames above. */
function someHostFitsBoth(one: string, other: string): boolean {
  const pool = ['a.com', 'b.a.com', 'c.b.a.com', 'd.c.b.a.com', 'z.a.com', 'z.com', 'x.org', 'com'];
  return pool.some((actual) => hostFits(one, actual) && hostFits(other, actual));
}

test('what is remembered of a host never changes an answer', () => {
  let remembered = 0;
  const root: MatchConfig = { path: { kind: 'prefix', value: '/' }, headers: [], query: [] };
  const simplify = (of: readonly HttpRouteConfig[]) =>
    of.map((route) => ({ ...route, rules: [{ ...route.rules[0]!, matches: [root] }] }));
  const two = fc.record({ one: world, before: routes, isSimple: fc.boolean() });
  fc.assert(
    fc.property(two, ({ one, before, isSimple }) => {
      const { listenerHostname: own, request: asked } = one;
      const of = isSimple ? simplify(one.routes) : one.routes;
      const action = () => ({});
      const first = compileConfig(sampleConfig(before, own), action).table;
      const second = compileConfig(sampleConfig(of, own), action, first).table;
      const hostMemo = new HostMemo();
      for (const { binds } of [first, first, second, second, first]) {
        const listener = binds[0]!.listeners[0]!;
        const expected = matchRequest(listener, asked);
        const found = matchRequest(listener, { ...asked, hostMemo });
        assert.equal(found, expected);
        if (found !== undefined) assert.equal(actionOf(found, hostMemo), found.action);
        if (hostMemo.sole !== undefined) remembered++;
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(remembered > 100, `only ${remembered} lookups were answered from memory`);
});
