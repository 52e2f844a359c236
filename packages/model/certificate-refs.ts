/** Which certificates a config needs beside itself. */
import type { CertificateRef, ProxyConfig } from './config.ts';

/** In the order of the config; a certificate of several listeners comes as often. */
export function listCertificateRefs({ binds }: Pick<ProxyConfig, 'binds'>): CertificateRef[] {
  return binds.flatMap(({ listeners }) => listeners.flatMap(({ tls }) => tls?.certificates ?? []));
}
