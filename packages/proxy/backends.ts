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

interface UpdateSource extends ResolvedTls {
  readonly before: ReadonlyMap<string, Endpoint>;
}

export class BackendRegistry {
  readonly #backends = new Map<string, Backend>();
  #endpoints = new Map<string, Endpoint>();
  readonly #random: () => number;
  readonly #onRetired: (endpoint: Endpoint) => void;

  constructor(random: () => number, onRetired: (endpoint: Endpoint) => void) {
    this.#random = random;
    this.#onRetired = onRetired;
  }

  /** The same object for the same id, also before the config that defines it is applied. */
  backend(id: string): Backend {
    let backend = this.#backends.get(id);
    if (backend === undefined) {
      backend = new Backend(id);
      this.#backends.set(id, backend);
    }
    return backend;
  }

  endpoints(): Iterable<Endpoint> {
    return this.#endpoints.values();
  }

  apply(configs: readonly BackendConfig[], tlsOf: TlsResolver): void {
    const before = this.#endpoints;
    this.#endpoints = new Map();
    const ids = new Set(configs.map(({ id }) => id));
    for (const config of configs) {
      const tls = config.tls === undefined ? plaintext : tlsOf(config);
      this.#update(this.backend(config.id), config, { before, ...tls });
    }
    for (const backend of this.#backends.values()) {
      if (ids.has(backend.id)) continue;
      backend.known = false;
      backend.endpoints = [];
      backend.balancer = undefined;
    }
    for (const [key, endpoint] of before) {
      if (this.#endpoints.has(key)) continue;
      endpoint.retired = true;
      this.#onRetired(endpoint);
    }
  }

  #update(backend: Backend, config: BackendConfig, from: UpdateSource): void {
    const { before, tls, usable } = from;
    const addresses = usable ? config.endpoints : [];
    const endpoints = addresses.map(({ address, port }) => {
      const fresh = createEndpoint(address, port, tls);
      const key = tls === undefined ? fresh.key : `${fresh.key} ${tls.serial}`;
      const endpoint = this.#endpoints.get(key) ?? before.get(key) ?? fresh;
      this.#endpoints.set(key, endpoint);
      return endpoint;
    });
    backend.known = usable;
    backend.protocol = config.protocol;
    if (isSameList(backend.endpoints, endpoints)) return;
    backend.endpoints = endpoints;
    backend.balancer = buildBalancer(
      { kind: 'round-robin', start: this.#random() },
      endpoints.map(({ key }) => ({ key, weight: 1 })),
    );
  }
}

function isSameList<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}
