/**
 * Backends by id: what compiled rules point to, while endpoints come and go under them.
 *
 * A `Backend` lives as long as its id is in use; a reload changes its content. Endpoints are kept
 * by address, so pools and counters survive every reload that keeps the address.
 */

import {
  type BackendConfig,
  type Balancer,
  buildBalancer,
  type EndpointConfig,
  isSameList,
  listDelta,
  type UpstreamProtocol,
} from '@sluice/model';
import { renderBackend } from './access-log.ts';
import type { Endpoint } from './codec.ts';
import { createEndpoint } from './pool.ts';
import type { UpstreamTls } from './upstream-tls.ts';

export class Backend {
  readonly id: string;
  /** The id as the access log has it. */
  readonly logged: Uint8Array;
  protocol: UpstreamProtocol = 'http1';
  /** False: the id is in no config any more, or never was. */
  known = false;
  endpoints: readonly Endpoint[] = [];
  balancer: Balancer | undefined;

  constructor(id: string) {
    this.id = id;
    this.logged = renderBackend(id);
  }
}

interface ResolvedTls {
  readonly tls: UpstreamTls | undefined;
  /** False: the settings can't be honoured, so nothing is dialled. */
  readonly usable: boolean;
}

type TlsResolver = (config: BackendConfig) => ResolvedTls;

const plaintext: ResolvedTls = { tls: undefined, usable: true };

interface UsedEndpoint {
  readonly endpoint: Endpoint;
  /** How often it stands in the lists of backends. */
  uses: number;
}

export class BackendRegistry {
  /** Those of no config any more stay for as long as a rule or a request holds them. */
  readonly #backends = new Map<string, WeakRef<Backend>>();
  readonly #endpoints = new Map<string, UsedEndpoint>();
  /** The backends of the config, and keys of the endpoints that each of them uses. */
  readonly #used = new Map<Backend, readonly string[]>();
  readonly #random: () => number;
  readonly #onRetired: (endpoint: Endpoint) => void;
  #configs: readonly BackendConfig[] = [];

  constructor(random: () => number, onRetired: (endpoint: Endpoint) => void) {
    this.#random = random;
    this.#onRetired = onRetired;
  }

  /** The same object for the same id, also before the config that defines it is applied. */
  backend(id: string): Backend {
    let backend = this.#backends.get(id)?.deref();
    if (backend === undefined) {
      backend = new Backend(id);
      this.#backends.set(id, new WeakRef(backend));
    }
    return backend;
  }

  *endpoints(): Iterable<Endpoint> {
    for (const { endpoint } of this.#endpoints.values()) yield endpoint;
  }

  /** A backend whose config is the same object stays as it is; keys of TLS may be others. */
  apply(configs: readonly BackendConfig[], tlsOf: TlsResolver): void {
    const { gone, come } = listDelta(this.#configs, configs);
    const released: string[] = [];
    const update = (config: BackendConfig, { tls, usable }: ResolvedTls): void => {
      const backend = this.backend(config.id);
      const keys = this.#use(usable ? config.endpoints : [], tls);
      released.push(...this.#replaceKeys(backend, keys));
      backend.known = usable;
      backend.protocol = config.protocol;
      this.#balance(backend, keys);
    };
    const kept = new Set<string>();
    for (const config of come) {
      kept.add(config.id);
      if (config.tls === undefined) update(config, plaintext);
    }
    for (const config of configs) if (config.tls !== undefined) update(config, tlsOf(config));
    for (const { id } of gone) {
      if (kept.has(id)) continue;
      const backend = this.backend(id);
      released.push(...(this.#used.get(backend) ?? []));
      this.#used.delete(backend);
      backend.known = false;
      backend.endpoints = [];
      backend.balancer = undefined;
    }
    for (const key of released) this.#release(key);
    if (gone.length > 0) this.#forgetUnheld();
    this.#configs = configs;
  }

  #forgetUnheld(): void {
    for (const [id, backend] of this.#backends) {
      if (backend.deref() === undefined) this.#backends.delete(id);
    }
  }

  #use(addresses: readonly EndpointConfig[], tls: UpstreamTls | undefined): readonly string[] {
    return addresses.map(({ address, port }) => {
      const fresh = createEndpoint(address, port, tls);
      const key = tls === undefined ? fresh.key : `${fresh.key} ${tls.serial}`;
      const used = this.#endpoints.get(key);
      if (used === undefined) this.#endpoints.set(key, { endpoint: fresh, uses: 1 });
      else used.uses += 1;
      return key;
    });
  }

  /** Gives the keys of before. */
  #replaceKeys(backend: Backend, keys: readonly string[]): readonly string[] {
    const before = this.#used.get(backend) ?? [];
    this.#used.set(backend, keys);
    return before;
  }

  #release(key: string): void {
    const used = this.#endpoints.get(key);
    if (used === undefined) return;
    used.uses -= 1;
    if (used.uses > 0) return;
    this.#endpoints.delete(key);
    used.endpoint.retired = true;
    this.#onRetired(used.endpoint);
  }

  #balance(backend: Backend, keys: readonly string[]): void {
    const endpoints = keys.flatMap((key) => this.#endpoints.get(key)?.endpoint ?? []);
    if (isSameList(backend.endpoints, endpoints)) return;
    backend.endpoints = endpoints;
    backend.balancer = buildBalancer(
      { kind: 'round-robin', start: this.#random() },
      endpoints.map(({ key }) => ({ key, weight: 1 })),
    );
  }
}
