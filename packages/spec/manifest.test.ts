import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { joinManifests, type Manifest, type Problem, parseManifests } from './index.ts';

const read = (text: string): Manifest => parseManifests(text, 'shop.yaml', { channel: 'standard' });

const configMap = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

const place = ({ line, column }: Problem): string => `${line}:${column}`;

describe('documents', () => {
  test('several in a file, empty ones and comments between', () => {
    const { objects, problems } = read(
      `# a shop\n---\n${configMap('one')}---\n# nothing\n---\n${configMap('two')}...\n`,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      objects.map(({ object, line }) => [object.metadata.name, line]),
      [
        ['one', 3],
        ['two', 10],
      ],
    );
  });

  test('a broken one hurts only itself and is located', () => {
    const { objects, problems } = read(
      `${configMap('one')}---\nkind: "unclosed\n  a: [\n---\n${configMap('two')}`,
    );
    assert.deepEqual(
      objects.map(({ object }) => object.metadata.name),
      ['one', 'two'],
    );
    assert.ok(problems.length > 0);
    for (const problem of problems) {
      assert.equal(problem.rule, 'yaml');
      assert.ok(problem.line >= 5 && problem.line <= 8, place(problem));
    }
  });

  test('a List is unfolded, its items located', () => {
    const { objects, rejected, problems } = read(
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n' +
        '  metadata: {name: one}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: Two}\n',
    );
    assert.equal(objects.length, 1);
    assert.deepEqual(rejected, [
      {
        name: { kind: 'ConfigMap', namespace: 'default', name: 'Two' },
        file: 'shop.yaml',
        line: 7,
        column: 3,
      },
    ]);
    assert.deepEqual(problems.map(place), ['9:14']);
    assert.equal(problems[0]?.field, 'metadata.name');
  });

  test('duplicate keys are an error', () => {
    const { objects, problems } = read(configMap('one', 'data:\n  a: b\n  a: c\n'));
    assert.equal(objects.length, 0);
    assert.deepEqual(problems.map(place), ['7:3']);
    assert.match(problems[0]?.message ?? '', /unique/);
  });

  test('an alias bomb is an error, a few aliases are not', () => {
    const levels = Array.from({ length: 9 }, (_, i) => {
      const of = i === 0 ? 'x' : `*a${i - 1}`;
      return `a${i}: &a${i} [${Array(9).fill(of).join(', ')}]`;
    });
    const bomb = read(`${configMap('one')}${levels.join('\n')}\n`);
    assert.equal(bomb.objects.length, 0);
    assert.match(bomb.problems[0]?.message ?? '', /alias/);
    const few = read(configMap('one', 'data:\n  a: &a text\n  b: *a\n'));
    assert.deepEqual(few.objects[0]?.object, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'one', namespace: 'default' },
      data: { a: 'text', b: 'text' },
    });
  });

  test('an anchor that holds itself is an error', () => {
    const { objects, problems } = read('apiVersion: v1\nkind: &a {b: *a}\nmetadata: {name: a}\n');
    assert.equal(objects.length, 0);
    assert.equal(problems.length, 1);
  });

  test('merge keys, YAML 1.1 booleans and times are read as kubectl reads them', () => {
    const merged = read(
      'x: &x {name: one}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  <<: *x\n' +
        'data: {time: 2026-01-31T12:00:00Z, clock: 1:30}\nimmutable: yes\n',
    );
    assert.deepEqual(
      merged.problems.map(({ rule }) => rule),
      ['unknown field'],
    );
    assert.deepEqual(merged.objects[0]?.object, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'one', namespace: 'default' },
      data: { time: '2026-01-31T12:00:00Z', clock: '1:30' },
      immutable: true,
    });
    const quoted = read(configMap('one', 'data:\n  flag: on\n'));
    assert.deepEqual(quoted.problems.map(place), ['6:3']);
    assert.match(quoted.problems[0]?.hint ?? '', /quotes/);
  });

  test('a document that is no object is an error', () => {
    for (const text of ['- a\n', 'hello\n', 'a: b\n', 'kind: 1\napiVersion: v1\n']) {
      const { objects, rejected, problems } = read(text);
      assert.equal(objects.length, 0);
      assert.equal(rejected.length, 1);
      assert.equal(problems.length, 1);
    }
  });
});

describe('an object', () => {
  test('is deeply frozen', () => {
    const { objects } = read(configMap('one', 'data: {a: b}\n'));
    const object = objects[0]?.object;
    assert.ok(object?.kind === 'ConfigMap');
    assert.ok(Object.isFrozen(object) && Object.isFrozen(object.data));
    assert.ok(Object.isFrozen(object.metadata));
  });

  test('gets the default namespace unless it lives in none', () => {
    const text = `${configMap('one')}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n`;
    const { objects } = parseManifests(text, 'f', { channel: 'standard', defaultNamespace: 'a' });
    assert.deepEqual(
      objects.map(({ object }) => object.metadata),
      [
        { name: 'one', namespace: 'a' },
        { name: 'shop', labels: { 'kubernetes.io/metadata.name': 'shop' } },
      ],
    );
  });

  test('is told what is unknown in a status, although that is dropped', () => {
    const { problems } = read(
      'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\n' +
        'spec: {}\nstatus: {parents: [{a: null, conditions: {b: c}}]}\n',
    );
    assert.deepEqual(
      problems.map(({ severity, field, rule }) => [severity, field, rule]),
      ['a', 'conditions.b'].map((field) => [
        'warning',
        `status.parents[0].${field}`,
        'unknown field',
      ]),
    );
  });

  test('is told of a wrong type, and not what is unknown in it', () => {
    const { problems } = read(
      'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\n' +
        'spec: {rules: {a: b, c: null}}\n',
    );
    assert.deepEqual(
      problems.map(({ field, rule }) => [field, rule]),
      [['spec.rules', 'type: array']],
    );
  });

  test('loses its status, unless it comes from an API server', () => {
    const text =
      'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: one}\n' +
      'spec: {}\nstatus: {parents: []}\n';
    assert.equal('status' in (read(text).objects[0]?.object ?? {}), false);
    const kept = parseManifests(text, 'f', { channel: 'standard', status: 'keep' });
    assert.deepEqual(Object.entries(kept.objects[0]?.object ?? {}).at(-1), [
      'status',
      { parents: [] },
    ]);
  });

  test('can locate its fields, written or not', () => {
    const { objects } = read(
      'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: one\n' +
        '  labels:\n    example.com/team: a\nspec:\n  rules:\n  - backendRefs:\n' +
        '    - name: a\n      port: 80\n    - {name: b, port: 81}\n',
    );
    const locate = objects[0]?.locate;
    const at = (path: string): string => {
      const { line, column } = locate?.(path) ?? { line: 0, column: 0 };
      return `${line}:${column}`;
    };
    assert.equal(at(''), '1:1');
    assert.equal(at('metadata.labels[example.com/team]'), '6:5');
    assert.equal(at('spec.rules[0]'), '9:5');
    assert.equal(at('spec.rules[0].backendRefs[0].port'), '11:7');
    assert.equal(at('spec.rules[0].backendRefs[1].port'), '12:17');
    assert.equal(at('spec.rules[0].backendRefs[1].weight'), '12:7');
    assert.equal(at('spec.rules[7].name'), '8:3');
  });
});

describe('the same object twice', () => {
  test('in a file: the later one is rejected', () => {
    const { objects, rejected, problems } = read(`${configMap('one')}---\n${configMap('one')}`);
    assert.deepEqual(
      objects.map(({ line }) => line),
      [1],
    );
    assert.deepEqual(
      rejected.map(({ line }) => line),
      [6],
    );
    assert.deepEqual(problems.map(place), ['9:3']);
    assert.match(problems[0]?.message ?? '', /ConfigMap "one" is there already, at shop.yaml:1/);
  });

  test('in two files, in two versions', () => {
    const route = (version: string): string =>
      `apiVersion: gateway.networking.k8s.io/${version}\nkind: HTTPRoute\nmetadata: {name: a}\n` +
      'spec: {}\n';
    const manifests = ['v1', 'v1beta1'].map((version, index) =>
      parseManifests(route(version), `${index}.yaml`, { channel: 'standard' }),
    );
    const { objects, problems } = joinManifests(manifests);
    assert.equal(objects.length, 1);
    assert.deepEqual(
      problems.map(({ file, rule }) => [file, rule]),
      [['1.yaml', 'unique object']],
    );
  });

  test('another kind or namespace is another object', () => {
    const secret = configMap('one').replace('ConfigMap', 'Secret');
    const elsewhere = configMap('one', '  namespace: shop\n');
    const { objects } = read(`${configMap('one')}---\n${secret}---\n${elsewhere}`);
    assert.equal(objects.length, 3);
  });
});
