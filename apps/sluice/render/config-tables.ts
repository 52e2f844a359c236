/** What is served, as tables: listeners and the rules behind them, from the published configs. */
import type { FilterConfig, MatchConfig, ProxyConfig, RuleConfig } from '@sluice/model';
import type { Terminal } from '../terminal.ts';
import { renderTable } from './table.ts';

export interface ServedGateway {
  readonly config: ProxyConfig;
  readonly address: string;
}

export function renderListeners(gateways: readonly ServedGateway[], terminal: Terminal): string[] {
  const rows = gateways.flatMap(({ config, address }) =>
    config.binds.flatMap((bind) =>
      bind.listeners.map((listener) => [
        `${config.gateway.namespace}/${config.gateway.name}`,
        listener.name,
        `${bind.protocol}://${address.includes(':') ? `[${address}]` : address}:${bind.bindPort}`,
        bind.port === bind.bindPort ? '' : `port ${bind.port}`,
        listener.hostname ?? '*',
        String(listener.routes.length),
      ]),
    ),
  );
  return paintHeading(
    renderTable(['GATEWAY', 'LISTENER', 'ADDRESS', 'STANDS FOR', 'HOSTNAME', 'ROUTES'], rows),
    terminal,
  );
}

export function renderRoutes(gateways: readonly ServedGateway[], terminal: Terminal): string[] {
  const rows = gateways.flatMap(({ config }) =>
    config.routes.flatMap((route) =>
      route.rules.map((rule, index) => [
        index === 0 ? `${route.object.namespace}/${route.object.name}` : '',
        index === 0 ? route.hostnames.join(',') || '*' : '',
        rule.name ?? `rules[${index}]`,
        rule.matches.map(renderMatch).join(' or '),
        renderTarget(rule),
      ]),
    ),
  );
  return paintHeading(
    renderTable(['ROUTE', 'HOSTNAMES', 'RULE', 'MATCH', 'GOES TO'], rows),
    terminal,
  );
}

/** `GET /cart* x-canary=always ?a=1` */
export function renderMatch(match: MatchConfig): string {
  const { kind, value } = match.path;
  const path =
    kind === 'prefix' ? `${value.replace(/\/$/, '')}/*` : kind === 'regex' ? `~${value}` : value;
  return [
    ...(match.method ? [match.method] : []),
    path,
    ...match.headers.map((header) => `${header.name}${operator(header.kind)}${header.value}`),
    ...match.query.map((pair) => `?${pair.name}${operator(pair.kind)}${pair.value}`),
  ].join(' ');
}

function operator(kind: 'exact' | 'regex'): string {
  return kind === 'regex' ? '~' : '=';
}

function renderTarget(rule: RuleConfig): string {
  if (rule.invalid !== undefined) return `500 (${rule.invalid})`;
  const redirect = rule.filters.find((filter) => filter.kind === 'redirect');
  if (redirect) return renderRedirect(redirect);
  if (rule.backends.length === 0) return '500 (no backend)';
  const total = rule.backends.reduce((sum, { weight }) => sum + weight, 0);
  return rule.backends
    .map(({ backend, invalid, weight }) => {
      const share = rule.backends.length === 1 ? '' : ` ${percent(weight, total)}`;
      return `${invalid === undefined ? shortId(backend) : '500'}${share}`;
    })
    .join(', ');
}

function renderRedirect(filter: FilterConfig & { kind: 'redirect' }): string {
  const { statusCode, scheme, hostname, port, path } = filter;
  const target = [
    scheme ? `${scheme}://` : '',
    hostname ?? (scheme ? '…' : ''),
    port ? `:${port}` : '',
    path?.value ?? '',
  ].join('');
  return `${statusCode} → ${target || 'the same'}`;
}

function shortId(backend: string | undefined): string {
  return backend?.replace(/^Service\//, '') ?? '';
}

function percent(weight: number, total: number): string {
  return total === 0 ? '0%' : `${Math.round((weight / total) * 1000) / 10}%`;
}

function paintHeading(lines: string[], terminal: Terminal): string[] {
  return lines.map((line, index) => (index === 0 ? terminal.paint('dim', line) : line));
}
