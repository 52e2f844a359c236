/** Which matches are said to be unreachable, and that none of them ever is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileConfig, findUnreachable, type HttpRouteConfig, type MatchConfig } from './index.ts';
import { sampleConfig, sampleRoute } from './sample-config.ts';

/** `hidden by winner`, as `route/rule`. */
function unreachable(routes: readonly HttpRouteConfig[], hostname?: string): string[] {
  const { table } = compileConfig(sampleConfig(routes, hostname), () => undefined);
  return findUnreachable(table).map(({ match, winner }) =>
    [match, winner].map((one) => `${one.route.object.name}/${one.ruleIndex}`).join(' by '),
  );
}

const path = (kind: MatchConfig['path']['kind'], value: string) => ({ path: { kind, value } });
const header = (name: string, value: string) => ({ name, kind: 'exact', value }) as const;

test('an exact duplicate, in one route or in two, whatever its order and letter', () => {
  const rules = [[path('prefix', '/a')], [path('prefix', '/a/')]];
  assert.deepEqual(unreachable([sampleRoute('r', { rules })]), ['r/1 by r/0']);
  const twins = ['b', 'a'].map((name) => sampleRoute(name, { hostnames: ['h'] }));
  assert.deepEqual(unreachable(twins), ['b/0 by a/0']);
  const sets = [
    [{ headers: [header('x', '1'), header('y', '2')] }],
    [{ headers: [header('y', '2'), header('x', '1'), header('x', '3')] }],
  ];
  assert.deepEqual(unreachable([sampleRoute('r', { rules: sets })]), ['r/1 by r/0']);
});

test('different conditions, paths or hosts hide nothing', () => {
  const rules = [
    [{}],
    [{ method: 'GET' }],
    [{ headers: [header('x', '1')] }],
    [{ query: [header('x', '1')] }],
    [path('exact', '/')],
    [path('regex', '/a.*')],
    [path('prefix', '/a')],
  ];
  assert.deepEqual(unreachable([sampleRoute('r', { rules })]), []);
  const routes = [
    sampleRoute('any'),
    sampleRoute('wild', { hostnames: ['*.com'] }),
    sampleRoute('exact', { hostnames: ['a.com'] }),
  ];
  assert.deepEqual(unreachable(routes), []);
  assert.deepEqual(unreachable(routes, '*.a.com'), ['any/0 by wild/0']);
});

test('a route is reachable as long as one of its hostnames is', () => {
  const first = sampleRoute('a', { hostnames: ['a.com'] });
  const second = sampleRoute('b', { hostnames: ['a.com', 'b.com'] });
  assert.deepEqual(unreachable([first, second]), []);
  const third = sampleRoute('c', { hostnames: ['b.com', 'a.com'] });
  assert.deepEqual(unreachable([first, second, third]), ['c/0 by b/0']);
});

test("hostnames that come to the listener's own: the more specific hides wider paths", () => {
  const narrow = sampleRoute('narrow', {
    hostnames: ['a.example.com'],
    rules: [[path('prefix', '/p')], [{ ...path('exact', '/m'), method: 'GET' }]],
  });
  const wide = sampleRoute('wide', {
    hostnames: ['*.example.com'],
    rules: [
      [path('prefix', '/p/q')],
      [path('exact', '/p')],
      [path('prefix', '/')],
      [path('exact', '/m')],
      [{ ...path('exact', '/m'), method: 'GET' }],
      [path('regex', '/p/.*')],
    ],
  });
  const expected = ['wide/0 by narrow/0', 'wide/1 by narrow/0', 'wide/4 by narrow/1'];
  assert.deepEqual(unreachable([wide, narrow], 'a.example.com'), expected);
  assert.deepEqual(unreachable([wide, narrow], '*.example.com'), []);
});

test('a regular expression that accepts every path hides prefixes', () => {
  const rules = [[path('prefix', '/a')], [path('regex', '/.*')], [path('exact', '/a')]];
  assert.deepEqual(unreachable([sampleRoute('r', { rules })]), ['r/0 by r/1']);
});
