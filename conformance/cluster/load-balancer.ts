/**
 * What a cloud does for Services of type LoadBalancer: gives each an address, in its status. That
 * the address answers is kube-proxy's work.
 *
 * Guarantees: `spec.loadBalancerIP` is honoured or the Service stays without an address; an address
 * is free again as soon as its Service is gone.
 */
import {
  ApiError,
  type Client,
  type KubeObject,
  type Reflector,
  type Resource,
  startReflector,
} from '@sluice/kube';
import { AddressPool } from './address-pool.ts';

const services: Resource = {
  group: '',
  version: 'v1',
  plural: 'services',
  kind: 'Service',
  namespaced: true,
};
const retryMs = 500;

export function startLoadBalancer(client: Client, log: (line: string) => void): Reflector {
  const pool = new AddressPool();
  const known = new Map<string, KubeObject>();
  const settle = (service: KubeObject): void => {
    if (!isLoadBalancer(service)) pool.release(uidOf(service));
    const desired = isLoadBalancer(service)
      ? pool.claim(uidOf(service), requestedAddress(service))
      : undefined;
    if (desired === addressOf(service)) return;
    writeAddress(client, service, desired).catch((error: unknown) => {
      if (error instanceof ApiError && (error.code === 404 || error.code === 409)) return;
      log(`${nameOf(service)}: ${error instanceof Error ? error.message : String(error)}`);
      setTimeout(() => known.get(uidOf(service)) === service && settle(service), retryMs).unref();
    });
  };
  const forget = (uid: string): void => {
    known.delete(uid);
    pool.release(uid);
  };
  const settleAll = (): void => known.forEach(settle);
  return startReflector({
    client,
    resource: services,
    sink: {
      replace(objects) {
        const uids = new Set(objects.map(uidOf));
        for (const uid of known.keys()) if (!uids.has(uid)) forget(uid);
        for (const object of objects) known.set(uidOf(object), object);
        settleAll();
      },
      upsert(object) {
        known.set(uidOf(object), object);
        settle(object);
      },
      remove(object) {
        forget(uidOf(object));
        // Somebody may have waited for this address.
        settleAll();
      },
    },
    onProblem: ({ message }) => log(`following Services: ${message}`),
  });
}

function uidOf({ metadata }: KubeObject): string {
  return metadata.uid ?? '';
}

function nameOf({ metadata: { namespace, name } }: KubeObject): string {
  return `Service ${namespace}/${name}`;
}

interface ServiceSpec {
  readonly type?: string;
  readonly loadBalancerIP?: string;
}

function isLoadBalancer({ spec }: KubeObject): boolean {
  return (spec as ServiceSpec).type === 'LoadBalancer';
}

function requestedAddress({ spec }: KubeObject): string | undefined {
  return (spec as ServiceSpec).loadBalancerIP;
}

interface ServiceStatus {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] };
}

function addressOf({ status }: KubeObject): string | undefined {
  return (status as ServiceStatus | undefined)?.loadBalancer?.ingress?.[0]?.ip;
}

async function writeAddress(
  client: Client,
  { metadata: { namespace, name, uid } }: KubeObject,
  address: string | undefined,
): Promise<void> {
  const ingress = address === undefined ? [] : [{ ip: address }];
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    // The uid makes it fail for another Service of that name.
    metadata: { namespace, name, uid },
    status: { loadBalancer: { ingress } },
  } as KubeObject;
  await client.apply(services, object, { subresource: 'status', fieldManager: 'load-balancer' });
}
