/**
 * Bundles of trust anchors, as kept under `ca.crt` of a ConfigMap or Secret.
 */
import { parseCertificates } from './certificate.ts';

export type CaBundle = { readonly certificates: number } | { readonly problem: string };

/** Counts the certificates; one that can't be parsed spoils the bundle. Never throws. */
export function readCaBundle(pem: string): CaBundle {
  const certificates = parseCertificates(pem);
  if (certificates.length === 0) {
    return { problem: 'holds no PEM block "CERTIFICATE": write the CA certificates as PEM text' };
  }
  const damaged = certificates.indexOf(undefined);
  if (damaged === -1) return { certificates: certificates.length };
  return {
    problem:
      `certificate ${damaged + 1} of ${certificates.length} can't be parsed: ` +
      'it is damaged or cut off; export it again',
  };
}
