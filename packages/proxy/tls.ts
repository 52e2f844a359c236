/**
 * Certificates of a bind: which one a server name gets, and what its clients have to show.
 *
 * A new config swaps contexts for new handshakes; connections that exist keep theirs. Contexts are
 * cached by fingerprint, so a reload builds only what changed.
 */
import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import {
  type BindTable,
  type ListenerTable,
  type ListenerTlsConfig,
  selectListener,
} from '@sluice/model';
import type { TlsPolicy } from './transport/tls.ts';

export interface KeyPair {
  /** Leaf first, then the chain. */
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** As in the config's `CertificateRef`. */
  readonly fingerprint: string;
}

/** By `CertificateRef.id`. */
export type KeyStore = ReadonlyMap<string, KeyPair>;

/** One certificate, ready for handshakes. */
export interface LoadedCertificate {
  readonly context: SecureContext;
  /** What `context` was made of. */
  readonly options: SecureContextOptions;
  /** Lower-case DNS names of the leaf, `*.` wildcards included. */
  readonly names: readonly string[];
}

/** Contexts by listener, as one config has them. */
export type CertificateTable<A> = ReadonlyMap<ListenerTable<A>, readonly LoadedCertificate[]>;

/** Loads pairs once; forgets those that the last table did not use. */
export class CertificateCache {
  #loaded = new Map<string, LoadedCertificate>();

  /** `problems` gets one line per certificate that can't be used. */
  buildTable<A>(
    binds: readonly BindTable<A>[],
    keys: KeyStore,
    problems: string[],
  ): CertificateTable<A> {
    const before = this.#loaded;
    this.#loaded = new Map();
    const table = new Map<ListenerTable<A>, LoadedCertificate[]>();
    for (const listener of binds.flatMap((bind) => bind.listeners)) {
      const tls = listener.config.tls;
      if (tls !== undefined) table.set(listener, this.#load(tls, { keys, problems, before }));
    }
    return table;
  }

  #load(
    tls: ListenerTlsConfig,
    from: { keys: KeyStore; problems: string[]; before: Map<string, LoadedCertificate> },
  ): LoadedCertificate[] {
    const loaded: LoadedCertificate[] = [];
    const authorities = tls.clientValidation?.caCertificates.join('\n');
    for (const { id } of tls.certificates) {
      const pair = from.keys.get(id);
      if (pair === undefined) {
        from.problems.push(`certificate ${id}: there is no such key pair`);
        continue;
      }
      const cacheKey = `${id}\n${pair.fingerprint}\n${authorities ?? ''}`;
      try {
        const certificate = from.before.get(cacheKey) ?? loadPair(pair, authorities);
        this.#loaded.set(cacheKey, certificate);
        loaded.push(certificate);
      } catch (error) {
        from.problems.push(
          `certificate ${id}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    return loaded;
  }
}

/** `current` is asked at each handshake, so a swap needs no change to the server. */
export function buildTlsPolicy<A>(
  current: () => { bind: BindTable<A>; certificates: CertificateTable<A> } | undefined,
  requestsCertificate: boolean,
): TlsPolicy {
  const listenerOf = (serverName: string): ListenerTable<A> | undefined => {
    const state = current();
    return state === undefined ? undefined : selectListener(state.bind, serverName);
  };
  const certificateOf = (serverName: string): LoadedCertificate | undefined => {
    const listener = listenerOf(serverName);
    const loaded = listener && current()?.certificates.get(listener);
    return loaded && pickCertificate(loaded, serverName);
  };
  return {
    requestsCertificate,
    contextFor: (serverName) => certificateOf(serverName)?.context,
    nameless: () => certificateOf('')?.options,
    acceptsClient(serverName, verified) {
      const validation = listenerOf(serverName)?.config.tls?.clientValidation;
      return validation === undefined || verified || validation.mode !== 'allow-valid-only';
    },
  };
}

function pickCertificate(
  loaded: readonly LoadedCertificate[],
  serverName: string,
): LoadedCertificate | undefined {
  const wildcard = `*${serverName.slice(serverName.indexOf('.'))}`;
  return (
    loaded.find(({ names }) => names.includes(serverName)) ??
    loaded.find(({ names }) => names.includes(wildcard)) ??
    loaded[0]
  );
}

function loadPair(pair: KeyPair, authorities: string | undefined): LoadedCertificate {
  const options: SecureContextOptions = {
    cert: pair.certificatePem,
    key: pair.privateKeyPem,
    minVersion: 'TLSv1.2',
    ...(authorities === undefined ? {} : { ca: authorities === '' ? [] : authorities }),
  };
  const context = createSecureContext(options);
  const leaf = new X509Certificate(pair.certificatePem);
  const names = Array.from((leaf.subjectAltName ?? '').matchAll(/DNS:([^,\s"]+)/g), (match) =>
    (match[1] ?? '').toLowerCase(),
  );
  return { context, options, names };
}
