/**
 * Secrets of type kubernetes.io/tls: reduced to facts for the core, and read as a key pair for the
 * data plane. The only reader of private keys in manifests.
 *
 * https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
 */
import { type CertificateFacts, readPair } from './certificate.ts';

export interface SecretLike {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly type?: string;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
  /** Plain text; wins over `data`, as in an API server. */
  readonly stringData?: Readonly<Record<string, string>>;
}

/** Structurally the core's `SecretFacts`. */
export interface SecretFacts {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly certificate?: CertificateFacts;
  readonly problem?: string;
  readonly caCertificates?: string;
}

export interface KeyPair {
  /** The chain, server certificate first. */
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

const tlsType = 'kubernetes.io/tls';

/** Never throws; never lets key material into the result. Expiry is left to the reader. */
export function readSecretFacts(secret: SecretLike): SecretFacts {
  const authority = readKeyOf(secret, 'ca.crt');
  const pair = checkPair(secret);
  return {
    namespace: secret.metadata.namespace,
    name: secret.metadata.name,
    type: secret.type ?? 'Opaque',
    ...(pair.certificate === undefined ? {} : { certificate: pair.certificate }),
    ...(pair.problem === undefined ? {} : { problem: pair.problem }),
    ...('value' in authority ? { caCertificates: authority.value } : {}),
  };
}

/** The pair, when `readSecretFacts` finds it usable. */
export function readKeyPair(secret: SecretLike): KeyPair | undefined {
  return checkPair(secret).keyPair;
}

interface PairCheck {
  readonly certificate?: CertificateFacts;
  readonly keyPair?: KeyPair;
  readonly problem?: string;
}

function checkPair(secret: SecretLike): PairCheck {
  const names = { ...secret.data, ...secret.stringData };
  if (secret.type !== tlsType) {
    if (!('tls.crt' in names || 'tls.key' in names)) return {};
    const type = secret.type ?? 'Opaque';
    return { problem: `type is "${type}": a certificate needs type "${tlsType}"` };
  }
  const chain = readKeyOf(secret, 'tls.crt');
  if ('problem' in chain) return chain;
  const key = readKeyOf(secret, 'tls.key');
  if ('problem' in key) return key;
  const facts = readPair(chain.value, key.value);
  if ('problem' in facts) return facts;
  const keyPair = { certificatePem: chain.value, privateKeyPem: key.value };
  return { certificate: facts.value, keyPair };
}

type KeyValue = { readonly value: string } | { readonly problem: string };

function readKeyOf(secret: SecretLike, key: string): KeyValue {
  const text = secret.stringData?.[key];
  const encoded = secret.data?.[key];
  if (text === undefined && encoded === undefined) {
    return { problem: `key "${key}" is missing: add it under data or stringData` };
  }
  const value = text ?? decodeBase64(encoded ?? '');
  if (value === undefined) {
    return {
      problem:
        `key "${key}" under data is not base64: ` +
        'encode the PEM text, or write it as it is under stringData',
    };
  }
  if (value.trim() === '') return { problem: `key "${key}" is empty: write the PEM text there` };
  return { value };
}

/** Standard alphabet with padding; line breaks are allowed, as in Go's decoder. */
function decodeBase64(encoded: string): string | undefined {
  const compact = encoded.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  return Buffer.from(compact, 'base64').toString('utf8');
}
