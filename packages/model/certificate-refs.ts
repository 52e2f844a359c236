/** Which certificates a config needs beside itself: its own, and what it shows to backends. */
import type { CertificateRef, ProxyConfig } from './config.ts';

/** In the order of the config; a certificate of several listeners comes as often. */
export function listCertificateRefs({
  binds,
  backends,
}: Pick<ProxyConfig, 'binds' | 'backends'>): CertificateRef[] {
  const refs: CertificateRef[] = [];
  for (const { listeners } of binds) {
    for (const { tls } of listeners) if (tls !== undefined) refs.push(...tls.certificates);
  }
  for (const { tls } of backends) {
    if (tls?.clientCertificate !== undefined) refs.push(tls.clientCertificate);
  }
  return refs;
}
