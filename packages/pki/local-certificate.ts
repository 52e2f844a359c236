/**
 * Certificates for a laptop: a throw-away authority and one server certificate signed by it. The
 * authority's key is never returned, so nothing else can be issued with it.
 */
import type { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { JsonGeneralName } from '@peculiar/x509';

export interface LocalCertificateOptions {
  /** DNS names, `*.` wildcards and IP addresses; at least one. */
  readonly hostnames: readonly string[];
  /** Milliseconds since the epoch; validity begins an hour earlier, for clocks that differ. */
  readonly now: number;
  readonly days: number;
}

export interface LocalCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** What a client must trust (`curl --cacert`). */
  readonly caPem: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const hourMs = 3_600_000;

/** ECDSA P-256. Loads its library on first use: most runs never need it. */
export async function createLocalCertificate(
  options: LocalCertificateOptions,
): Promise<LocalCertificate> {
  // The library resolves its parts by decorators, which this polyfill must have prepared.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const { subtle } = globalThis.crypto;
  const authorityKeys = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const serverKeys = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const validity = {
    notBefore: new Date(options.now - hourMs),
    notAfter: new Date(options.now + options.days * 24 * hourMs),
    signingAlgorithm: algorithm,
  };
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: 'CN=Sluice local authority',
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const server = await x509.X509CertificateGenerator.create({
    ...validity,
    subject: 'CN=Sluice local certificate',
    issuer: authority.subject,
    signingKey: authorityKeys.privateKey,
    publicKey: serverKeys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(options.hostnames.map(generalName)),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  return {
    certificatePem: `${server.toString('pem')}\n`,
    privateKeyPem: await writeKey(serverKeys.privateKey),
    caPem: `${authority.toString('pem')}\n`,
  };
}

function generalName(hostname: string): JsonGeneralName {
  return { type: isIP(hostname) ? 'ip' : 'dns', value: hostname };
}

async function writeKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await globalThis.crypto.subtle.exportKey('pkcs8', key);
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}
