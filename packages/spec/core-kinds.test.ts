import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseManifests } from './index.ts';

/** `field: message hint` of each error, the field without the object's name. */
function errorsOf(text: string): readonly string[] {
  return parseManifests(text, 'f', { channel: 'standard' })
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ field, message, hint }) => `${field}: ${message} ${hint}`);
}

const service = (spec: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: ${spec}\n`;
const slice = (rest: string): string =>
  `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: s}\n${rest}\n`;
const deployment = (container: string): string =>
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: s}\nspec:\n' +
  '  selector: {matchLabels: {a: b}}\n  strategy: {type: Recreate}\n  template:\n' +
  `    metadata: {labels: {a: b}}\n    spec: {hostNetwork: true, containers: [${container}]}\n`;
const secret = (rest: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n${rest}\n`;
const configMap = (rest: string): string => secret(rest).replace('Secret', 'ConfigMap');

describe('mistakes are found in Kubernetes’ own kinds too', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [service('{ports: [{port: 0}]}'), /^spec.ports\[0\].port: 0 is too small .*1 to 65535/],
    [service('{ports: [{port: 65536}]}'), /^spec.ports\[0\].port: 65536 is too large/],
    [service('{ports: [{name: http}]}'), /^spec.ports\[0\].port: is required and missing/],
    [service('{ports: [{port: 80, protocol: tcp}]}'), /did you mean "TCP"/],
    [service('{ports: [{port: 80, name: Http}]}'), /^spec.ports\[0\].name: "Http" does not match/],
    [
      service('{ports: [{port: 80, targetPort: 0}]}'),
      /^spec.ports\[0\].targetPort: 0 is too small/,
    ],
    [service('{ports: [{port: 80}, {port: 81}]}'), /^spec.ports: every port must have a name/],
    [
      service('{ports: [{port: 80, name: a}, {port: 81, name: a}]}'),
      /^spec.ports: port names must be unique/,
    ],
    [
      service('{ports: [{port: 80, name: a}, {port: 80, name: b}]}'),
      /^spec.ports\[1\]: port 80, protocol "TCP" is there already/,
    ],
    [service('{}'), /^spec: ports must be specified/],
    [service('{type: ExternalName}'), /^spec: externalName must be specified/],
    [service('{type: Loadbalancer, ports: [{port: 80}]}'), /did you mean "LoadBalancer"/],
    [service('{selector: {app: 1}, ports: [{port: 80}]}'), /^spec.selector.app: must be a string/],
    [service('[]'), /^spec: must be a map, is a list/],
    ['apiVersion: v1\nkind: Service\nmetadata: {name: s}\n', /^spec: is required and missing/],
    [
      service('{ports: [{port: 80}]}').replace('name: s', 'name: a.b'),
      /^metadata.name: "a.b" is no/,
    ],
    [
      slice('addressType: IPv4\nendpoints: [{addresses: ["::1"]}]'),
      /"::1" must be an IPv4 address/,
    ],
    [slice('addressType: IPv6\nendpoints: [{addresses: [1.2.3.4]}]'), /must be an IPv6 address/],
    [slice('endpoints: []'), /^addressType: is required and missing add "addressType", one of/],
    [slice('addressType: IPv4\nendpoints: [{addresses: []}]'), /addresses: has 0 items/],
    [slice('addressType: IPv4\nports: [{port: 80}, {port: 81}]'), /^ports\[1\]: name "" is there/],
    [slice('addressType: IPv4\nports: [{port: 70000}]'), /^ports\[0\].port: 70000 is too large/],
    [deployment('{name: a, ports: [{containerPort: 0}]}'), /containerPort: 0 is too small/],
    [deployment('{image: a}'), /containers\[0\].name: is required and missing/],
    [deployment('{name: a}, {name: a}'), /containers\[1\]: name "a" is there already/],
    [secret('data: {a: hello!}'), /^data.a: the value must be base64/],
    [secret('stringData: {a: 1}'), /^stringData.a: must be a string, is a number \(the value\)/],
    [secret('data: {a/b: aGk=}'), /^data: keys may hold letters/],
    [configMap('data: {a: {b: c}}'), /^data.a: must be a string, is a map/],
    [configMap('data: [a]'), /^data: must be a map/],
    [configMap('binaryData: {a: "?"}'), /^binaryData.a: "\?" must be base64/],
  ];
  for (const [text, expected] of cases) {
    test(String(expected), () => {
      const [error, ...rest] = errorsOf(text);
      assert.deepEqual(rest, []);
      assert.match(error ?? '', expected);
    });
  }
});

describe('what an API server accepts is accepted', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a headless Service without ports', service('{clusterIP: None}')],
    ['an ExternalName Service', service('{type: ExternalName, externalName: example.com}')],
    [
      'one port number for two protocols',
      service('{ports: [{name: a, port: 53, protocol: UDP}, {name: b, port: 53}]}'),
    ],
    ['a named target port', service('{ports: [{port: 80, targetPort: http}]}')],
    ['an EndpointSlice without endpoints', slice('addressType: FQDN\nports: [{port: 80}]')],
    ['a Deployment with fields that are not read', deployment('{name: a, env: [{name: b}]}')],
    ['a Namespace', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n'],
    ['a ConfigMap', configMap('data: {a.b: text}\nimmutable: false')],
    [
      'a Pod',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n',
    ],
  ];
  for (const [name, text] of cases) {
    test(name, () => {
      const { objects, problems } = parseManifests(text, 'f', { channel: 'standard' });
      assert.deepEqual(problems, []);
      assert.equal(objects.length, 1);
    });
  }

  test('defaults are those of the API server', () => {
    const text = `${service('{ports: [{port: 80}]}')}---\n${slice(
      'addressType: IPv4\nports: [{port: 80}]',
    )}---\n${deployment('{name: a, ports: [{containerPort: 80}]}')}---\n${secret('')}`;
    const { objects } = parseManifests(text, 'f', { channel: 'standard' });
    const [first, second, third, fourth] = objects.map(({ object }) => object);
    assert.ok(first?.kind === 'Service' && second?.kind === 'EndpointSlice');
    assert.ok(third?.kind === 'Deployment' && fourth?.kind === 'Secret');
    assert.deepEqual(first.spec, {
      type: 'ClusterIP',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
    assert.deepEqual(second.ports, [{ name: '', port: 80, protocol: 'TCP' }]);
    assert.deepEqual(second.endpoints, []);
    assert.equal(third.spec.replicas, 1);
    const [container] = third.spec.template.spec.containers;
    assert.deepEqual(container?.ports, [{ containerPort: 80, protocol: 'TCP' }]);
    assert.equal(fourth.type, 'Opaque');
  });
});

test('no value of a Secret is repeated, whatever is wrong with it', () => {
  const texts = ['data: {a: hunter2}', 'data: {a: [hunter2]}', 'stringData: {a: {b: hunter2}}'];
  for (const text of texts) {
    const errors = errorsOf(secret(text));
    assert.ok(errors.length > 0);
    assert.doesNotMatch(errors.join('\n'), /hunter2/);
  }
});
