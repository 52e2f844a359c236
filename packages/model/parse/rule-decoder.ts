/** Decodes the rules of a route: matches, filters, backends, timeouts. */
import type {
  FilterConfig,
  HeaderConfig,
  MatchConfig,
  PathMatchConfig,
  PathRewriteConfig,
  RuleConfig,
  TimeoutsConfig,
  ValueMatchConfig,
  WeightedBackendConfig,
} from '../config.ts';
import {
  boolean,
  byKind,
  type Decoder,
  integer,
  list,
  object,
  oneOf,
  optional,
} from './decoder.ts';
import {
  anyText,
  durationMs,
  headerName,
  headerValue,
  hostname,
  lowerHeaderName,
  methodName,
  nonEmptyText,
  pathText,
  pattern,
  port,
  rewriteText,
} from './scalars.ts';

type PathOf<K> = PathMatchConfig & { readonly kind: K };
type ValueOf<K> = ValueMatchConfig & { readonly kind: K };

const path = byKind<PathOf<'exact'> | PathOf<'prefix'> | PathOf<'regex'>>({
  exact: object<PathOf<'exact'>>({ kind: oneOf('exact'), value: pathText }),
  prefix: object<PathOf<'prefix'>>({ kind: oneOf('prefix'), value: pathText }),
  regex: object<PathOf<'regex'>>({ kind: oneOf('regex'), value: pattern }),
});

function valueMatch(name: Decoder<string>): Decoder<ValueMatchConfig> {
  return byKind<ValueOf<'exact'> | ValueOf<'regex'>>({
    exact: object<ValueOf<'exact'>>({ name, kind: oneOf('exact'), value: anyText }),
    regex: object<ValueOf<'regex'>>({ name, kind: oneOf('regex'), value: pattern }),
  });
}

const match: Decoder<MatchConfig> = object<MatchConfig>({
  path,
  method: optional(methodName),
  headers: list(valueMatch(lowerHeaderName)),
  query: list(valueMatch(nonEmptyText)),
});

const header: Decoder<HeaderConfig> = object<HeaderConfig>({
  name: headerName,
  value: headerValue,
});

const headerEdits = { set: list(header), add: list(header), remove: list(lowerHeaderName) };

const pathRewrite: Decoder<PathRewriteConfig> = object<PathRewriteConfig>({
  kind: oneOf('full', 'prefix'),
  value: rewriteText,
});

const filter: Decoder<FilterConfig> = byKind<FilterConfig>({
  'request-headers': object({ kind: oneOf('request-headers'), ...headerEdits }),
  'response-headers': object({ kind: oneOf('response-headers'), ...headerEdits }),
  redirect: object<Extract<FilterConfig, { kind: 'redirect' }>>({
    kind: oneOf('redirect'),
    statusCode: oneOf(301, 302, 303, 307, 308),
    scheme: optional(oneOf('http', 'https')),
    hostname: optional(hostname),
    port: optional(port),
    path: optional(pathRewrite),
  }),
  'url-rewrite': object<Extract<FilterConfig, { kind: 'url-rewrite' }>>({
    kind: oneOf('url-rewrite'),
    hostname: optional(hostname),
    path: optional(pathRewrite),
  }),
  mirror: object<Extract<FilterConfig, { kind: 'mirror' }>>({
    kind: oneOf('mirror'),
    backend: nonEmptyText,
    numerator: integer(0, 2 ** 31 - 1),
    denominator: integer(1, 2 ** 31 - 1),
  }),
  cors: object<Extract<FilterConfig, { kind: 'cors' }>>({
    kind: oneOf('cors'),
    allowOrigins: list(headerValue),
    allowMethods: list(headerValue),
    allowHeaders: list(headerValue),
    exposeHeaders: list(headerValue),
    allowCredentials: boolean,
    maxAgeSeconds: integer(0, 2 ** 31 - 1),
  }),
});

const backend: Decoder<WeightedBackendConfig> = object<WeightedBackendConfig>({
  backend: optional(nonEmptyText),
  invalid: optional(anyText),
  weight: integer(0, 1_000_000),
  filters: list(filter),
});

export const rule: Decoder<RuleConfig> = object<RuleConfig>({
  name: optional(anyText),
  matches: list(match, { minItems: 1 }),
  filters: list(filter),
  backends: list(backend),
  timeouts: optional(
    object<TimeoutsConfig>({
      requestMs: optional(durationMs),
      backendRequestMs: optional(durationMs),
    }),
  ),
  retry: optional(
    object({
      attempts: integer(0, 2 ** 31 - 1),
      codes: list(integer(400, 599)),
      backoffMs: durationMs,
    }),
  ),
  invalid: optional(anyText),
});
