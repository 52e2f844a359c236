/**
 * The CORS fields of an answer, read from GEP-1767 and the Fetch standard: what a browser must be
 * told, given a route's filter and a request. Apart from it the proxy has its own.
 *
 * https://gateway-api.sigs.k8s.io/geps/gep-1767/
 */
import type { CorsFilter } from '@sluice/model';
import { findHeader, type Headers } from './headers.ts';

/** A preflight asks before the request proper; the proxy answers it. */
export function isPreflight(method: string, headers: Headers): boolean {
  const asked = ['Origin', 'Access-Control-Request-Method'].map((name) =>
    findHeader(headers, name),
  );
  return method === 'OPTIONS' && !asked.includes(undefined);
}

/**
 * Empty where the origin is not allowed, or there is none. Expose-Headers stands in answers to
 * preflights too: browsers don't look there, but the official suite does.
 */
export function answerCors(filter: CorsFilter, method: string, headers: Headers): Headers {
  const origin = findHeader(headers, 'Origin');
  if (origin === undefined || !filter.allowOrigins.some((one) => covers(one, origin))) return {};
  const anyone = filter.allowOrigins.includes('*') && !filter.allowCredentials;
  const shared = {
    'Access-Control-Allow-Origin': anyone ? '*' : origin,
    ...(filter.allowCredentials ? { 'Access-Control-Allow-Credentials': 'true' } : {}),
    ...named('Access-Control-Expose-Headers', filter.exposeHeaders, undefined),
  };
  if (!isPreflight(method, headers)) return shared;
  const wantedMethod = findHeader(headers, 'Access-Control-Request-Method');
  const wantedHeaders = findHeader(headers, 'Access-Control-Request-Headers');
  return {
    ...shared,
    ...named('Access-Control-Allow-Methods', filter.allowMethods, wantedMethod),
    ...named('Access-Control-Allow-Headers', filter.allowHeaders, wantedHeaders),
    'Access-Control-Max-Age': String(filter.maxAgeSeconds),
  };
}

/** With `*` all that is wanted is allowed. */
function named(field: string, names: readonly string[], wanted: string | undefined): Headers {
  const value = names.includes('*') ? wanted : names.join(', ');
  return value === undefined || value === '' ? {} : { [field]: value };
}

/** `*` in an allowed origin stands for any characters. */
function covers(allowed: string, origin: string): boolean {
  const parts = allowed.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(origin);
}
