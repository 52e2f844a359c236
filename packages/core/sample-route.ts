/** Arbitrary routes: every branch of the API's unions, values of a newer API included. */
import fc from 'fast-check';
import {
  GROUP,
  hostname,
  mostly,
  namespace,
  object,
  rarely,
  record,
  whole,
} from './sample-object.ts';

const parentRef = record(
  {
    group: mostly(GROUP, ''),
    kind: mostly('Gateway', 'ListenerSet', 'Service'),
    name: mostly('edge', 'inner', 'more', 'gone'),
    namespace,
    sectionName: fc.constantFrom('http', 'https', 'gone'),
    port: fc.constantFrom(80, 443),
  },
  ['group', 'kind', 'name'],
);

const backendRef = record(
  {
    group: mostly('', 'example.com'),
    kind: mostly('Service', 'Own'),
    name: mostly('web', 'api', 'gone'),
    namespace,
    port: mostly(80, 81),
    weight: fc.constantFrom(0, 1, 5),
  },
  ['group', 'kind', 'name', 'port', 'weight'],
);

const pathModifier = fc.constantFrom(
  { type: 'ReplaceFullPath', replaceFullPath: '/full' },
  { type: 'ReplacePrefixMatch', replacePrefixMatch: '/p' },
  { type: 'Newer' },
);
const headers = fc.constant({ set: [{ name: 'X', value: '1' }], remove: ['Y'] });

const filter = fc.oneof(
  whole({ type: fc.constant('RequestHeaderModifier'), requestHeaderModifier: headers }),
  whole({ type: fc.constant('ResponseHeaderModifier'), responseHeaderModifier: headers }),
  whole({
    type: fc.constant('RequestRedirect'),
    requestRedirect: record(
      {
        statusCode: fc.constantFrom(302, 308, 399),
        scheme: fc.constantFrom('https', 'gopher'),
        path: pathModifier,
      },
      ['statusCode'],
    ),
  }),
  whole({ type: fc.constant('URLRewrite'), urlRewrite: record({ path: pathModifier }) }),
  whole({ type: fc.constant('RequestMirror'), requestMirror: whole({ backendRef }) }),
  fc.constant({ type: 'CORS', cors: { allowOrigins: ['*'], maxAge: 5 } }),
  fc.constant({
    type: 'ExtensionRef',
    extensionRef: { group: 'example.com', kind: 'Own', name: 'x' },
  }),
  fc.constant({ type: 'ExternalAuth' }),
  fc.constant({ type: 'Newer' }),
);

const match = record({
  path: mostly(
    { type: 'PathPrefix', value: '/' },
    { type: 'RegularExpression', value: '(' },
    { type: 'Newer', value: '/' },
    { type: 'PathPrefix', value: '/a' },
    { type: 'Exact', value: '/a' },
    { type: 'RegularExpression', value: '/a.*' },
    { type: 'PathPrefix', value: '/b' },
  ),
  method: fc.constantFrom('GET', 'POST'),
  headers: fc.constant([{ type: 'Exact', name: 'X', value: '1' }]),
  queryParams: fc.constant([{ type: 'RegularExpression', name: 'q', value: '[' }]),
});

const rule = record(
  {
    matches: fc.array(match, { maxLength: 2 }),
    filters: fc.array(filter, { maxLength: 2 }),
    backendRefs: fc.array(
      fc
        .tuple(backendRef, rarely(fc.array(filter, { maxLength: 1 })))
        .map(([ref, filters = []]) => ({ ...ref, filters })),
      { maxLength: 2 },
    ),
    timeouts: fc.constantFrom({ request: '1s' }, { backendRequest: 'never' }),
    retry: fc.constantFrom({ attempts: 0 }, { attempts: 2, codes: [503, 500] }),
    sessionPersistence: fc.constant({ type: 'Cookie' }),
  },
  ['matches', 'backendRefs'],
);

const routeSpec = record(
  {
    parentRefs: fc.array(parentRef, { minLength: 1, maxLength: 3 }),
    hostnames: fc.array(hostname, { maxLength: 2 }),
    rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
  },
  ['rules', 'parentRefs'],
);

export const httpRoute = object('HTTPRoute', `${GROUP}/v1`, ['r1', 'r2', 'r3', 'r4'], routeSpec);
export const otherRoute = (kind: string) => object(kind, `${GROUP}/v1`, ['other'], routeSpec);
