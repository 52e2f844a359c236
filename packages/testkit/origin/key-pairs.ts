/** Throw-away certificates in the shapes that a config and a key store want. */
import { createHash } from 'node:crypto';
import type { CertificateRef } from '@sluice/model';
import { createLocalCertificate } from '@sluice/pki';
import type { KeyPair } from '@sluice/proxy';

export interface TestKeyPair {
  readonly reference: CertificateRef;
  /** Just this pair. */
  readonly keys: ReadonlyMap<string, KeyPair>;
  /** What a client must trust. */
  readonly caPem: string;
}

/** Each call makes a new pair of a new authority; the id is `test/NAME`. */
export async function makeKeyPair(
  name: string,
  hostnames: readonly string[],
): Promise<TestKeyPair> {
  const made = await createLocalCertificate({ hostnames, now: Date.now(), days: 1 });
  const { certificatePem, privateKeyPem, caPem } = made;
  const fingerprint = createHash('sha256').update(certificatePem).digest('hex');
  const id = `test/${name}`;
  return {
    reference: { id, fingerprint },
    keys: new Map([[id, { certificatePem, privateKeyPem, fingerprint }]]),
    caPem,
  };
}
