/**
 * Certificate chains and private keys: what a pair is, or why it is not one.
 *
 * Guarantees that no message holds a byte of key or certificate material.
 */
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { readPemBlocks } from './pem.ts';

/** Structurally the core's `CertificateFacts`. */
export interface CertificateFacts {
  /** SHA-256 over chain and key, hex. */
  readonly fingerprint: string;
  /** Subject alternative names of type DNS, lower case. */
  readonly dnsNames: readonly string[];
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export type Checked<Value> = { readonly value: Value } | { readonly problem: string };

/** Facts of the pair, or the problem, which reads on after the name of the Secret. */
export function readPair(chainPem: string, keyPem: string): Checked<CertificateFacts> {
  const chain = readChain(chainPem);
  if ('problem' in chain) return chain;
  const key = readKey(keyPem);
  if ('problem' in key) return key;
  const [leaf] = chain.value;
  if (leaf === undefined) return { problem: notPem('tls.crt', 'CERTIFICATE') };
  if (!leaf.checkPrivateKey(key.value)) {
    return {
      problem:
        'key "tls.key" does not belong to the first certificate in "tls.crt": ' +
        'put the pair that was issued together, with the server certificate first in the chain',
    };
  }
  const facts = certificateFacts(leaf, chainPem, keyPem);
  if (Number.isNaN(facts.notBefore) || Number.isNaN(facts.notAfter)) {
    return {
      problem:
        'the first certificate in "tls.crt" has validity dates that can\'t be read: ' +
        'it is damaged; issue or export it again',
    };
  }
  const refusal = tlsRefusal(chainPem, keyPem);
  if (refusal !== undefined) return { problem: refusal };
  return { value: facts };
}

/** Every CERTIFICATE block, the first being the server's own. */
function readChain(pem: string): Checked<readonly X509Certificate[]> {
  const chain = parseCertificates(pem);
  if (chain.length === 0) return { problem: notPem('tls.crt', 'CERTIFICATE') };
  const damaged = chain.indexOf(undefined);
  if (damaged === -1) return { value: chain.filter((certificate) => certificate !== undefined) };
  return {
    problem:
      `certificate ${damaged + 1} of ${chain.length} in key "tls.crt" can't be parsed: ` +
      'it is damaged or cut off; export the chain again',
  };
}

/** One entry for each CERTIFICATE block; undefined where it can't be parsed. */
export function parseCertificates(pem: string): readonly (X509Certificate | undefined)[] {
  const blocks = readPemBlocks(pem).filter(({ label }) => label === 'CERTIFICATE');
  return blocks.map(({ text }) => {
    try {
      return new X509Certificate(text);
    } catch {
      return undefined;
    }
  });
}

function readKey(pem: string): Checked<KeyObject> {
  const block = readPemBlocks(pem).find(({ label }) => label.endsWith('PRIVATE KEY'));
  // A legacy encrypted block has headers with dashes in them, which the block pattern refuses.
  if (/^Proc-Type: 4,ENCRYPTED/m.test(pem) || block?.label === 'ENCRYPTED PRIVATE KEY') {
    return {
      problem:
        'key "tls.key" is encrypted with a passphrase, which a gateway can\'t ask for: ' +
        'decrypt it (openssl pkey -in tls.key -out plain.key)',
    };
  }
  if (block === undefined) return { problem: notPem('tls.key', 'PRIVATE KEY') };
  try {
    return { value: createPrivateKey(block.text) };
  } catch {
    return {
      problem:
        'key "tls.key" can\'t be parsed as a private key: ' +
        'it is damaged, cut off or of an unknown type; export it again as PKCS #8 PEM',
    };
  }
}

/** What the TLS library says to a well-formed pair, for example that an RSA key is too short. */
function tlsRefusal(chainPem: string, keyPem: string): string | undefined {
  try {
    createSecureContext({ cert: chainPem, key: keyPem });
    return undefined;
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'unknown reason';
    return `"tls.crt" and "tls.key" are refused by the TLS library (${code}): issue a new pair`;
  }
}

function certificateFacts(
  leaf: X509Certificate,
  chainPem: string,
  keyPem: string,
): CertificateFacts {
  const names = (leaf.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([^,"]+)/g);
  return {
    fingerprint: createHash('sha256').update(chainPem).update('\0').update(keyPem).digest('hex'),
    dnsNames: [...names].map(([, name]) => (name ?? '').toLowerCase()),
    // As text: the Date that Node gives for a damaged date is now valid, now not.
    notBefore: Date.parse(leaf.validFrom),
    notAfter: Date.parse(leaf.validTo),
  };
}

function notPem(key: string, label: string): string {
  return (
    `key "${key}" holds no PEM block "${label}": ` +
    `write the PEM text (-----BEGIN ${label}-----), base64-encoded once under data, ` +
    'or as it is under stringData'
  );
}
