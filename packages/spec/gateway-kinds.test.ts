import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Channel, parseManifests } from './index.ts';

/** Each mistake or fact, as one YAML document; the expectations were seen at real API servers. */
interface Case {
  readonly yaml: string;
  readonly channel?: Channel;
  /** `field: message` of the only error; absent: the object is accepted. */
  readonly error?: RegExp;
}

function object(kind: string, spec: string, apiVersion = 'gateway.networking.k8s.io/v1'): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\nspec: ${spec}\n`;
}

const gateway = (listener: string, more = ''): string =>
  object('Gateway', `{gatewayClassName: a, listeners: [${listener}]${more}}`);
const rule = (text: string): string => object('HTTPRoute', `{rules: [{${text}}]}`);
const path = (text: string): string => rule(`matches: [{path: {${text}}}]`);
const filter = (text: string, more = ''): string => rule(`filters: [{${text}}]${more}`);
const backend = (spec: string): string =>
  object('XBackend', spec, 'gateway.networking.x-k8s.io/v1alpha1');
const hostname = (spec: string): string =>
  backend(`{type: ExternalHostname, port: {number: 443}, ${spec}}`);
const policy = (validation: string): string =>
  object(
    'BackendTLSPolicy',
    `{targetRefs: [{group: "", kind: Service, name: a}], validation: {${validation}}}`,
  );

const kinds: Readonly<Record<string, readonly Case[]>> = {
  GatewayClass: [
    { yaml: object('GatewayClass', '{controllerName: example.com/a}') },
    {
      yaml: object('GatewayClass', '{controllerName: a}'),
      error: /^spec.controllerName: "a" does/,
    },
    { yaml: object('GatewayClass', '{}'), error: /^spec.controllerName: is required/ },
  ],
  Gateway: [
    { yaml: gateway('{name: a, port: 80, protocol: HTTP}') },
    { yaml: gateway('{name: a, port: 80, protocol: example.com/own}') },
    { yaml: gateway('{name: a, port: 0, protocol: HTTP}'), error: /listeners\[0\].port: 0 is/ },
    { yaml: gateway('{name: a, protocol: HTTP}'), error: /listeners\[0\].port: is required/ },
    {
      yaml: gateway('{name: a, port: 80, protocol: HTTP}, {name: a, port: 81, protocol: HTTP}'),
      error: /^spec.listeners\[1\]: name "a" is there already, as item 0/,
    },
    {
      yaml: gateway('{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}'),
      error: /^spec.listeners: Combination of port, protocol and hostname must be unique/,
    },
    {
      yaml: gateway('{name: a, port: 80, protocol: HTTP, tls: {mode: Passthrough}}'),
      error: /^spec.listeners: tls must not be specified for protocols/,
    },
    {
      yaml: gateway('{name: a, port: 443, protocol: HTTPS, tls: {mode: Terminate}}'),
      error: /^spec.listeners\[0\].tls: certificateRefs or options must be specified/,
    },
    {
      yaml: gateway('{name: a, port: 443, protocol: HTTPS, hostname: "*.*.a"}'),
      error: /^spec.listeners\[0\].hostname: "\*\.\*\.a" does not match/,
    },
    {
      yaml: gateway(
        '{name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: all}}}',
      ),
      error: /from: "all" is not one of "All"/,
    },
    {
      yaml: gateway('{name: a, port: 80, protocol: HTTP}', ', addresses: [{value: a.b}]'),
      error: /^spec.addresses\[0\].value: "a.b" must be an IPv4 address or IPv6 address/,
    },
    {
      yaml: gateway(
        '{name: a, port: 80, protocol: TCP, filters: {requests: [{type: ExternalAuth, ' +
          'externalAuth: {protocol: GRPC, grpc: {}, backendRef: {name: a, port: 1}}}]}}',
      ),
      channel: 'experimental',
      error: /^spec.listeners\[0\]: filters may only be set when protocol is HTTP or HTTPS/,
    },
    ...["''", 'Cluster', 'testing.x-k8s.io/sentinel'].map((routability) => ({
      yaml: gateway(
        '{name: a, port: 80, protocol: HTTP}',
        `, addresses: [{value: 10.0.0.1, routability: ${routability}}]`,
      ),
      channel: 'experimental' as const,
    })),
    ...['k8s.io/a', 'a.k8s.io/b', 'cluster', '/a', 'A/b'].map((routability) => ({
      yaml: gateway(
        '{name: a, port: 80, protocol: HTTP}',
        `, addresses: [{value: 10.0.0.1, routability: ${routability}}]`,
      ),
      channel: 'experimental' as const,
      error: /^spec.addresses\[0\].routability: Routability must be empty, Cluster/,
    })),
  ],
  ListenerSet: [
    {
      yaml: object(
        'ListenerSet',
        '{parentRef: {name: a}, listeners: [{name: a, port: 80, protocol: TCP, filters: ' +
          '{requests: [{type: ExtensionRef, extensionRef: {group: a, kind: B, name: c}}]}}]}',
      ),
      channel: 'experimental',
    },
    {
      yaml: object('ListenerSet', '{parentRef: {name: a}, listeners: []}'),
      error: /^spec.listeners: has 0 items, at least 1 needed/,
    },
  ],
  HTTPRoute: [
    { yaml: object('HTTPRoute', '{}') },
    { yaml: rule('') },
    { yaml: rule('retry: {codes: [500]}') },
    { yaml: rule('retry: {attempts: -1}'), error: /retry.attempts: -1 is too small/ },
    { yaml: rule('retry: {codes: [399]}'), error: /retry.codes\[0\]: 399 is too small/ },
    {
      yaml: rule('timeouts: {request: 10}'),
      error: /request: must be a string, is a number \(10\)/,
    },
    { yaml: rule('timeouts: {request: 1.5s}'), error: /request: "1.5s" does not match/ },
    {
      yaml: rule('timeouts: {request: 1s, backendRequest: 2s}'),
      error: /timeouts: backendRequest timeout cannot be longer than request timeout/,
    },
    { yaml: rule('timeouts: {request: 0s, backendRequest: 2s}') },
    {
      yaml: object('HTTPRoute', '{rules: [{name: a}, {name: a}]}'),
      error: /^spec.rules: Rule name must be unique within the route/,
    },
    { yaml: object('HTTPRoute', '{hostnames: [1.2.3.4]}') },
    { yaml: object('HTTPRoute', '{hostnames: [a.b:80]}'), error: /hostnames\[0\]: "a.b:80" does/ },
    { yaml: path('value: a'), error: /path: value must be an absolute path and start with '\/'/ },
    { yaml: path('value: /a//b'), error: /path: must not contain '\/\/'/ },
    { yaml: path('value: /a/..'), error: /path: must not end with '\/\.\.'/ },
    { yaml: path('value: "/a b"'), error: /path: must only contain valid characters/ },
    { yaml: path('type: RegularExpression, value: "a( b"') },
    { yaml: path('type: Regex, value: /'), error: /path.type: "Regex" is not one of/ },
    {
      yaml: rule('matches: [{headers: [{name: a, value: b}, {name: a, value: c}]}]'),
      error: /headers\[1\]: name "a" is there already/,
    },
    { yaml: rule('matches: [{method: get}]'), error: /method: "get" is not one of "GET"/ },
    {
      yaml: rule('backendRefs: [{name: a}]'),
      error: /backendRefs\[0\]: Must have port for Service/,
    },
    {
      yaml: rule('backendRefs: [{name: a, port: 1, weight: 1000001}]'),
      error: /weight: 1000001 is/,
    },
    {
      yaml: filter('type: RequestRedirect'),
      error: /filters\[0\]: filter.requestRedirect must be specified for/,
    },
    {
      yaml: filter('type: RequestRedirect, requestRedirect: {statusCode: 304}'),
      error: /statusCode: 304 is not one of 301, 302, 303, 307, 308/,
    },
    {
      yaml: filter(
        'type: RequestRedirect, requestRedirect: {}',
        ', backendRefs: [{name: a, port: 1}]',
      ),
      error: /rules\[0\]: RequestRedirect filter must not be used together with backendRefs/,
    },
    {
      yaml: filter(
        'type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}',
        ', matches: [{path: {type: Exact, value: /a}}]',
      ),
      error: /rules\[0\]: When using URLRewrite filter with path.replacePrefixMatch, exactly one/,
    },
    {
      yaml: filter(
        'type: RequestMirror, requestMirror: {backendRef: {name: a, port: 1}, percent: 101}',
      ),
      error: /percent: 101 is too large/,
    },
    {
      yaml: filter(
        'type: RequestMirror, requestMirror: {backendRef: {name: a, port: 1}, ' +
          'fraction: {numerator: 2, denominator: 1}}',
      ),
      error: /fraction: numerator must be less than or equal to denominator/,
    },
    {
      yaml: filter('type: CORS, cors: {allowOrigins: ["*", "https://a"]}'),
      error: /allowOrigins: AllowOrigins cannot contain '\*' alongside other origins/,
    },
    { yaml: filter('type: CORS, cors: {allowOrigins: ["https://*.a.com:8080"]}') },
  ],
  'session persistence': [
    {
      yaml: rule('sessionPersistence: {}'),
      channel: 'experimental',
      error: /sessionPersistence: cookie must be specified for Cookie type/,
    },
    { yaml: rule('sessionPersistence: {cookie: {}}'), channel: 'experimental' },
    {
      yaml: rule('sessionPersistence: {cookie: {lifetimeType: Permanent}}'),
      channel: 'experimental',
      error: /AbsoluteTimeout must be specified when cookie lifetimeType is Permanent/,
    },
  ],
  GRPCRoute: [
    { yaml: object('GRPCRoute', '{rules: [{matches: [{method: {service: a.B}}]}]}') },
    {
      yaml: object('GRPCRoute', '{rules: [{matches: [{method: {type: Exact}}]}]}'),
      error: /method: One or both of 'service' or 'method' must be specified/,
    },
    {
      yaml: object('GRPCRoute', '{rules: [{matches: [{method: {service: "a/b"}}]}]}'),
      error: /method: service must only contain valid characters/,
    },
  ],
  TLSRoute: [
    {
      yaml: object('TLSRoute', '{hostnames: [a.b], rules: [{backendRefs: [{name: a, port: 1}]}]}'),
    },
    {
      yaml: object(
        'TLSRoute',
        '{hostnames: [1.2.3.4], rules: [{backendRefs: [{name: a, port: 1}]}]}',
      ),
      error: /^spec.hostnames: Hostnames cannot contain an IP/,
    },
    {
      yaml: object('TLSRoute', '{rules: [{backendRefs: [{name: a, port: 1}]}]}'),
      error: /^spec.hostnames: is required and missing/,
    },
  ],
  TCPRoute: [{ yaml: object('TCPRoute', '{}'), error: /^spec.rules: is required and missing/ }],
  UDPRoute: [
    { yaml: object('UDPRoute', '{rules: [{backendRefs: []}]}'), error: /backendRefs: has 0 items/ },
  ],
  ReferenceGrant: [
    {
      yaml: object('ReferenceGrant', '{from: [{group: a, kind: B}], to: [{group: "", kind: C}]}'),
      error: /^spec.from\[0\].namespace: is required and missing/,
    },
  ],
  BackendTLSPolicy: [
    { yaml: policy('hostname: a.b, wellKnownCACertificates: System') },
    { yaml: policy('hostname: a.b'), error: /^spec.validation: must specify either CACertificate/ },
    {
      yaml: policy('wellKnownCACertificates: System, hostname: "*.b"'),
      error: /hostname: "\*.b" does not match/,
    },
    {
      yaml: policy('hostname: a.b'),
      channel: 'experimental',
      error: /^spec.validation: exactly one of the fields in \[caCertificateRefs wellKnown/,
    },
  ],
  XBackend: [
    { yaml: hostname('externalHostname: {hostname: 10.0.0.1}'), channel: 'experimental' },
    {
      yaml: hostname('externalHostname: {hostname: a.svc.cluster.local}'),
      channel: 'experimental',
      error: /hostname: hostname must not be an IP address or end with .cluster.local/,
    },
    {
      yaml: hostname('externalHostname: {hostname: a.b}, protocol: WSS'),
      channel: 'experimental',
      error: /tls must be enabled when protocol is WSS/,
    },
    {
      yaml: backend(
        '{type: EndpointSelector, port: {number: 1}, endpointSelector: {matchLabels: {"-": a}}}',
      ),
      channel: 'experimental',
      error: /matchLabels: Label keys must be in the form of an optional DNS subdomain prefix/,
    },
  ],
};

for (const [name, cases] of Object.entries(kinds)) {
  describe(name, () => {
    for (const { yaml, channel = 'standard', error } of cases) {
      const spec = yaml.slice(yaml.indexOf('spec: ') + 6).trim();
      test(`${error === undefined ? 'accepts' : 'refuses'} ${spec}`, () => {
        const { objects, problems } = parseManifests(yaml, 'f', { channel });
        const errors = problems.map(({ field, message }) => `${field}: ${message}`);
        assert.equal(errors.length, error === undefined ? 0 : 1, errors.join('\n'));
        if (error !== undefined) assert.match(errors[0] ?? '', error);
        assert.equal(objects.length, error === undefined ? 1 : 0);
      });
    }
  });
}

test('defaults are those of the API server', () => {
  const { objects } = parseManifests(
    rule('retry: {codes: [500]}, backendRefs: [{name: a, port: 1}]') +
      '---\n' +
      gateway('{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}]}}'),
    'f',
    { channel: 'standard' },
  );
  const [route, second] = objects.map((parsed) => parsed.object);
  assert.ok(route?.kind === 'HTTPRoute' && second?.kind === 'Gateway');
  assert.deepEqual(route.spec, {
    rules: [
      {
        retry: { codes: [500], attempts: 1 },
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        backendRefs: [{ name: 'a', port: 1, group: '', kind: 'Service', weight: 1 }],
      },
    ],
  });
  assert.deepEqual(second.spec, {
    gatewayClassName: 'a',
    listeners: [
      {
        name: 'a',
        port: 443,
        protocol: 'HTTPS',
        tls: { mode: 'Terminate', certificateRefs: [{ name: 'a', group: '', kind: 'Secret' }] },
        allowedRoutes: { namespaces: { from: 'Same' } },
      },
    ],
  });
});

test('a field of the experimental channel is dropped on the standard one, with a warning', () => {
  const { objects, problems } = parseManifests(rule('sessionPersistence: {}'), 'f', {
    channel: 'standard',
  });
  assert.equal(objects.length, 1);
  assert.doesNotMatch(JSON.stringify(objects[0]?.object), /sessionPersistence/);
  assert.deepEqual(
    problems.map(({ severity, rule: broken, field }) => [severity, broken, field]),
    [['warning', 'experimental field', 'spec.rules[0].sessionPersistence']],
  );
});
