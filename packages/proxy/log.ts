/** The last phase: counts an exchange and writes its line. */
import { noBackend, noPlace } from './access-log.ts';
import type { Exchange } from './exchange-state.ts';
import { failures } from './failure.ts';

const unrouted = 'unrouted';

export function logExchange(exchange: Exchange): void {
  const { services, downstream, text, rule, failure } = exchange;
  const { metrics, accessLog } = services;
  const endedMs = exchange.clockMs;
  const durationMs = endedMs - exchange.startedMs;
  const statusCode =
    exchange.statusCode || (failure === undefined ? 0 : failures[failure].statusCode);
  metrics.observe(rule ?? metrics.route(unrouted), statusCode, durationMs);
  metrics.requestBytes += downstream.requestBytes;
  metrics.responseBytes += downstream.responseBytes;
  if (failure !== undefined) metrics.failure(failure);
  if (accessLog === undefined) return;
  accessLog.write({
    wallMs: services.wallNow(),
    method: text.method,
    host: text.host,
    path: text.path,
    protocol: downstream.protocol,
    statusCode,
    requestBytes: downstream.requestBytes,
    responseBytes: downstream.responseBytes,
    durationMicros: toMicros(durationMs),
    upstreamMicros: exchange.headMs > 0 ? toMicros(exchange.headMs - exchange.sentMs) : 0,
    client: downstream.loggedClient,
    place: rule?.place ?? noPlace,
    backend: exchange.backend?.logged ?? noBackend,
    endpoint: exchange.endpoint?.key ?? '',
    retries: exchange.retries,
    flags: failure ?? exchange.flags,
    configVersion: exchange.table.config.version,
  });
}

/** A small integer where it is one: V8 keeps those without a box. */
function toMicros(durationMs: number): number {
  const micros = durationMs * 1000;
  return micros < smallMicros ? (micros + 0.5) | 0 : Math.round(micros);
}

const smallMicros = 1e9;
