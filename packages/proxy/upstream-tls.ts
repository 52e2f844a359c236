/**
 * TLS to backends: what is shown to them, and what their certificates are checked against.
 *
 * An identity is made once for equal settings and lives while a config uses it; connections of one
 * identity never serve another. What can't be loaded is reported, and its backend is not dialled.
 */
import { isIP } from 'node:net';
import {
  type ConnectionOptions,
  checkServerIdentity,
  createSecureContext,
  type PeerCertificate,
} from 'node:tls';
import type { SubjectAltNameConfig, UpstreamTlsConfig } from '@sluice/model';
import type { KeyStore } from './tls.ts';

export interface UpstreamTls {
  /** Tells identities apart for as long as the process lives. */
  readonly serial: number;
  readonly serverName: string;
  readonly options: ConnectionOptions;
}

/** Loads identities once; forgets those that the last config did not use. */
export class UpstreamTlsCache {
  #known = new Map<string, UpstreamTls>();
  #before = new Map<string, UpstreamTls>();
  #serial = 0;

  /** A new config is being applied. */
  begin(): void {
    this.#before = this.#known;
    this.#known = new Map();
  }

  /** The identity, or what is wrong with its settings. */
  load(config: UpstreamTlsConfig, keys: KeyStore): UpstreamTls | string {
    const pair = config.clientCertificate && keys.get(config.clientCertificate.id);
    if (config.clientCertificate !== undefined && pair === undefined) {
      return `certificate ${config.clientCertificate.id}: there is no such key pair`;
    }
    const content = JSON.stringify([config, pair?.fingerprint]);
    let tls = this.#known.get(content) ?? this.#before.get(content);
    try {
      tls ??= { serial: ++this.#serial, ...connectionOptions(config, pair) };
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    this.#known.set(content, tls);
    return tls;
  }
}

type LoadedPair = ReturnType<KeyStore['get']>;

function connectionOptions(
  config: UpstreamTlsConfig,
  pair: LoadedPair,
): Omit<UpstreamTls, 'serial'> {
  const { serverName, subjectAltNames, caCertificates } = config;
  const secureContext = createSecureContext({
    minVersion: 'TLSv1.2',
    ...(caCertificates === undefined ? {} : { ca: [...caCertificates] }),
    ...(pair === undefined ? {} : { cert: pair.certificatePem, key: pair.privateKeyPem }),
  });
  const options: ConnectionOptions = {
    secureContext,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    // Addresses are not server names (RFC 6066 section 3).
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
    checkServerIdentity: (_host, certificate) =>
      subjectAltNames.length === 0
        ? checkServerIdentity(serverName, certificate)
        : checkNames(subjectAltNames, certificate),
  };
  return { serverName, options };
}

/** At least one name must be the certificate's own (Gateway API, subjectAltNames). */
function checkNames(
  names: readonly SubjectAltNameConfig[],
  certificate: PeerCertificate,
): Error | undefined {
  const held = readNames(certificate.subjectaltname ?? '');
  const isHeld = ({ kind, value }: SubjectAltNameConfig): boolean => {
    if (held.has(`${kind}:${value}`)) return true;
    const hasDnsNames = Array.from(held).some((name) => name.startsWith('dns:'));
    return kind === 'dns' && hasDnsNames && checkServerIdentity(value, certificate) === undefined;
  };
  if (names.some(isHeld)) return undefined;
  const wanted = names.map(({ value }) => value).join(', ');
  return new Error(`the certificate of the backend holds none of the names ${wanted}`);
}

/** A name of any kind and what separates it from the next; each begins where one ended. */
const altName = /([^:,"]+):((?:"(?:[^"\\]|\\.)*"|[^,"])*)(?:, |$)/gy;

/** `DNS:a.example, URI:spiffe://b`; values that could be misread stand as JSON strings. */
function readNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, kind, raw = ''] of text.matchAll(altName)) {
    const value = raw.startsWith('"') ? readQuoted(raw) : raw;
    if (kind === 'DNS') names.add(`dns:${value.toLowerCase()}`);
    if (kind === 'URI') names.add(`uri:${value}`);
  }
  return names;
}

function readQuoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return '';
  }
}
