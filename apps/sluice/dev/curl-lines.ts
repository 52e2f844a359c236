/**
 * The curl lines that `sluice dev` prints: one for each rule of each listener, built from the
 * config that is served, so that they are true for any manifests.
 */
import type {
  BindConfig,
  HttpRouteConfig,
  ListenerConfig,
  MatchConfig,
  ProxyConfig,
  RuleConfig,
} from '@sluice/model';

export interface CurlOptions {
  /** Address that the Gateway is bound to. */
  readonly address: string;
  /** File with the certificate of the local authority, when one signed a listener's certificate. */
  readonly caFile?: string;
}

/** Renders at most `limit` lines; rules that only a regular expression selects are left out. */
export function renderCurlLines(
  config: ProxyConfig,
  options: CurlOptions,
  limit: number,
): string[] {
  const routes = new Map(config.routes.map((route) => [route.id, route]));
  const lines = new Set<string>();
  for (const bind of config.binds) {
    for (const listener of bind.listeners) {
      for (const id of listener.routes) {
        const route = routes.get(id);
        if (!route) continue;
        for (const rule of route.rules) {
          const line = renderRule({ bind, listener, route, rule }, options);
          if (line) lines.add(line);
        }
      }
    }
  }
  return [...lines].slice(0, limit);
}

interface RuleInPlace {
  readonly bind: BindConfig;
  readonly listener: ListenerConfig;
  readonly route: HttpRouteConfig;
  readonly rule: RuleConfig;
}

function renderRule(place: RuleInPlace, options: CurlOptions): string | undefined {
  const match = place.rule.matches.find(isLiteral);
  const host = hostFor(place.listener, place.route, options.address);
  if (!match || host === undefined) return undefined;
  const { bind, rule } = place;
  const url = `${bind.protocol}://${bracket(host)}:${bind.bindPort}${match.path.value}${queryOf(match)}`;
  const parts = ['curl'];
  if (rule.filters.some(({ kind }) => kind === 'redirect')) parts.push('-i');
  if (match.method && match.method !== 'GET') {
    parts.push(match.method === 'HEAD' ? '-I' : `-X ${match.method}`);
  }
  for (const { name, value } of match.headers) parts.push(`-H ${shellQuote(`${name}: ${value}`)}`);
  if (bind.protocol === 'https') {
    parts.push(options.caFile ? `--cacert ${shellQuote(options.caFile)}` : '-k');
  }
  if (needsResolve(host, options.address)) {
    parts.push(`--resolve ${host}:${bind.bindPort}:${bracket(options.address)}`);
  }
  return [...parts, shellQuote(url)].join(' ');
}

/** A host that both the listener and the route accept; undefined: the two share none. */
function hostFor(
  listener: ListenerConfig,
  route: HttpRouteConfig,
  address: string,
): string | undefined {
  const own = route.hostnames.length > 0 ? route.hostnames : [undefined];
  for (const hostname of own) {
    if (hostname === undefined) return concrete(listener.hostname) ?? address;
    if (listener.hostname === undefined) return concrete(hostname);
    if (covers(listener.hostname, hostname)) return concrete(hostname);
    if (covers(hostname, listener.hostname)) return concrete(listener.hostname);
  }
  return undefined;
}

function covers(pattern: string, hostname: string): boolean {
  return pattern === hostname || (pattern.startsWith('*.') && hostname.endsWith(pattern.slice(1)));
}

function concrete(hostname: string | undefined): string | undefined {
  return hostname?.replace(/^\*\./, 'any.');
}

function isLiteral(match: MatchConfig): boolean {
  return (
    match.path.kind !== 'regex' &&
    match.headers.every(({ kind }) => kind === 'exact') &&
    match.query.every(({ kind }) => kind === 'exact')
  );
}

function queryOf(match: MatchConfig): string {
  const pairs = match.query.map(
    ({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Names below `localhost` are loopback for curl and browsers already (RFC 6761 section 6.3). */
function needsResolve(host: string, address: string): boolean {
  if (host === address) return false;
  return address !== '127.0.0.1' || !(host === 'localhost' || host.endsWith('.localhost'));
}

function bracket(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function shellQuote(text: string): string {
  return /^[\w./:@=+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
