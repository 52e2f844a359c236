/**
 * Whether a try is followed by another one, and after what pause.
 *
 * Without a `retry` of the route, only what can't have reached an application is tried again: a
 * connection that was not established, once, and a kept connection that had died. With it, also
 * the listed status codes, a try that timed out counting as 504. A connection that breaks after the
 * request was sent is no reason: the application may have acted (HTTPRouteRetry, GEP-1731).
 */
import type { Exchange } from './exchange-state.ts';
import { isIdempotent } from './try.ts';

const defaultAttempts = 1;
const gatewayTimeout = 504;
const backoffDoublingsMax = 6;

export function mayRetry(exchange: Exchange): boolean {
  const { failure, plan } = exchange;
  const attempts = plan?.retry?.attempts ?? defaultAttempts;
  if (failure === 'upstream-reset' && diedIdle(exchange)) {
    exchange.needsFreshConnection = true;
    exchange.hadFreshConnection = true;
    exchange.releaseUpstream();
    return true;
  }
  if (exchange.retries >= attempts || !isWorthRetrying(exchange)) return false;
  exchange.tried ??= new Set();
  exchange.tried.add(exchange.endpointIndex);
  exchange.retries += 1;
  exchange.services.metrics.retries += 1;
  exchange.releaseUpstream();
  return true;
}

/** Pauses before the next try. False: the exchange ended meanwhile. */
export async function backOff(exchange: Exchange): Promise<boolean> {
  const { plan, backend, tried, services } = exchange;
  const untried = (backend?.endpoints.length ?? 0) - (tried?.size ?? 0);
  const isImmediate = exchange.needsFreshConnection || untried > 0;
  const baseMs = plan?.retry?.backoffMs ?? 25;
  if (isImmediate && exchange.failure !== undefined) return true;
  const doublings = Math.min(exchange.retries - 1, backoffDoublingsMax);
  await exchange.pause(services.random() * baseMs * 2 ** doublings);
  return !exchange.isAborted;
}

/** A kept connection that gave no byte of this response, and a request that lost nothing. */
function diedIdle(exchange: Exchange): boolean {
  const { upstream, downstream, replay } = exchange;
  if (upstream === undefined || upstream.responses === 0) return false;
  if (exchange.hadFreshConnection || !isIdempotent(downstream.head.method)) return false;
  return isBodyWhole(exchange) && (replay === undefined || !replay.overflowed);
}

function isWorthRetrying(exchange: Exchange): boolean {
  const { failure, plan, upstream } = exchange;
  switch (failure) {
    case 'connect-failed':
    case 'upstream-tls':
      return true;
    case 'upstream-timeout':
      return plan?.retry?.codes.includes(gatewayTimeout) === true && isBodyWhole(exchange);
    case undefined: {
      const statusCode = upstream?.head.statusCode ?? 0;
      return plan?.retry?.codes.includes(statusCode) === true && isBodyWhole(exchange);
    }
    default:
      return false;
  }
}

/** Could the body be sent again? */
function isBodyWhole({ downstream, replay }: Exchange): boolean {
  if (replay !== undefined) return !replay.overflowed;
  return downstream.requestBytes === 0 && downstream.requestComplete;
}
