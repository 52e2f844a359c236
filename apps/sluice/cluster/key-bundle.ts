/**
 * The Secret that carries a Gateway's certificates and keys to its data plane: two keys a pair,
 * named by the fingerprint that the config refers to. Who reads it checks that each pair is what
 * its name says.
 */
import { type KeyPair, readSecretFacts } from '@sluice/pki';

/** Base64, as the API has it. */
export type SecretData = Readonly<Record<string, string>>;

/** Bytes of values that an API server takes in one Secret, less some room for names. */
const BUNDLE_BYTES_MAX = 1000 * 1024;

export function writeBundle(pairs: ReadonlyMap<string, KeyPair>): SecretData {
  const data: Record<string, string> = {};
  for (const [fingerprint, { certificatePem, privateKeyPem }] of pairs) {
    data[certificateKey(fingerprint)] = encode(certificatePem);
    data[privateKey(fingerprint)] = encode(privateKeyPem);
  }
  return data;
}

/** Why an API server would refuse it; undefined: it would not. */
export function bundleProblem(data: SecretData): string | undefined {
  const bytes = Object.values(data).reduce(
    (sum, value) => sum + Buffer.byteLength(value, 'base64'),
    0,
  );
  if (bytes <= BUNDLE_BYTES_MAX) return undefined;
  const count = Object.keys(data).length / 2;
  return `its ${count} certificates with their keys are ${kib(bytes)}, and one Secret holds ${kib(BUNDLE_BYTES_MAX)}`;
}

/** Fingerprints of the pairs in it. */
export function bundledFingerprints(data: SecretData): string[] {
  const names = Object.keys(data).filter((name) => name.endsWith('.crt'));
  return names.map((name) => name.slice(0, -'.crt'.length));
}

/** The pair, as it was written; undefined: it is not there. */
export function readBundled(data: SecretData, fingerprint: string): KeyPair | undefined {
  const certificate = data[certificateKey(fingerprint)];
  const key = data[privateKey(fingerprint)];
  if (certificate === undefined || key === undefined) return undefined;
  return { certificatePem: decode(certificate), privateKeyPem: decode(key) };
}

/** Whether this is the pair that the fingerprint names, and a usable one. */
export function isPairOf(pair: KeyPair, fingerprint: string): boolean {
  const facts = readSecretFacts({
    metadata: { namespace: '', name: fingerprint },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': pair.certificatePem, 'tls.key': pair.privateKeyPem },
  });
  return facts.certificate?.fingerprint === fingerprint;
}

function certificateKey(fingerprint: string): string {
  return `${fingerprint}.crt`;
}

function privateKey(fingerprint: string): string {
  return `${fingerprint}.key`;
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function decode(data: string): string {
  return Buffer.from(data, 'base64').toString('utf8');
}

function kib(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}
