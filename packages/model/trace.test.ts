/** Why each match won or lost, by example. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRequest, compileConfig, type MatchConfig, traceMatch } from './index.ts';
import { sampleConfig, sampleRoute } from './sample-config.ts';

const header = (name: string, value: string) => ({ name, kind: 'exact', value }) as const;

function trace(
  routes: Parameters<typeof sampleConfig>[0],
  request: Parameters<typeof buildRequest>[0],
) {
  const { table } = compileConfig(sampleConfig(routes), () => undefined);
  const traced = traceMatch(table.binds[0]!.listeners[0]!, buildRequest(request));
  return traced.candidates.map(({ match, outcome }) => ({
    of: `${match.route.object.name}/${match.ruleIndex}`,
    outcome,
  }));
}

test('each condition that fails is named with what was wanted and what was there', () => {
  const wanted = { header: header('x', '1'), query: header('q', '1') };
  const path = { kind: 'prefix', value: '/elsewhere' } as const;
  const rules: Partial<MatchConfig>[][] = [
    [{ method: 'POST' }],
    [{ headers: [wanted.header] }],
    [{ query: [wanted.query] }],
    [{ path: { kind: 'regex', value: '/[0-9]+' } }],
    [{ path }],
    [{}],
    [{ headers: [header('y', '1')], query: [wanted.query] }],
  ];
  const routes = [sampleRoute('r', { rules }), sampleRoute('other', { hostnames: ['b.com'] })];
  assert.deepEqual(trace(routes, { host: 'a.com', target: '/a?q=2', headers: [['y', '1']] }), [
    {
      of: 'r/3',
      outcome: { kind: 'path', wanted: { kind: 'regex', value: '/[0-9]+' }, actual: '/a' },
    },
    { of: 'r/0', outcome: { kind: 'method', wanted: 'POST', actual: 'GET' } },
    { of: 'r/6', outcome: { kind: 'query', name: 'q', wanted: wanted.query, actual: '2' } },
    {
      of: 'r/1',
      outcome: { kind: 'header', name: 'x', wanted: wanted.header, actual: undefined },
    },
    { of: 'r/2', outcome: { kind: 'query', name: 'q', wanted: wanted.query, actual: '2' } },
    { of: 'r/5', outcome: { kind: 'won' } },
    { of: 'r/4', outcome: { kind: 'path', wanted: path, actual: '/a' } },
    { of: 'other/0', outcome: { kind: 'host', wanted: ['b.com'], actual: 'a.com' } },
  ]);
});

test('a match that accepts the request too is told where it ranks lower', () => {
  const at = (value: string, more: Partial<MatchConfig> = {}): Partial<MatchConfig> => ({
    path: { kind: 'prefix', value },
    ...more,
  });
  const exact: Partial<MatchConfig> = { path: { kind: 'exact', value: '/a' } };
  const one = header('x', '1');
  const rows: [winner: Partial<MatchConfig>[], loser: Partial<MatchConfig>[], step: string][] = [
    [[exact], [at('/a')], 'path-kind'],
    [[at('/a')], [at('/')], 'path-length'],
    [[at('/', { method: 'GET' })], [at('/', { headers: [one] })], 'method'],
    [[at('/', { headers: [one] })], [at('/', { query: [one] })], 'header-count'],
    [[at('/', { query: [one] })], [at('/')], 'query-count'],
    [[at('/')], [at('/')], 'rule-order'],
  ];
  for (const [winner, loser, step] of rows) {
    const request = { target: '/a?x=1', headers: [['x', '1']] as const };
    const [first, second] = trace([sampleRoute('r', { rules: [winner, loser] })], request);
    assert.deepEqual(first, { of: 'r/0', outcome: { kind: 'won' } });
    assert.deepEqual(second, { of: 'r/1', outcome: { kind: 'outranked', step } });
  }
});

test('between routes: hostname, age, name, kind; within a rule: order of matches', () => {
  const steps = (...routes: Parameters<typeof sampleConfig>[0]) =>
    trace(routes, { host: 'a.com', target: '/' }).map(({ of, outcome }) =>
      [of, 'step' in outcome ? outcome.step : outcome.kind].join(' '),
    );
  const exact = sampleRoute('exact', { hostnames: ['a.com'], createdAt: 9 });
  assert.deepEqual(steps(sampleRoute('any'), exact), ['exact/0 won', 'any/0 hostname']);
  const older = sampleRoute('older', { createdAt: -1 });
  assert.deepEqual(steps(sampleRoute('any'), older), ['older/0 won', 'any/0 age']);
  const otherNamespace = sampleRoute('a', { namespace: 'z' });
  assert.deepEqual(steps(otherNamespace, sampleRoute('b')), ['b/0 won', 'a/0 name']);
  const grpc = { ...sampleRoute('b'), id: 'GRPCRoute/default/b' };
  assert.deepEqual(steps(sampleRoute('b'), grpc), ['b/0 won', 'b/0 kind']);
  const twice = sampleRoute('r', { rules: [[{}, {}]] });
  assert.deepEqual(steps(twice), ['r/0 won', 'r/0 match-order']);
});

test('nothing matches: no winner, every match has its reason', () => {
  const routes = [sampleRoute('r', { hostnames: ['a.com', '*.a.com'] })];
  const { table } = compileConfig(sampleConfig(routes), () => undefined);
  const traced = traceMatch(table.binds[0]!.listeners[0]!, buildRequest({ target: '/' }));
  assert.equal(traced.winner, undefined);
  const outcome = { kind: 'host', wanted: ['a.com', '*.a.com'], actual: '' };
  assert.deepEqual(
    traced.candidates.map((one) => one.outcome),
    [outcome],
  );
});
