/**
 * `--map NAMESPACE/SERVICE:PORT=HOST:PORT`: a Service port that runs on this machine. It becomes an
 * EndpointSlice, so that nothing behind the boundary knows of it.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { EndpointSlice, Service } from '@sluice/spec';
import { UsageError } from '../exit-code.ts';

export interface LocalService {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** IP literal. */
  readonly address: string;
  readonly localPort: number;
}

const SERVICE = String.raw`(?:(?<namespace>[a-z0-9-]+)\/)?(?<service>[a-z0-9-]+):(?<port>\d+)`;
const LOCAL = String.raw`(?<host>\[[^\]]+\]|[^:]+):(?<localPort>\d+)`;
const SYNTAX = new RegExp(`^${SERVICE}=${LOCAL}$`);

export async function parseMapOptions(options: readonly string[]): Promise<LocalService[]> {
  return Promise.all(options.map(parseMapOption));
}

async function parseMapOption(option: string): Promise<LocalService> {
  const {
    namespace = 'default',
    service,
    port,
    host,
    localPort,
  } = SYNTAX.exec(option)?.groups ?? {};
  if (!service || !host || !isPortText(port) || !isPortText(localPort)) {
    throw new UsageError(
      `--map ${option}: expected NAMESPACE/SERVICE:PORT=HOST:PORT, for example ` +
        '--map default/cart:8080=127.0.0.1:3000',
    );
  }
  const address = await resolveHost(host.replace(/^\[|\]$/g, ''), option);
  return { namespace, service, port: Number(port), address, localPort: Number(localPort) };
}

/** Replaces what the manifests say of the mapped Service ports. */
export function applyLocalServices(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  local: readonly LocalService[],
): EndpointSlice[] {
  const mapped = new Set(local.map((entry) => `${entry.namespace}/${entry.service}`));
  const kept = slices.filter((slice) => !mapped.has(serviceOf(slice)));
  return [...kept, ...local.map((entry) => buildSlice(entry, services))];
}

function buildSlice(entry: LocalService, services: readonly Service[]): EndpointSlice {
  const { namespace, service, address, localPort } = entry;
  const found = services.find(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === service,
  );
  const portName = found?.spec.ports?.find(({ port }) => port === entry.port)?.name;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      namespace,
      name: `${service}-local-${entry.port}`,
      labels: { 'kubernetes.io/service-name': service },
    },
    addressType: isIP(address) === 6 ? 'IPv6' : 'IPv4',
    ports: [{ name: portName ?? '', port: localPort, protocol: 'TCP' }],
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
  };
}

function serviceOf(slice: EndpointSlice): string {
  const service = slice.metadata.labels?.['kubernetes.io/service-name'] ?? '';
  return `${slice.metadata.namespace ?? 'default'}/${service}`;
}

async function resolveHost(host: string, option: string): Promise<string> {
  if (isIP(host)) return host;
  const found = await lookup(host).catch(() => undefined);
  if (!found) throw new UsageError(`--map ${option}: the host ${host} can't be resolved`);
  return found.address;
}

function isPortText(text: string | undefined): text is string {
  return text !== undefined && Number(text) >= 1 && Number(text) <= 65_535;
}
