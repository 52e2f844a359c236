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

const selecting = (selector: string): string =>
  deployment('{name: a, image: a}').replace('{matchLabels: {a: b}}', selector);

const selectors: readonly (readonly [string, RegExp])[] = [
  [selecting('{}'), /spec: selector must contain at least one/],
  [selecting('{matchLabels: {a: c}}'), /spec: selector.matchLabels must select the labels/],
  [selecting('{matchLabels: {c: b}}'), /spec: selector.matchLabels must select the labels/],
  [selecting('{matchLabels: {a: b c}}'), /matchLabels.a: "b c" must be at most 63 letters/],
  [
    selecting('{matchExpressions: [{key: a, operator: In}]}'),
    /matchExpressions\[0\]: values must be specified for In and NotIn/,
  ],
  [
    selecting('{matchExpressions: [{key: a, operator: Exists, values: [b]}]}'),
    /matchExpressions\[0\]: values must be specified for In and NotIn, and for these only/,
  ],
  ...['In, values: [c]', 'NotIn, values: [b]', 'DoesNotExist'].map(
    (operator) =>
      [
        selecting(`{matchExpressions: [{key: a, operator: ${operator}}]}`),
        /spec: selector.matchExpressions must select the labels of the template/,
      ] as const,
  ),
];

describe('mistakes are found in Kubernetes’ own kinds too', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [service('{ports: [{port: 0}]}'), /^spec.ports\[0\].port: 0 is too small .*1 to 65535/],
    [service('{ports: [{port: 65536}]}'), /^spec.ports\[0\].port: 65536 is too large/],
    [service('{ports: [{name: http}]}'), /^spec.ports\[0\].port: is required and missing/],
    [service('{ports: [{port: 80, protocol: tcp}]}'), /did you mean "TCP"/],
    [service('{ports: [{port: 80, name: Http}]}'), /^spec.ports\[0\].name: "Http" does not match/],
    [
      service('{ports: [{port: 80, targetPort: -1}]}'),
      /^spec.ports\[0\].targetPort: -1 is too small/,
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
    [
      service('{ports: [{port: 80, targetPort: "80"}]}'),
      /^spec.ports\[0\].targetPort: "80" must be at most 15 .* a letter among them/,
    ],
    [service('{ports: [{port: 80, targetPort: a--b}]}'), /targetPort: "a--b" must be at most 15/],
    [
      service('{ports: [{port: 80, appProtocol: a b}]}'),
      /^spec.ports\[0\].appProtocol: "a b" must be a name/,
    ],
    [
      service('{selector: {app: a/b}, ports: [{port: 80}]}'),
      /^spec.selector.app: "a\/b" must be at most 63 letters/,
    ],
    [
      service('{selector: {"a b": a}, ports: [{port: 80}]}'),
      /^spec.selector: keys must be names, or domains/,
    ],
    [
      service('{type: ExternalName, externalName: Example.com}'),
      /^spec: externalName must be a DNS name in lower case/,
    ],
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
    [
      slice('addressType: IPv6\nendpoints: [{addresses: ["2001:db8:0::1"]}]'),
      /must be an IPv6 address in its shortest form/,
    ],
    [slice('addressType: IPv6\nendpoints: [{addresses: ["::ffff:1.2.3.4"]}]'), /an IPv6 address/],
    [slice('addressType: FQDN\nendpoints: [{addresses: [shop]}]'), /DNS name of several labels/],
    [slice('addressType: FQDN\nendpoints: [{addresses: [A.b]}]'), /DNS name of several labels/],
    [slice('addressType: IPv4\nendpoints: [null]'), /^endpoints\[0\].addresses: is required/],
    [slice('addressType: IPv4\nports: [{port: 80, name: A}]'), /^ports\[0\].name: "A" does not/],
    [slice('addressType: ""'), /^addressType: is required and missing/],
    [slice('endpoints: []'), /^addressType: is required and missing add "addressType", one of/],
    [slice('addressType: IPv4\nendpoints: [{addresses: []}]'), /addresses: has 0 items/],
    [slice('addressType: IPv4\nports: [{port: 80}, {port: 81}]'), /^ports\[1\]: name "" is there/],
    [slice('addressType: IPv4\nports: [{port: 70000}]'), /^ports\[0\].port: 70000 is too large/],
    [deployment('{name: a, image: a, ports: [{containerPort: -1}]}'), /Port: -1 is too small/],
    [deployment('{name: a, image: a, ports: [{containerPort: 0}]}'), /Port: is required and miss/],
    [deployment('{image: a}'), /containers\[0\].name: is required and missing/],
    [deployment('{name: a}'), /containers\[0\].image: is required and missing/],
    [deployment('{name: a, image: a}, {name: a, image: a}'), /\[1\]: name "a" is there already/],
    [
      deployment('{name: a, image: a, ports: [{containerPort: 1, name: "7"}]}'),
      /ports\[0\].name: "7" must be at most 15/,
    ],
    [
      deployment(
        '{name: a, image: a, ports: [{containerPort: 1, name: a}, {containerPort: 2, name: a}]}',
      ),
      /ports: port names must be unique within the container/,
    ],
    [secret('data: {a: hello!}'), /^data.a: the value must be base64/],
    [secret('stringData: {a: 1}'), /^stringData.a: must be a string, is a number \(the value\)/],
    [secret('data: {a/b: aGk=}'), /^data: keys may hold letters/],
    [secret('data: {..a: aGk=}'), /^data: keys may hold .* not begin with "\.\."/],
    [configMap('data: {a: b}\nbinaryData: {a: aGk=}'), /data and binaryData must not have a key/],
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

test('a selector has to be right, and to select the labels of the template', () => {
  // A selector that is wrong may select nothing as well: both are said.
  for (const [text, expected] of selectors) assert.match(errorsOf(text).join('\n'), expected);
});

describe('what an API server accepts is accepted', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a headless Service without ports', service('{clusterIP: None}')],
    ['an ExternalName Service', service('{type: ExternalName, externalName: example.com}')],
    [
      'one port number for two protocols',
      service('{ports: [{name: a, port: 53, protocol: UDP}, {name: b, port: 53}]}'),
    ],
    ['no target port, told with 0', service('{ports: [{port: 80, targetPort: 0, name: ""}]}')],
    ['a type that is empty', service('{type: "", ports: [{port: 80, protocol: ""}]}')],
    ['a name with a dot at its end', service('{type: ExternalName, externalName: a.b.}')],
    [
      'the shortest form of IPv6',
      slice('addressType: IPv6\nendpoints: [{addresses: ["1::1:0:0:1", "1:0:1::1"]}]'),
    ],
    [
      'endpoints that the core judges',
      slice('addressType: IPv4\nendpoints: [{addresses: [127.0.0.1, 169.254.0.1, 0.0.0.0]}]'),
    ],
    ['a full name', slice('addressType: FQDN\nendpoints: [{addresses: [a.b., a.b]}]')],
    ...['In, values: [b]', 'NotIn, values: [c]', 'Exists'].map(
      (operator) =>
        [
          `a selector with ${operator}`,
          selecting(`{matchExpressions: [{key: a, operator: ${operator}}]}`),
        ] as const,
    ),
    ['a named target port', service('{ports: [{port: 80, targetPort: http}]}')],
    ['an EndpointSlice without endpoints', slice('addressType: FQDN\nports: [{port: 80}]')],
    [
      'a Deployment with fields that are not read',
      deployment('{name: a, image: a, env: [{name: b}]}'),
    ],
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
    )}---\n${deployment('{name: a, image: a, ports: [{containerPort: 80}]}')}---\n${secret('')}`;
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
