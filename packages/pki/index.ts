/**
 * Certificates and keys: reads them from Secrets and ConfigMaps, makes local ones.
 *
 * Invariant: does not know routes, listeners or status. No message holds key material.
 */
export { type CaBundle, readCaBundle } from './ca-bundle.ts';
export type { CertificateFacts } from './certificate.ts';
export {
  createLocalCertificate,
  type LocalCertificate,
  type LocalCertificateOptions,
} from './local-certificate.ts';
export {
  type KeyPair,
  readKeyPair,
  readSecretFacts,
  type SecretFacts,
  type SecretLike,
} from './secret.ts';
