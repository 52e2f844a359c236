/**
 * What a data plane does with one request by its config, worked out from the config alone: a plain
 * reading of the API's text, sharing with the proxy only `@sluice/model`'s matcher. It keeps no
 * state and opens no socket.
 *
 * https://gateway-api.sigs.k8s.io/reference/spec/ (HTTPRouteRule, HTTPRouteFilter)
 */
import {
  type BackendConfig,
  type BindConfig,
  buildRequest,
  compileConfig,
  type FilterConfig,
  type ListenerConfig,
  matchRequest,
  normalizeHost,
  type PathRewriteConfig,
  type ProxyConfig,
  type RedirectFilter,
  type RouteTable,
  type RuleConfig,
  selectListener,
  type WeightedBackendConfig,
} from '@sluice/model';
import { answerCors, isPreflight } from './cors-answer.ts';
import { editHeaders, type Headers, joinHeaders } from './headers.ts';

export interface ExchangeRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly port: number;
  /** As sent in the Host field. */
  readonly host: string;
  /** Name in the TLS handshake. */
  readonly sni: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Headers;
}

export type Exchange =
  /** Nothing listens on the port. */
  | { readonly kind: 'no-connection' }
  /** No listener or no certificate for the name. */
  | { readonly kind: 'no-handshake'; readonly listener?: ListenerConfig }
  | {
      readonly kind: 'status';
      readonly listener?: ListenerConfig;
      readonly status: number;
      /** Of a preflight's answer. */
      readonly headers?: Headers;
    }
  | {
      readonly kind: 'redirect';
      readonly listener: ListenerConfig;
      readonly status: number;
      readonly location: string;
    }
  | {
      readonly kind: 'forward';
      readonly listener: ListenerConfig;
      readonly rule: RuleConfig;
      readonly targets: readonly Target[];
    };

/** One of a rule's weighted backends. */
export interface Target {
  readonly weight: number;
  /** Absent: requests that fall to it are answered 500. */
  readonly backend?: BackendConfig;
  /** The rule's, then the backend's own. */
  readonly filters: readonly FilterConfig[];
  /** What the backend gets. */
  readonly sees: { readonly path: string; readonly host: string; readonly headers: Headers };
}

export function exchange(config: ProxyConfig, request: ExchangeRequest): Exchange {
  const table = tableOf(config);
  const bind = table.binds.find((candidate) => candidate.config.port === request.port);
  if (bind === undefined || bind.config.protocol !== request.scheme) {
    return { kind: 'no-connection' };
  }
  const host = normalizeHost(request.host);
  const listener = selectListener(bind, host);
  if (request.scheme === 'https') {
    const connected = selectListener(bind, normalizeHost(request.sni));
    if (connected === undefined || connected.config.tls === undefined) {
      return { kind: 'no-handshake' };
    }
    if (connected.config.tls.certificates.length === 0) {
      return { kind: 'no-handshake', listener: connected.config };
    }
    if (connected !== listener) {
      return { kind: 'status', listener: connected.config, status: 421 };
    }
  }
  if (listener === undefined) return { kind: 'status', status: 404 };
  const { method, target, headers } = request;
  const view = buildRequest({ method, host, target, headers: joinHeaders(headers) });
  const found = matchRequest(listener, view);
  if (found === undefined) return { kind: 'status', listener: listener.config, status: 404 };
  const { rule, match } = found;
  const prefix = match.path.kind === 'prefix' ? match.path.value : undefined;
  const rest = { config, bind: bind.config, listener: listener.config, rule, prefix };
  return serve(rest, request);
}

/** Configs are asked many times over. */
const tables = new WeakMap<ProxyConfig, RouteTable<undefined>>();

function tableOf(config: ProxyConfig): RouteTable<undefined> {
  const known = tables.get(config);
  if (known !== undefined) return known;
  const { table, problems } = compileConfig(config, () => undefined);
  if (problems.length > 0) throw new Error(`config: ${JSON.stringify(problems)}`);
  tables.set(config, table);
  return table;
}

interface Serving {
  readonly config: ProxyConfig;
  readonly bind: BindConfig;
  readonly listener: ListenerConfig;
  readonly rule: RuleConfig;
  /** The prefix that matched, when a prefix did. */
  readonly prefix: string | undefined;
}

function serve(serving: Serving, request: ExchangeRequest): Exchange {
  const { config, listener, rule } = serving;
  if (rule.invalid !== undefined) return { kind: 'status', listener, status: 500 };
  const cors = rule.filters.find((filter) => filter.kind === 'cors');
  if (cors !== undefined && isPreflight(request.method, request.headers)) {
    const headers = answerCors(cors, request.method, request.headers);
    return { kind: 'status', listener, status: 204, headers };
  }
  const redirect = rule.filters.find((filter) => filter.kind === 'redirect');
  if (redirect !== undefined) {
    const location = locate(redirect, serving, request);
    return { kind: 'redirect', listener, status: redirect.statusCode, location };
  }
  const backends = new Map(config.backends.map((backend) => [backend.id, backend]));
  const targets = rule.backends.map((weighted) => aim(weighted, backends, serving, request));
  const usable = targets.filter((target) => target.weight > 0 && target.backend !== undefined);
  if (usable.length === 0) return { kind: 'status', listener, status: 500 };
  if (usable.every((target) => target.backend?.endpoints.length === 0)) {
    return { kind: 'status', listener, status: 503 };
  }
  return { kind: 'forward', listener, rule, targets };
}

function aim(
  weighted: WeightedBackendConfig,
  backends: ReadonlyMap<string, BackendConfig>,
  { rule, prefix }: Serving,
  request: ExchangeRequest,
): Target {
  const filters = [...rule.filters, ...weighted.filters];
  const target = { weight: weighted.weight, filters, sees: sight(filters, prefix, request) };
  if (weighted.backend === undefined || weighted.invalid !== undefined) return target;
  const backend = backends.get(weighted.backend);
  if (backend === undefined) throw new Error(`config: no backend ${weighted.backend}`);
  return { ...target, backend };
}

function sight(
  filters: readonly FilterConfig[],
  prefix: string | undefined,
  request: ExchangeRequest,
): Target['sees'] {
  let { host, headers } = request;
  let [path = '/'] = request.target.split('?');
  for (const filter of filters) {
    if (filter.kind === 'request-headers') headers = editHeaders(headers, filter);
    if (filter.kind !== 'url-rewrite') continue;
    host = filter.hostname ?? host;
    if (filter.path !== undefined) path = rewritePath(path, filter.path, prefix);
  }
  return { path, host, headers };
}

/** HTTPRequestRedirectFilter: what it leaves out is the request's own, ports as its text says. */
function locate(filter: RedirectFilter, serving: Serving, request: ExchangeRequest): string {
  const scheme = filter.scheme ?? request.scheme;
  const wellKnown = scheme === 'https' ? 443 : 80;
  const port = filter.port ?? (filter.scheme === undefined ? serving.bind.port : wellKnown);
  const host = filter.hostname ?? normalizeHost(request.host);
  const mark = request.target.indexOf('?');
  const path = mark === -1 ? request.target : request.target.slice(0, mark);
  const query = mark === -1 ? '' : request.target.slice(mark);
  const target = filter.path === undefined ? path : rewritePath(path, filter.path, serving.prefix);
  return `${scheme}://${host}${port === wellKnown ? '' : `:${port}`}${target}${query}`;
}

/** HTTPPathModifier: a prefix is replaced by whole path elements; slashes never double. */
function rewritePath(path: string, modifier: PathRewriteConfig, prefix = '/'): string {
  if (modifier.kind === 'full') return modifier.value;
  const rest = path.slice(prefix.replace(/\/$/, '').length);
  return `${modifier.value.replace(/\/$/, '')}${rest}` || '/';
}
