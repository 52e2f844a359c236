/**
 * A self-signed P-256 certificate for `*.example.com`, made by openssl once per run: the kind of
 * key that a gateway of today is given, and the same for every proxy.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificateFiles } from './peer.ts';

export function makeCertificate(directory: string): CertificateFiles {
  const chain = join(directory, 'tls.crt');
  const key = join(directory, 'tls.key');
  const pair = join(directory, 'tls.pem');
  const names = 'subjectAltName=DNS:*.example.com,DNS:example.com';
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30';
  execFileSync(
    'openssl',
    [...request.split(' '), '-subj', '/CN=bench', '-addext', names, '-keyout', key, '-out', chain],
    { stdio: 'ignore' },
  );
  writeFileSync(pair, readFileSync(chain, 'utf8') + readFileSync(key, 'utf8'));
  return { chain, key, pair };
}
