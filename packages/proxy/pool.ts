/**
 * Connections to endpoints, kept for the next request.
 *
 * Per endpoint a bounded stack: the most recently used connection is taken first, so that the
 * others can grow old and be closed. A connection is in the pool only between a complete response
 * and the next request; any byte, end or error in that time destroys it.
 */
import type { Endpoint, Upstream } from './codec.ts';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { Timeout, type TimeoutWheel } from './timeouts.ts';
import type { Connection } from './transport/connection.ts';
import { connectTcp, type PendingConnect } from './transport/tcp.ts';
import { connectTls } from './transport/tls-client.ts';
import type { UpstreamTls } from './upstream-tls.ts';

/** A new endpoint without connections. */
export function createEndpoint(address: string, port: number, tls?: UpstreamTls): Endpoint {
  const key = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return { key, address, port, tls, idle: [], active: 0, retired: false };
}

export interface PoolOptions {
  readonly limits: Limits;
  readonly native: boolean;
  readonly wheel: TimeoutWheel;
  readonly metrics: Metrics;
  readonly createUpstream: (connection: Connection, endpoint: Endpoint) => Upstream;
}

export class Pool {
  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** An idle connection, or undefined: one has to be made. */
  take(endpoint: Endpoint): Upstream | undefined {
    const upstream = endpoint.idle.pop();
    if (upstream === undefined) return undefined;
    if (upstream.idleTimeout !== undefined) this.#options.wheel.disarm(upstream.idleTimeout);
    this.#options.metrics.upstreamReuses += 1;
    return upstream;
  }

  /** Calls exactly one of the callbacks, unless cancelled. */
  connect(
    endpoint: Endpoint,
    onConnected: (upstream: Upstream) => void,
    onFailed: (failure: 'connect-failed' | 'upstream-tls') => void,
  ): PendingConnect {
    const { wheel, limits, metrics, native } = this.#options;
    metrics.upstreamConnects += 1;
    const timeout = new Timeout(() => {
      pending.cancel();
      onFailed('connect-failed');
    });
    wheel.arm(timeout, limits.connectMs);
    const { address, port, tls } = endpoint;
    const connected = (connection: Connection): void => {
      wheel.release(timeout);
      onConnected(this.#options.createUpstream(connection, endpoint));
    };
    const failed = (failure: 'connect-failed' | 'upstream-tls'): void => {
      wheel.release(timeout);
      onFailed(failure);
    };
    const pending =
      tls === undefined
        ? connectTcp({ address, port, native }, connected, () => failed('connect-failed'))
        : connectTls({ address, port, tls }, connected, (wasReached) =>
            failed(wasReached ? 'upstream-tls' : 'connect-failed'),
          );
    return {
      cancel() {
        wheel.release(timeout);
        pending.cancel();
      },
    };
  }

  /** Gives back a connection whose response was complete and which the origin keeps open. */
  release(upstream: Upstream): void {
    const { wheel, limits } = this.#options;
    const { idle, retired } = upstream.endpoint;
    if (retired || idle.length >= limits.upstreamIdleConnections) {
      upstream.connection.destroy();
      return;
    }
    upstream.idleTimeout ??= new Timeout(() => {
      this.remove(upstream);
      upstream.connection.destroy();
    });
    wheel.arm(upstream.idleTimeout, limits.upstreamIdleMs);
    idle.push(upstream);
  }

  /** Takes a connection out that died or spoke while idle. */
  remove(upstream: Upstream): void {
    const idle = upstream.endpoint.idle;
    const index = idle.indexOf(upstream);
    if (index >= 0) idle.splice(index, 1);
    if (upstream.idleTimeout !== undefined) this.#options.wheel.disarm(upstream.idleTimeout);
  }

  closeIdle(endpoint: Endpoint): void {
    for (const upstream of endpoint.idle.splice(0)) {
      if (upstream.idleTimeout !== undefined) this.#options.wheel.disarm(upstream.idleTimeout);
      upstream.connection.destroy();
    }
  }
}
