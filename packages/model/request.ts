/** Requests as the matcher sees them. */
import type { HostMemo } from './host-memo.ts';

/**
 * What the matcher needs to know of a request. The proxy implements it over bytes; tests and
 * explain over plain objects (`buildRequest`).
 */
export interface RequestView {
  /** Lower case, without port and trailing dot. Empty: none was sent (HTTP/1.0). */
  readonly host: string;
  /** Kept with the host by whoever sees it again and again; absent: nothing is remembered. */
  readonly hostMemo?: HostMemo;
  readonly method: string;
  /** Normalised once at the boundary (RFC 3986 section 6); without query. Begins with `/`. */
  readonly path: string;
  /** Raw query without `?`; empty when there is none. */
  readonly query: string;
  /** Value of a field by its lower-case name; several lines joined by `, `; absent: undefined. */
  header(name: string): string | undefined;
}

export interface RequestParts {
  readonly method?: string;
  /** As in a Host field: a port and a trailing dot are dropped, letters lowered. */
  readonly host?: string;
  /** Path with an optional query; must be normalised already. */
  readonly target: string;
  /** Any letter case; several fields of one name are joined by `, `. */
  readonly headers?: Iterable<readonly [string, string]>;
}

/** A request as a plain object, for tests and explain. */
export function buildRequest(parts: RequestParts): RequestView {
  const headers = new Map<string, string>();
  for (const [name, value] of parts.headers ?? []) {
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  const [target = ''] = parts.target.split('#', 1);
  const mark = target.indexOf('?');
  return {
    host: normalizeHost(parts.host ?? headers.get('host') ?? ''),
    method: parts.method ?? 'GET',
    path: (mark === -1 ? target : target.slice(0, mark)) || '/',
    query: mark === -1 ? '' : target.slice(mark + 1),
    header: (name) => headers.get(name),
  };
}

/** The host of an authority: lower case, without port and trailing dot. */
export function normalizeHost(authority: string): string {
  const host = authority.toLowerCase().replace(/:[0-9]*$/, '');
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
