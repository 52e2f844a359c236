/** A Lease: who holds it, and writing that, conditional on what was read. */
import { ApiError } from './api-error.ts';
import type { Client } from './client.ts';
import type { KubeObject, Resource } from './object.ts';

const leases: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};

export interface LeaseName {
  readonly namespace: string;
  readonly name: string;
}

interface Lease extends LeaseName {
  /** Empty: nobody. */
  readonly holder: string;
  /** Empty: there is no such object. */
  readonly version: string;
  readonly object: KubeObject | undefined;
}

export async function readLease(client: Client, { namespace, name }: LeaseName): Promise<Lease> {
  const object = await client.get(leases, { namespace, name }).catch((error: unknown) => {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  });
  const version = object?.metadata.resourceVersion ?? '';
  const holder = specOf(object)['holderIdentity'];
  return { namespace, name, version, object, holder: typeof holder === 'string' ? holder : '' };
}

interface LeaseState {
  readonly holder: string;
  /** Milliseconds since the epoch, for people who look at it. */
  readonly at: number;
  readonly durationMs: number;
}

/** Refused (409) when somebody else has written since it was read. */
export async function writeLease(
  client: Client,
  lease: Lease,
  { holder, at, durationMs }: LeaseState,
): Promise<void> {
  const { namespace, name } = lease;
  const before = specOf(lease.object);
  const now = `${new Date(at).toISOString().slice(0, -1)}000Z`;
  const isSame = lease.holder === holder;
  const object = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { ...lease.object?.metadata, namespace, name },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: Math.ceil(durationMs / 1000),
      acquireTime: isSame ? before['acquireTime'] : now,
      renewTime: now,
      leaseTransitions: Number(before['leaseTransitions'] ?? 0) + (isSame ? 0 : 1),
    },
  };
  await (lease.object === undefined
    ? client.create(leases, object)
    : client.replace(leases, object));
}

function specOf(object: KubeObject | undefined): Readonly<Record<string, unknown>> {
  const spec = object?.['spec'];
  return typeof spec === 'object' && spec !== null ? { ...spec } : {};
}
