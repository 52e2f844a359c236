/**
 * Which replica writes: whoever holds the Lease. It is renewed well before it ends; who can't renew
 * it steps down before another may take it, by its own clock; who stops gives it back.
 *
 * Each candidate judges a Lease by how long it has seen it unchanged, never by the times written in
 * it: clocks of different machines need not agree.
 *
 * https://kubernetes.io/docs/concepts/architecture/leases/
 */
import { ApiError, type Client, type KubeObject, type Resource } from '@sluice/kube';
import type { Clock } from '@sluice/sansio';
import { isRecord } from './json-comparison.ts';

export interface LeaseElection {
  readonly isLeader: () => boolean;
  /** Gives the Lease back. */
  stop(): Promise<void>;
}

export interface LeaseElectionOptions {
  readonly client: Client;
  readonly namespace: string;
  readonly name: string;
  /** Of this replica; unique. */
  readonly identity: string;
  readonly clock: Clock;
  readonly onChange: (leads: boolean) => void;
  readonly onProblem: (error: unknown) => void;
  readonly limits?: LeaseLimits;
}

export interface LeaseLimits {
  /** A Lease that was not renewed for so long may be taken. */
  readonly durationMs: number;
  /** Whoever could not renew it for so long steps down. Shorter than the duration. */
  readonly renewWithinMs: number;
  readonly retryMs: number;
}

const DEFAULT_LIMITS: LeaseLimits = { durationMs: 15_000, renewWithinMs: 10_000, retryMs: 2_000 };

const LEASES: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};

/** A Lease as it was last seen to change. */
interface Sight {
  readonly resourceVersion: string;
  readonly at: number;
}

export function startLeaseElection(options: LeaseElectionOptions): LeaseElection {
  const { clock, onChange, limits = DEFAULT_LIMITS } = options;
  let stopped = false;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let leads = false;
  let sight: Sight = { resourceVersion: '', at: 0 };
  let cancel = (): void => {};
  const isLeader = (): boolean => leads && clock.now() < renewedAt + limits.renewWithinMs;

  const settle = (next: boolean): void => {
    if (leads === next) return;
    leads = next;
    onChange(next);
  };

  /** One look at the Lease, and one write where it is ours to write. */
  const attempt = async (): Promise<void> => {
    const startedAt = clock.now();
    const lease = await readLease(options);
    const resourceVersion = lease?.metadata.resourceVersion ?? '';
    if (resourceVersion !== sight.resourceVersion) sight = { resourceVersion, at: startedAt };
    const holder = holderOf(lease);
    const isFree = holder === '' || startedAt - sight.at >= limits.durationMs;
    if (holder !== options.identity && !isFree) {
      settle(false);
      return;
    }
    await writeLease(options, lease, { holder: options.identity, at: startedAt, limits });
    renewedAt = startedAt;
    settle(true);
  };

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const end = clock.setTimer(clock.now() + limits.retryMs, resolve);
      cancel = () => {
        end();
        resolve();
      };
    });

  const loop = async (): Promise<void> => {
    while (!stopped) {
      await attempt().catch((error: unknown) => {
        if (!(error instanceof ApiError && error.code === 409)) options.onProblem(error);
        if (!isLeader()) settle(false);
      });
      if (stopped) return;
      await pause();
    }
  };
  const finished = loop();
  return {
    isLeader,
    async stop() {
      stopped = true;
      cancel();
      await finished;
      if (!isLeader()) return;
      leads = false;
      const lease = await readLease(options).catch(() => undefined);
      if (lease === undefined || holderOf(lease) !== options.identity) return;
      const state = { holder: '', at: clock.now(), limits };
      await writeLease(options, lease, state).catch(options.onProblem);
    },
  };
}

async function readLease({ client, namespace, name }: LeaseElectionOptions) {
  try {
    return await client.get(LEASES, { namespace, name });
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}

interface LeaseState {
  readonly holder: string;
  readonly at: number;
  readonly limits: LeaseLimits;
}

/** Refused (409) when somebody else has written since it was read. */
async function writeLease(
  { client, namespace, name }: LeaseElectionOptions,
  lease: KubeObject | undefined,
  { holder, at, limits }: LeaseState,
): Promise<void> {
  const now = `${new Date(at).toISOString().slice(0, -1)}000Z`;
  const before = isRecord(lease?.['spec']) ? lease['spec'] : {};
  const isSame = holderOf(lease) === holder;
  const transitions = Number(before['leaseTransitions'] ?? 0) + (isSame ? 0 : 1);
  const object = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { ...lease?.metadata, namespace, name },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: Math.ceil(limits.durationMs / 1000),
      acquireTime: isSame ? before['acquireTime'] : now,
      renewTime: now,
      leaseTransitions: transitions,
    },
  };
  await (lease === undefined ? client.create(LEASES, object) : client.replace(LEASES, object));
}

function holderOf(lease: KubeObject | undefined): string {
  const spec = lease?.['spec'];
  const holder = isRecord(spec) ? spec['holderIdentity'] : undefined;
  return typeof holder === 'string' ? holder : '';
}
