/**
 * From a request to the rule that serves it: O(path length), whatever the number of routes.
 *
 * Hosts are asked most specific first, and a host none of whose rules match **falls through** to
 * the next (GatewayRouteHostnameIntersectionPrecedence); listeners never do (listener isolation).
 */
import { ACCEPTED, rejection } from './conditions.ts';
import { findHost, findWildcard } from './host-index.ts';
import type { HostMemo } from './host-memo.ts';
import { parentKey } from './key-table.ts';
import { findPrefix } from './prefix-index.ts';
import type { RequestView } from './request.ts';
import type { BindTable, CompiledMatch, HostTable, ListenerTable } from './table.ts';

/**
 * The listener of a socket for a host (from SNI or from the request, lower case, no port): exact
 * hostname, then the longest wildcard, then the one without hostname.
 */
export function selectListener<A>(bind: BindTable<A>, host: string): ListenerTable<A> | undefined {
  return findHost(bind.byHost, host);
}

/** The winning match, or undefined: 404. `listener` must be the one selected for the host. */
export function matchRequest<A>(
  listener: ListenerTable<A>,
  request: RequestView,
): CompiledMatch<A> | undefined {
  const memo = request.hostMemo;
  if (memo !== undefined) {
    renewMemo(memo, listener, request.host);
    if (memo.sole !== undefined) return memo.sole as CompiledMatch<A>;
  }
  return searchListener(listener, request, undefined);
}

/** `match.action`, without a look at the match itself where the memo of its host knows it. */
export function actionOf<A>(match: CompiledMatch<A>, memo: HostMemo): A {
  return match === memo.sole ? (memo.action as A) : match.action;
}

function renewMemo<A>(memo: HostMemo, { byHost }: ListenerTable<A>, host: string): void {
  if (memo.epoch === byHost.epoch) return;
  const own = byHost.exact.get(host);
  memo.epoch = byHost.epoch;
  memo.sole = own?.sole;
  memo.action = own?.sole?.action;
  memo.own = own;
}

/** A match whose host and path fit, and the hostname that led to it. */
export interface Candidate<A> {
  readonly match: CompiledMatch<A>;
  readonly hostname: string;
}

/**
 * Without `visited`: the first match that accepts the request. With it: nothing is tested, and
 * every match that would be is appended in the order in which it would be.
 */
export function searchListener<A>(
  listener: ListenerTable<A>,
  request: RequestView,
  visited: Candidate<A>[] | undefined,
): CompiledMatch<A> | undefined {
  const { exact, wildcards, any } = listener.byHost;
  const { host, hostMemo } = request;
  const isKnown = hostMemo !== undefined && hostMemo.epoch === listener.byHost.epoch;
  const own = isKnown ? (hostMemo.own as HostTable<A> | undefined) : exact.get(host);
  let found = own && searchHost(own, request, visited);
  if (found !== undefined) return found;
  let wildcard = findWildcard(wildcards, host);
  for (; wildcard !== undefined; wildcard = parentKey(wildcards, wildcard)) {
    found = searchHost(wildcard.value, request, visited);
    if (found !== undefined) return found;
  }
  return any && searchHost(any, request, visited);
}

function searchHost<A>(
  host: HostTable<A>,
  request: RequestView,
  visited: Candidate<A>[] | undefined,
): CompiledMatch<A> | undefined {
  const { exact, regex, prefix, hostname, sole } = host;
  if (sole !== undefined && visited === undefined) return sole;
  const { path } = request;
  const same = exact.size === 0 ? undefined : exact.get(path);
  let found = same && firstAccepting(same, request, hostname, visited);
  if (found !== undefined) return found;
  if (regex.length > 0) {
    found = firstAccepting(regex, request, hostname, visited);
    if (found !== undefined) return found;
  }
  let key = findPrefix(prefix, path);
  for (; key !== undefined; key = parentKey(prefix, key)) {
    found = firstAccepting(key.value, request, hostname, visited);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstAccepting<A>(
  matches: readonly CompiledMatch<A>[],
  request: RequestView,
  hostname: string,
  visited: Candidate<A>[] | undefined,
): CompiledMatch<A> | undefined {
  for (const match of matches) {
    if (visited !== undefined) visited.push({ match, hostname });
    else if (rejection(match.conditions, request) === ACCEPTED) return match;
  }
  return undefined;
}
