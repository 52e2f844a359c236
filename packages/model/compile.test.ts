/** What a table is made of, what is taken over from the one before, what is left out and said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildRequest,
  compileConfig,
  matchRequest,
  type ProxyConfig,
  type RouteTable,
  type RuleContext,
} from './index.ts';
import { sampleConfig, sampleRoute } from './sample-config.ts';

/** Compiles with actions that say what they were built for, and lists those that were. */
function compile(config: ProxyConfig, previous?: RouteTable<string>) {
  const built: string[] = [];
  const buildAction = ({ listener, route, ruleIndex }: RuleContext) => {
    const action = `${listener.name}:${listener.port} ${route.object.name}/${ruleIndex}`;
    built.push(action);
    return action;
  };
  return { ...compileConfig(config, buildAction, previous), built };
}

function actionFor(table: RouteTable<string>, host: string): string | undefined {
  const listener = table.binds[0]!.listeners[0]!;
  return matchRequest(listener, buildRequest({ host, target: '/' }))?.action;
}

const [a, b, c] = ['a', 'b', 'c'].map((name) => sampleRoute(name, { hostnames: [`${name}.com`] }));
const routes = [a!, b!, c!];

test('an action is built once for each listener, route and rule', () => {
  const two = sampleRoute('two', { rules: [[{}, { method: 'GET' }], [{}]] });
  const config = sampleConfig([two]);
  const [bind] = config.binds;
  const other = { ...bind!, port: 81, bindPort: 8081 };
  const { built, problems } = compile({ ...config, binds: [bind!, other] });
  assert.deepEqual(built, ['http:80 two/0', 'http:80 two/1', 'http:81 two/0', 'http:81 two/1']);
  assert.deepEqual(problems, []);
});

test('only changed routes are compiled again, and all answer', () => {
  const first = compile(sampleConfig(routes));
  const newer = sampleRoute('b', { hostnames: ['b.com', '*.b.com'] });
  const next = compile(sampleConfig([a!, newer, c!]), first.table);
  assert.deepEqual(next.built, ['http:80 b/0']);
  assert.equal(actionFor(next.table, 'x.b.com'), 'http:80 b/0');
  assert.equal(actionFor(first.table, 'x.b.com'), undefined);
  const before = first.table.binds[0]!.listeners[0]!.byHost.exact;
  const after = next.table.binds[0]!.listeners[0]!.byHost.exact;
  assert.equal(after.get('a.com'), before.get('a.com'));
  assert.notEqual(after.get('b.com'), before.get('b.com'));
});

test('removed, added and reordered routes', () => {
  const first = compile(sampleConfig(routes));
  const d = sampleRoute('d', { hostnames: ['*.d.com'] });
  const next = compile(sampleConfig([d, c!, a!]), first.table);
  assert.deepEqual(next.built, ['http:80 d/0']);
  assert.equal(actionFor(next.table, 'b.com'), undefined);
  assert.equal(actionFor(next.table, 'a.com'), 'http:80 a/0');
  assert.equal(actionFor(next.table, 'x.d.com'), 'http:80 d/0');
  const last = compile(sampleConfig([a!]), next.table);
  assert.equal(actionFor(last.table, 'x.d.com'), undefined);
});

test('a route that a listener names twice is there once', () => {
  const config = sampleConfig([a!, b!]);
  const [bind] = config.binds;
  const twice = [{ ...bind!.listeners[0]!, routes: [a!.id, b!.id, a!.id] }];
  const first = compile({ ...config, binds: [{ ...bind!, listeners: twice }] });
  assert.equal(first.table.binds[0]!.listeners[0]!.routes.length, 2);
  assert.equal(actionFor(compile(config, first.table).table, 'a.com'), 'http:80 a/0');
});

test('endpoints change without their routes: nothing is built', () => {
  const first = compile(sampleConfig(routes));
  const config = { ...sampleConfig(routes), version: '2' };
  const next = compile(config, first.table);
  assert.deepEqual(next.built, []);
  assert.equal(next.table.config.version, '2');
  const [listener] = next.table.binds[0]!.listeners;
  assert.equal(listener!.byHost, first.table.binds[0]!.listeners[0]!.byHost);
});

test('a config that was read again is the same config', () => {
  const first = compile(sampleConfig(routes));
  const copy = structuredClone(sampleConfig(routes));
  assert.deepEqual(compile(copy, first.table).built, []);
  const edited = { ...copy, routes: copy.routes.with(1, { ...copy.routes[1]!, createdAt: 7 }) };
  assert.deepEqual(compile(edited, first.table).built, ['http:80 b/0']);
});

test('a listener that moves or is renamed is built anew', () => {
  const config = sampleConfig(routes);
  const first = compile(config);
  const moved = { ...config, binds: [{ ...config.binds[0]!, port: 8000 }] };
  assert.deepEqual(compile(moved, first.table).built[0], 'http:8000 a/0');
  assert.equal(compile(sampleConfig(routes, '*.com'), first.table).built.length, 3);
});

test('what cannot serve is left out and said once; the rest serves', () => {
  const broken = sampleRoute('broken', {
    rules: [[{ path: { kind: 'regex', value: '(' } }, { path: { kind: 'prefix', value: '/' } }]],
  });
  const config = sampleConfig([broken]);
  const [bind] = config.binds;
  const [listener] = bind!.listeners;
  const listeners = [
    { ...listener!, routes: [broken.id, 'missing'] },
    { ...listener!, name: 'twin' },
  ];
  const { table, problems } = compile({ ...config, binds: [{ ...bind!, listeners }] });
  assert.deepEqual(
    problems.map((problem) => problem.field),
    [
      `routes[${broken.id}].rules[0].matches[0]`,
      'listeners[http].routes[missing]',
      'binds[80].listeners[twin].hostname',
    ],
  );
  assert.equal(actionFor(table, 'any'), 'http:80 broken/0');
});
