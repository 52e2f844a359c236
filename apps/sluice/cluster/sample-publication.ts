/** Configs and publications for the tests of this folder: only what a test varies is said there. */
import { createHash } from 'node:crypto';
import type { HttpRouteConfig, ProxyConfig } from '@sluice/model';
import { createLocalCertificate, type KeyPair, readSecretFacts } from '@sluice/pki';
import type { Publication } from './publication.ts';

export interface SampleCertificate {
  readonly id: string;
  readonly fingerprint: string;
  readonly pair: KeyPair;
}

export async function sampleCertificate(id: string): Promise<SampleCertificate> {
  const { certificatePem, privateKeyPem } = await createLocalCertificate({
    hostnames: ['a.example.com'],
    now: Date.now(),
    days: 1,
  });
  const pair = { certificatePem, privateKeyPem };
  const facts = readSecretFacts({
    metadata: { namespace: 'shop', name: id },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': certificatePem, 'tls.key': privateKeyPem },
  });
  return { id, fingerprint: facts.certificate?.fingerprint ?? '', pair };
}

export interface SampleConfig {
  readonly routes?: readonly HttpRouteConfig[];
  readonly certificates?: readonly SampleCertificate[];
  readonly bindPort?: number;
}

/** One listener with all routes; the version is that of the content. */
export function sampleConfig(sample: SampleConfig = {}): ProxyConfig {
  const { routes = [sampleRoute('a')], certificates = [], bindPort = 10_080 } = sample;
  const gateway = { kind: 'Gateway', namespace: 'shop', name: 'edge' };
  const listener = { owner: gateway, name: 'web', routes: routes.map(({ id }) => id) };
  const tls = { certificates: certificates.map(({ id, fingerprint }) => ({ id, fingerprint })) };
  const isPlain = certificates.length === 0;
  const content = {
    gateway,
    binds: [
      {
        port: isPlain ? 80 : 443,
        bindPort,
        protocol: isPlain ? ('http' as const) : ('https' as const),
        listeners: [isPlain ? listener : { ...listener, tls }],
      },
    ],
    routes,
    backends: [],
  };
  const version = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
  return { version, ...content };
}

/** Redirects everything under `/name` elsewhere. `padding`: bytes that do not compress. */
export function sampleRoute(name: string, padding = ''): HttpRouteConfig {
  return {
    id: `HTTPRoute/shop/${name}`,
    object: { kind: 'HTTPRoute', namespace: 'shop', name },
    createdAt: 0,
    hostnames: [],
    rules: [
      {
        name: padding,
        matches: [{ path: { kind: 'prefix', value: `/${name}` }, headers: [], query: [] }],
        filters: [{ kind: 'redirect', statusCode: 302, hostname: `${name}.example.com` }],
        backends: [],
      },
    ],
  };
}

export function samplePublication(
  config: ProxyConfig,
  certificates: readonly SampleCertificate[] = [],
): Publication {
  return {
    gateway: { namespace: 'shop', name: 'edge', uid: 'uid-1' },
    owned: 'edge-sluice',
    labels: {
      'app.kubernetes.io/managed-by': 'sluice-gateway-controller',
      'gateway.networking.k8s.io/gateway-name': 'edge',
    },
    config,
    keyPair: (id) => certificates.find((certificate) => certificate.id === id)?.pair,
  };
}
