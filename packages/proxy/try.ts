/** The phases of one try: pick an endpoint, get a connection, send, and stream the response. */
import { type HeaderEdits, METHOD, UPGRADE_NONE } from '@sluice/wire';
import type { Exchange } from './exchange-state.ts';
import type { Failure } from './failure.ts';
import { startMirrors } from './mirror.ts';
import { openTunnel } from './tunnel.ts';

/** False: there is none to try; `exchange.failure` says why. */
export function pickEndpoint(exchange: Exchange): boolean {
  const { backend, services } = exchange;
  if (backend === undefined || !backend.known) return fail(exchange, 'no-backend');
  if (backend.protocol === 'h2c') return fail(exchange, 'upstream-unsupported');
  if (backend.balancer === undefined || backend.endpoints.length === 0) {
    return fail(exchange, 'no-endpoints');
  }
  const input = { random: services.random(), hash: 0 };
  let index = backend.balancer.pick(input, exchange.tried);
  if (index < 0) {
    // Every endpoint was tried: another round.
    exchange.tried = undefined;
    index = backend.balancer.pick(input);
  }
  const endpoint = backend.endpoints[index];
  if (endpoint === undefined) return fail(exchange, 'no-endpoints');
  exchange.endpoint = endpoint;
  exchange.endpointIndex = index;
  return true;
}

/** True: a kept connection is at hand. False: one is being made. */
export function connect(exchange: Exchange): boolean {
  const { endpoint, services, plan } = exchange;
  if (endpoint === undefined) return false;
  if (plan?.timeouts?.backendRequestMs) exchange.armTryTimeout(plan.timeouts.backendRequestMs);
  if (!exchange.needsFreshConnection) exchange.upstream = services.pool.take(endpoint);
  if (exchange.upstream !== undefined) return true;
  exchange.needsFreshConnection = false;
  exchange.startConnect(endpoint);
  return false;
}

/** Waits for the connection; false: the try failed, or nobody is interested any more. */
export async function connected(exchange: Exchange): Promise<boolean> {
  await exchange.wait();
  return exchange.upstream !== undefined && exchange.failure === undefined;
}

export function send(exchange: Exchange): void {
  const { upstream, downstream, replay } = exchange;
  if (upstream === undefined) return;
  exchange.sentMs = exchange.clockMs;
  const sink = upstream.send(exchange, exchange);
  if (replay === undefined) {
    downstream.readBody(sink);
    return;
  }
  const isFirst = replay.attach(sink);
  if (isFirst && exchange.backendPlan?.mirrors.length) startMirrors(exchange, replay);
  if (!replay.finished) downstream.readBody(replay);
}

export function stream(exchange: Exchange, edits: readonly HeaderEdits[]): void {
  const { upstream, downstream } = exchange;
  if (upstream === undefined) return;
  const { head } = upstream;
  if (head.statusCode === 101 && downstream.head.upgrade === UPGRADE_NONE) {
    // Nobody asked for another protocol.
    exchange.failure = 'upstream-invalid';
    return;
  }
  exchange.statusCode = head.statusCode;
  const sink = downstream.sendHead(head, edits);
  if (head.statusCode === 101) openTunnel(exchange, sink);
  else upstream.readBody(sink);
}

/** Sending these twice does what sending them once does (RFC 9110 section 9.2.2). */
export function isIdempotent(method: number): boolean {
  return idempotent.has(method);
}

const idempotent = new Set([
  METHOD.GET,
  METHOD.HEAD,
  METHOD.OPTIONS,
  METHOD.TRACE,
  METHOD.PUT,
  METHOD.DELETE,
]);

function fail(exchange: Exchange, failure: Failure): false {
  exchange.failure = failure;
  return false;
}
