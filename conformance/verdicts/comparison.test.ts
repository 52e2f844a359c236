import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compareVerdicts } from './comparison.ts';
import { listDrawnKinds } from './kind-list.ts';
import type { DrawnObject } from './object-draw.ts';
import type { ServerVerdict } from './server-verdict.ts';

function drawn(kindName: string, rest: object, fieldValidation: 'Warn' | 'Strict' = 'Warn') {
  const kind = listDrawnKinds('standard').find((each) => each.kind === kindName);
  assert.ok(kind);
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  const metadata = { name: 'a', ...(kind.namespaced && { namespace: 'default' }) };
  const object = { apiVersion, kind: kindName, metadata, ...rest };
  return { channel: 'standard', kind, object, mutations: [], fieldValidation } as DrawnObject;
}

function accepted(object: unknown, warnings: readonly string[] = []): ServerVerdict {
  return { object, message: '', causes: [], warnings };
}

/** With the status that a GatewayClass has from the start. */
function acceptedClass(object: object, warnings: readonly string[] = []): ServerVerdict {
  const condition = {
    type: 'Accepted',
    status: 'Unknown',
    reason: 'Pending',
    message: 'Waiting for controller',
    lastTransitionTime: '1970-01-01T00:00:00Z',
  };
  return accepted({ ...object, status: { conditions: [condition] } }, warnings);
}

function refused(...fields: readonly string[]): ServerVerdict {
  const causes = fields.map((field) => ({ field, message: 'wrong' }));
  return { object: undefined, message: 'wrong', causes, warnings: [] };
}

const gatewayClass = (rest: object = {}) =>
  drawn('GatewayClass', { spec: { controllerName: 'example.com/a', ...rest } });
const wrongClass = drawn('GatewayClass', { spec: { controllerName: 'a' } });

describe('what differs is found', () => {
  const cases: readonly (readonly [string, DrawnObject, ServerVerdict, readonly string[]])[] = [
    ['nothing', gatewayClass(), acceptedClass(gatewayClass().object), []],
    ['refused by the server alone', gatewayClass(), refused('spec'), ['verdict']],
    ['refused by us alone', wrongClass, acceptedClass(wrongClass.object), ['verdict']],
    ['the same field', wrongClass, refused('spec.controllerName'), []],
    ['a field around it', wrongClass, refused('spec'), ['fields']],
    ['another field', wrongClass, refused('spec.controllerName', 'metadata.name'), ['fields']],
    [
      'another value',
      gatewayClass(),
      acceptedClass(gatewayClass({ description: 'b' }).object),
      ['object'],
    ],
    [
      'an unknown field without a warning',
      gatewayClass({ b: 1 }),
      acceptedClass(gatewayClass().object),
      ['warnings'],
    ],
    [
      'an unknown field with a warning',
      gatewayClass({ b: 1 }),
      acceptedClass(gatewayClass().object, ['unknown field \\"spec.b\\"']),
      [],
    ],
    [
      'an unknown field where it must not be',
      drawn('GatewayClass', { ...gatewayClass().object, b: 1 }, 'Strict'),
      acceptedClass(gatewayClass().object),
      ['verdict'],
    ],
    ['no status', gatewayClass(), accepted(gatewayClass().object), ['object']],
    [
      'what a server sets',
      gatewayClass(),
      acceptedClass({ ...gatewayClass().object, metadata: { name: 'a', uid: 'u', generation: 1 } }),
      [],
    ],
    [
      'what is not modelled of a built-in kind',
      drawn('Service', { spec: { ports: [{ port: 80 }] } }),
      accepted({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'a', namespace: 'default' },
        spec: {
          type: 'ClusterIP',
          clusterIP: '10.96.0.7',
          ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
        },
      }),
      [],
    ],
  ];
  for (const [name, object, server, expected] of cases) {
    test(name, () => {
      const { differences } = compareVerdicts(object, server);
      assert.deepEqual(
        differences.map(({ what }) => what),
        expected,
      );
    });
  }
});

test('a difference on purpose is told apart, with its reason', () => {
  const slice = drawn('EndpointSlice', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['127.0.0.1'] }],
  });
  const message = 'may not be in the loopback range (127.0.0.0/8, ::1/128)';
  const causes = [{ field: 'endpoints[0].addresses[0]', message }];
  const server = { ...refused(), causes };
  const { differences, intended } = compareVerdicts(slice, server);
  assert.deepEqual(differences, []);
  assert.match(intended ?? '', /loopback/);
  const worse = drawn('EndpointSlice', { ...slice.object, ports: [{ port: 0 }] });
  assert.deepEqual(compareVerdicts(worse, server).differences, []);
});
