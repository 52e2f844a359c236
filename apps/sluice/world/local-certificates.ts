/**
 * Certificates for HTTPS listeners whose Secret is missing, on a laptop only: made on the spot,
 * signed by an authority that lives as long as the process, and said as a finding.
 */
import type { Finding } from '@sluice/core';
import { createLocalCertificate, type LocalCertificate } from '@sluice/pki';
import type { Gateway, ListenerSet, Secret } from '@sluice/spec';

const VALID_DAYS = 30;

export interface MissingSecret {
  readonly namespace: string;
  readonly name: string;
  readonly hostnames: readonly string[];
  readonly owner: Gateway | ListenerSet;
  /** Field of the reference, as in the YAML. */
  readonly field: string;
}

export interface LocalCertificates {
  /** Secrets for all that is missing; the same one for the same name and hostnames. */
  readonly provide: (missing: readonly MissingSecret[], now: number) => Promise<Secret[]>;
  /** PEM of the authorities that signed what was provided last. */
  readonly authorities: () => string;
}

/** References from HTTPS listeners to Secrets of the own namespace that are nowhere. */
export function findMissingSecrets(
  owners: readonly (Gateway | ListenerSet)[],
  isPresent: (namespace: string, name: string) => boolean,
): MissingSecret[] {
  const missing = new Map<string, MissingSecret>();
  for (const owner of owners) {
    const namespace = owner.metadata.namespace ?? 'default';
    for (const [index, listener] of owner.spec.listeners.entries()) {
      if (listener.protocol !== 'HTTPS') continue;
      for (const [position, ref] of (listener.tls?.certificateRefs ?? []).entries()) {
        if ((ref.kind ?? 'Secret') !== 'Secret' || (ref.group ?? '') !== '') continue;
        if ((ref.namespace ?? namespace) !== namespace || isPresent(namespace, ref.name)) continue;
        const key = `${namespace}/${ref.name}`;
        const hostname = listener.hostname ?? 'localhost';
        missing.set(key, {
          namespace,
          name: ref.name,
          hostnames: [...new Set([...(missing.get(key)?.hostnames ?? []), hostname])],
          owner,
          field: `spec.listeners[${index}].tls.certificateRefs[${position}]`,
        });
      }
    }
  }
  return [...missing.values()];
}

export function createLocalCertificates(): LocalCertificates {
  let provided = new Map<string, LocalCertificate>();
  return {
    async provide(missing, now) {
      const next = new Map<string, LocalCertificate>();
      const secrets: Secret[] = [];
      for (const { namespace, name, hostnames } of missing) {
        const key = `${namespace}/${name} ${hostnames.join(' ')}`;
        const certificate =
          provided.get(key) ??
          (await createLocalCertificate({
            hostnames: [...hostnames, 'localhost', '127.0.0.1', '::1'],
            now,
            days: VALID_DAYS,
          }));
        next.set(key, certificate);
        secrets.push(buildSecret(namespace, name, certificate));
      }
      provided = next;
      return secrets;
    },
    authorities: () => [...provided.values()].map(({ caPem }) => caPem).join(''),
  };
}

/** Says that a listener is served with a certificate that no cluster would have. */
export function describeLocalCertificate(missing: MissingSecret): Finding {
  const { owner, namespace, name, field } = missing;
  return {
    subject: {
      group: 'gateway.networking.k8s.io',
      kind: owner.kind,
      namespace: owner.metadata.namespace ?? 'default',
      name: owner.metadata.name,
    },
    field,
    severity: 'info',
    reason: 'LocalCertificate',
    message:
      `Secret ${namespace}/${name} does not exist, so a certificate was made for this run. ` +
      'A cluster needs the Secret: create it there.',
    spec: 'GatewayTLSConfig.certificateRefs',
  };
}

function buildSecret(namespace: string, name: string, certificate: LocalCertificate): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name },
    type: 'kubernetes.io/tls',
    data: {
      'tls.crt': toBase64(certificate.certificatePem),
      'tls.key': toBase64(certificate.privateKeyPem),
    },
  };
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
