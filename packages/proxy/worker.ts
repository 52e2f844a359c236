/**
 * What runs on one event loop: client connections, pools, timeouts, metrics, logs.
 */
import type { BindTable, RouteTable } from '@sluice/model';
import { DEFAULT_LIMITS, type WireLimits } from '@sluice/wire';
import { AccessLog } from './access-log.ts';
import { BackendRegistry } from './backends.ts';
import type { Endpoint } from './codec.ts';
import { runExchange } from './exchange.ts';
import { Exchange } from './exchange-state.ts';
import { AuthorityTable } from './http1/authority.ts';
import { Http1Downstream } from './http1/downstream.ts';
import type { ClosableDownstream, DownstreamHost } from './http1/downstream-host.ts';
import { Outbox } from './http1/outbox.ts';
import { Http1Upstream } from './http1/upstream.ts';
import type { Limits } from './limits.ts';
import type { Bind } from './listen.ts';
import { Metrics, type MetricsState } from './metrics.ts';
import type { ResolvedOptions } from './options.ts';
import type { PlanContext, PlannedRule } from './plan.ts';
import { Pool } from './pool.ts';
import type { Services } from './services.ts';
import { TimeoutWheel } from './timeouts.ts';
import type { Connection } from './transport/connection.ts';

export interface CurrentTables {
  readonly table: RouteTable<PlannedRule> | undefined;
  readonly bind: BindTable<PlannedRule> | undefined;
}

export class Worker implements Services {
  readonly limits: Limits;
  readonly wheel: TimeoutWheel;
  readonly metrics = new Metrics();
  readonly accessLog: AccessLog | undefined;
  readonly random: () => number;
  readonly now: () => number;
  readonly wallNow: () => number;
  readonly isTrusted: (address: string) => boolean;
  readonly backends: BackendRegistry;
  native = false;
  readonly #outbox = new Outbox();
  readonly #authorities = new AuthorityTable();
  readonly #requestLimits: WireLimits;
  readonly #responseLimits: WireLimits;
  readonly #current: (port: number) => CurrentTables;
  readonly #downstreams = new Map<ClosableDownstream, Bind>();
  #draining = false;
  #pool: Pool | undefined;

  constructor(options: ResolvedOptions, current: (port: number) => CurrentTables) {
    this.limits = options.limits;
    this.wheel = new TimeoutWheel(options.now);
    this.accessLog = options.accessLog && new AccessLog(options.accessLog);
    this.random = options.random;
    this.now = options.now;
    this.wallNow = options.wallNow;
    this.isTrusted = options.isTrusted;
    this.#current = current;
    this.backends = new BackendRegistry(options.random, (endpoint) =>
      this.pool.closeIdle(endpoint),
    );
    const { requestHeadBytes, requestFields, responseHeadBytes } = options.limits;
    this.#requestLimits = {
      ...DEFAULT_LIMITS,
      headBytesMax: requestHeadBytes,
      fieldsMax: requestFields,
    };
    this.#responseLimits = { ...DEFAULT_LIMITS, headBytesMax: responseHeadBytes };
  }

  get pool(): Pool {
    if (this.#pool === undefined) throw new Error('the worker was not started');
    return this.#pool;
  }

  /** `native`: the result of `probeNativeHandles`. */
  start(native: boolean): void {
    if (this.#pool !== undefined) return;
    this.native = native;
    const pool: Pool = new Pool({
      limits: this.limits,
      native,
      wheel: this.wheel,
      metrics: this.metrics,
      createUpstream: (connection, endpoint) =>
        new Http1Upstream(connection, endpoint, {
          pool,
          outbox: this.#outbox,
          wheel: this.wheel,
          wireLimits: this.#responseLimits,
          silenceMs: this.limits.upstreamSilenceMs,
        }),
    });
    this.#pool = pool;
  }

  planContext(externalPort: (port: number) => number): PlanContext {
    return { metrics: this.metrics, backend: (id) => this.backends.backend(id), externalPort };
  }

  accept(connection: Connection, bind: Bind): void {
    this.metrics.connectionsAccepted += 1;
    bind.connections += 1;
    const host = this.#hostFor(bind);
    this.#downstreams.set(new Http1Downstream(connection, host), bind);
  }

  renderMetrics(configVersion: string, binds: readonly Bind[]): string {
    const endpoints = sumByAddress(this.backends.endpoints());
    const listeners = binds.map(({ address, connections }) => ({
      name: String(address.port),
      connections,
    }));
    return this.metrics.render({ configVersion, listeners, endpoints });
  }

  /** Resolves when every client connection is closed or the time is over. */
  async drain(timeoutMs: number): Promise<void> {
    this.#draining = true;
    for (const downstream of this.#downstreams.keys()) downstream.closeWhenIdle();
    const endMs = this.now() + timeoutMs;
    while (this.#downstreams.size > 0 && this.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  close(): void {
    this.#outbox.flush();
    for (const downstream of this.#downstreams.keys()) downstream.connection.destroy();
    for (const endpoint of this.backends.endpoints()) this.#pool?.closeIdle(endpoint);
    this.wheel.close();
    this.accessLog?.flush();
  }

  #hostFor(bind: Bind): DownstreamHost {
    return {
      limits: this.limits,
      wireLimits: this.#requestLimits,
      wheel: this.wheel,
      outbox: this.#outbox,
      authorities: this.#authorities,
      isTrusted: this.isTrusted,
      isDraining: () => this.#draining,
      createExchange: (downstream) => {
        const { table, bind: bindTable } = this.#current(bind.address.port);
        if (table === undefined) throw new Error('a connection without a config');
        return new Exchange(this, { downstream, table, bind: bindTable });
      },
      run: (exchange) => void runExchange(exchange),
      refused: (statusCode, reason) => {
        this.metrics.failure(reason);
        this.metrics.observe(this.metrics.route('unrouted'), statusCode, 0);
      },
      closed: (downstream) => {
        if (this.#downstreams.delete(downstream)) bind.connections -= 1;
      },
    };
  }
}

/** An address that is dialled in several ways is one address. */
function sumByAddress(endpoints: Iterable<Endpoint>): MetricsState['endpoints'] {
  const sums = new Map<string, { address: string; active: number; idle: number }>();
  for (const { key, active, idle } of endpoints) {
    const sum = sums.get(key) ?? { address: key, active: 0, idle: 0 };
    sum.active += active;
    sum.idle += idle.length;
    sums.set(key, sum);
  }
  return [...sums.values()];
}
