import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ObjectProblem } from './problem.ts';
import type { Channel } from './schema.ts';
import { validateObject } from './validation.ts';

function problemsOf(apiVersion: string, kind: string, channel: Channel): readonly ObjectProblem[] {
  const object = { apiVersion, kind, metadata: { name: 'a' }, spec: { controllerName: 'a.b/c' } };
  return validateObject(object, { channel }).problems;
}

const gateway = 'gateway.networking.k8s.io';
const experimental = 'gateway.networking.x-k8s.io';

describe('what is not read says why', () => {
  const cases: readonly (readonly [string, string, Channel, string, RegExp])[] = [
    [`${gateway}/v1`, 'HttpRoute', 'standard', 'error', /no kind "HttpRoute".*"HTTPRoute"/],
    [`${gateway}/v1`, 'Listener', 'standard', 'error', /known are: BackendTLSPolicy, GRPCRoute/],
    [`${gateway}/v2`, 'Gateway', 'standard', 'error', /no version "v2"; served: v1, v1beta1/],
    [`${gateway}/v1alpha2`, 'TCPRoute', 'standard', 'error', /no longer served.*io\/v1$/],
    ['networking.k8s.io/v1', 'HTTPRoute', 'standard', 'error', /write apiVersion: gateway.networ/],
    [gateway, 'HTTPRoute', 'standard', 'error', /no kind "HTTPRoute" in.*write apiVersion: gatew/],
    ['v1', 'Deployment', 'standard', 'error', /write apiVersion: apps\/v1/],
    ['v1', 'Servce', 'standard', 'error', /did you mean "Service"/],
    [`${experimental}/v1alpha1`, 'XBackend', 'standard', 'error', /only in the experimental chan/],
    [`${experimental}/v1alpha1`, 'XFoo', 'experimental', 'error', /known are: XBackend, XBackend/],
    ['rbac.authorization.k8s.io/v1', 'Role', 'standard', 'warning', /not read here.*read are: /],
    ['example.com/v1', 'Widget', 'standard', 'warning', /"Widget" of "example.com" is not read/],
    ['v1', 'ServiceAccount', 'standard', 'warning', /of "core" is not read here/],
  ];
  for (const [apiVersion, kind, channel, severity, says] of cases) {
    test(`${apiVersion} ${kind}, ${channel}`, () => {
      const [problem, ...rest] = problemsOf(apiVersion, kind, channel);
      assert.deepEqual(rest, []);
      assert.equal(problem?.severity, severity);
      assert.match(`${problem?.message} ${problem?.hint}`, says);
    });
  }
});

describe('versions', () => {
  test('a served version is read as the preferred one', () => {
    const { object, problems } = validateObject(
      {
        apiVersion: `${gateway}/v1beta1`,
        kind: 'ReferenceGrant',
        metadata: { name: 'a' },
        spec: {
          from: [{ group: gateway, kind: 'HTTPRoute', namespace: 'a' }],
          to: [{ group: '', kind: 'Service' }],
        },
      },
      { channel: 'standard' },
    );
    assert.deepEqual(problems, []);
    assert.equal(object?.apiVersion, `${gateway}/v1`);
  });

  test('a deprecated one that is served is read with a warning', () => {
    const { object, problems } = validateObject(
      {
        apiVersion: `${gateway}/v1alpha2`,
        kind: 'TCPRoute',
        metadata: { name: 'a' },
        spec: { rules: [{ backendRefs: [{ name: 'a', port: 1 }] }] },
      },
      { channel: 'experimental' },
    );
    assert.deepEqual(
      problems.map(({ severity, rule }) => [severity, rule]),
      [['warning', 'deprecated version']],
    );
    assert.equal(object?.apiVersion, `${gateway}/v1`);
  });
});
