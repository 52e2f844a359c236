/**
 * RequestRedirect: an answer of our own whose Location follows the defaulting rules of
 * `HTTPRequestRedirectFilter` (Gateway API v1.7).
 */
import type {
  FilterConfig,
  ListenerIdentity,
  PathMatchConfig,
  RedirectFilter,
  RequestView,
} from '@sluice/model';
import { type LocalReply, noBody } from '../reply.ts';
import { rewritePath } from './path-rewrite.ts';

export interface RedirectPlan {
  readonly filter: RedirectFilter;
  readonly scheme: 'http' | 'https';
  /** `:port`, or empty where the scheme implies it. */
  readonly portSuffix: string;
}

interface RedirectContext {
  readonly listener: ListenerIdentity;
  /** What clients have to dial for a port that the Gateway declares. */
  readonly externalPort: (port: number) => number;
}

export function compileRedirect(
  filters: readonly FilterConfig[],
  context: RedirectContext,
): RedirectPlan | undefined {
  const filter = filters.find((candidate) => candidate.kind === 'redirect');
  if (filter === undefined) return undefined;
  const scheme = filter.scheme ?? context.listener.protocol;
  const port = context.externalPort(redirectPort(filter, context.listener.port));
  const implied = port === wellKnownPort(scheme);
  return { filter, scheme, portSuffix: implied ? '' : `:${port}` };
}

export function redirect(
  plan: RedirectPlan,
  request: RequestView,
  match: PathMatchConfig,
): LocalReply {
  const { filter, scheme, portSuffix } = plan;
  const host = filter.hostname ?? request.host;
  const path =
    filter.path === undefined ? request.path : rewritePath(filter.path, request.path, match);
  const query = request.query === '' ? '' : `?${request.query}`;
  const location = `${scheme}://${host}${portSuffix}${path}${query}`;
  return {
    statusCode: filter.statusCode,
    fields: [{ name: 'Location', value: location }],
    body: noBody,
    failure: undefined,
  };
}

function redirectPort(filter: RedirectFilter, listenerPort: number): number {
  if (filter.port !== undefined) return filter.port;
  return filter.scheme === undefined ? listenerPort : wellKnownPort(filter.scheme);
}

function wellKnownPort(scheme: 'http' | 'https'): number {
  return scheme === 'http' ? 80 : 443;
}
