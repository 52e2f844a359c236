/**
 * A data plane: takes configs, keeps sockets, tables and certificates in step with them.
 *
 * `apply` compiles beside what is running and then swaps references; requests and connections that
 * exist go on with what they began with. What can't be applied is reported, and the last good
 * state of that part stays.
 */
import { type BindTable, compileConfig, type ProxyConfig, type RouteTable } from '@sluice/model';
import { type Bind, type BindAddress, fitsBind, openBind } from './listen.ts';
import { type ProxyOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { compileRule, type PlannedRule } from './plan.ts';
import { buildTlsPolicy, CertificateCache, type CertificateTable, type KeyStore } from './tls.ts';
import { probeNativeHandles } from './transport/native-handle.ts';
import { UpstreamTlsCache } from './upstream-tls.ts';
import { Worker } from './worker.ts';

export interface ApplyResult {
  readonly version: string;
  /** Empty: all of the config is in force. */
  readonly problems: readonly ApplyProblem[];
}

export interface ApplyProblem {
  /** Path in the config, or what it is about: `certificate ns/name`, `bind 443`. */
  readonly field: string;
  readonly message: string;
}

export interface DrainOptions {
  /** After this long whatever is still open is closed. */
  readonly timeoutMs: number;
}

export interface Proxy {
  /** Calls run one after the other. */
  apply(config: ProxyConfig, keys: KeyStore): Promise<ApplyResult>;
  readonly addresses: readonly BindAddress[];
  /** Config in force; undefined: none yet. */
  readonly config: ProxyConfig | undefined;
  /** A config is applied and each of its binds listens. */
  readonly isReady: boolean;
  /** Prometheus text format. */
  metrics(): string;
  /** Hands over the lines of the access log that wait for others. */
  flushLog(): void;
  /** Stops accepting, lets requests end and connections close, up to a limit. */
  drain(options: DrainOptions): Promise<void>;
  /** Closes everything at once. */
  close(): Promise<void>;
}

export function createProxy(options: ProxyOptions = {}): Proxy {
  return new RunningProxy(resolveOptions(options));
}

class RunningProxy implements Proxy {
  readonly #options: ResolvedOptions;
  readonly #worker: Worker;
  readonly #certificateCache = new CertificateCache();
  readonly #upstreamTls = new UpstreamTlsCache();
  #table: RouteTable<PlannedRule> | undefined;
  #certificates: CertificateTable<PlannedRule> = new Map();
  #bindTables = new Map<number, BindTable<PlannedRule>>();
  #binds: Bind[] = [];
  #applying: Promise<unknown> = Promise.resolve();
  #isClosing = false;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#worker = new Worker(options, (port) => ({
      table: this.#table,
      bind: this.#bindTables.get(port),
    }));
  }

  get addresses(): readonly BindAddress[] {
    return this.#binds.map(({ address }) => address);
  }

  get config(): ProxyConfig | undefined {
    return this.#table?.config;
  }

  get isReady(): boolean {
    const { config } = this;
    return (
      !this.#isClosing &&
      config !== undefined &&
      config.binds.every((bind) => this.#binds.some((open) => fitsBind(open, bind)))
    );
  }

  apply(config: ProxyConfig, keys: KeyStore): Promise<ApplyResult> {
    const result = this.#applying.then(() => this.#apply(config, keys));
    this.#applying = result.catch(() => {});
    return result;
  }

  metrics(): string {
    return this.#worker.renderMetrics(this.config?.version ?? '', this.#binds);
  }

  flushLog(): void {
    this.#worker.accessLog?.flush();
  }

  async drain({ timeoutMs }: DrainOptions): Promise<void> {
    await this.#applying;
    this.#isClosing = true;
    for (const bind of this.#binds.splice(0)) bind.close();
    await this.#worker.drain(timeoutMs);
    this.#worker.close();
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#applying;
    for (const bind of this.#binds.splice(0)) bind.close();
    this.#worker.close();
  }

  async #apply(config: ProxyConfig, keys: KeyStore): Promise<ApplyResult> {
    const native = await probeNativeHandles();
    if (this.#isClosing) return problem(config, 'proxy', 'it is closing');
    this.#worker.start(native);
    const { clientsDial } = this.#options;
    const context = this.#worker.planContext((port) =>
      clientsDial === 'declared' ? port : boundPort(config, port),
    );
    const compiled = compileConfig(config, (rule) => compileRule(context, rule), this.#table);
    const problems: ApplyProblem[] = [...compiled.problems];
    const lines: string[] = [];
    const certificates = this.#certificateCache.buildTable(compiled.table.binds, keys, lines);
    problems.push(...lines.map((message) => ({ field: 'certificates', message })));

    this.#applyBackends(config, keys, problems);
    this.#table = compiled.table;
    this.#certificates = certificates;
    this.#bindTables = new Map(compiled.table.binds.map((bind) => [bind.config.port, bind]));
    this.#worker.metrics.reloads += 1;
    await this.#applyBinds(config, problems);
    return { version: config.version, problems };
  }

  #applyBackends(config: ProxyConfig, keys: KeyStore, problems: ApplyProblem[]): void {
    this.#upstreamTls.begin();
    this.#worker.backends.apply(config.backends, ({ id, tls }) => {
      const loaded = tls && this.#upstreamTls.load(tls, keys);
      if (typeof loaded !== 'string') return { tls: loaded, usable: true };
      problems.push({ field: `backends[${id}].tls`, message: `${loaded}; it is not dialled` });
      return { tls: undefined, usable: false };
    });
  }

  async #applyBinds(config: ProxyConfig, problems: ApplyProblem[]): Promise<void> {
    const wanted = config.binds;
    const stale = this.#binds.filter((bind) => !wanted.some((one) => fitsBind(bind, one)));
    for (const bind of stale) bind.close();
    this.#binds = this.#binds.filter((bind) => !stale.includes(bind));
    for (const one of wanted) {
      if (this.#binds.some((bind) => fitsBind(bind, one))) continue;
      try {
        this.#binds.push(await openBind(one, this.#bindOptions(one.bindPort)));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        problems.push({ field: `bind ${one.port}`, message });
      }
    }
  }

  #bindOptions(bindPort: number): Parameters<typeof openBind>[1] {
    const { limits, ticketKeys } = this.#options;
    return {
      host: this.#options.address(bindPort),
      native: this.#worker.native,
      connectionsMax: limits.connectionsPerBind,
      handshakeMs: limits.handshakeMs,
      ticketKeys,
      buildPolicy: (port, requestsCertificate) =>
        buildTlsPolicy(() => this.#tlsState(port), requestsCertificate),
      onConnection: (connection, bind) => this.#worker.accept(connection, bind),
      onRefused: () => {
        this.#worker.metrics.connectionsRefused += 1;
      },
    };
  }

  #tlsState(
    port: number,
  ): { bind: BindTable<PlannedRule>; certificates: CertificateTable<PlannedRule> } | undefined {
    const bind = this.#bindTables.get(port);
    return bind && { bind, certificates: this.#certificates };
  }
}

/** What a declared port is mapped to; the port itself where the system chooses. */
function boundPort(config: ProxyConfig, port: number): number {
  return config.binds.find((bind) => bind.port === port)?.bindPort || port;
}

function problem(config: ProxyConfig, field: string, message: string): ApplyResult {
  return { version: config.version, problems: [{ field, message }] };
}
