/** Which certificates a config needs beside itself: its own, and what it shows to backends. */
import type { CertificateRef, ProxyConfig } from './config.ts';

/** In the order of the config; a certificate of several listeners comes as often. */
export function listCertificateRefs({
  binds,
  backends,
}: Pick<ProxyConfig, 'binds' | 'backends'>): CertificateRef[] {
  const listeners = binds.flatMap((bind) => bind.listeners);
  return [
    ...listeners.flatMap(({ tls }) => tls?.certificates ?? []),
    ...backends.flatMap(({ tls }) => tls?.clientCertificate ?? []),
  ];
}
