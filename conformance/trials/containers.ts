/** The processes behind Pods: a container of this kubelet is a process of this machine. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Client, KubeObject } from '@sluice/kube';
import { pods } from './resources.ts';

export interface Container {
  readonly pod: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly address: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** Of the program, as this machine counts; undefined while it does not run. */
  readonly pid: number | undefined;
}

export const systemNamespace = 'sluice-system';
export const controllerSelector = 'app.kubernetes.io/name=sluice';

export function dataPlaneSelector(gateway: string): string {
  return `gateway.networking.k8s.io/gateway-name=${gateway}`;
}

/** Of the first container of each Pod that is not about to end. */
export async function findContainers(
  client: Client,
  namespace: string,
  labelSelector?: string,
): Promise<readonly Container[]> {
  const options = { namespace, ...(labelSelector === undefined ? {} : { labelSelector }) };
  const { items } = await client.list(pods, options);
  return items.filter(({ metadata }) => !metadata.deletionTimestamp).map(containerOf);
}

interface PodStatus {
  readonly podIP?: string;
  readonly containerStatuses?: readonly {
    readonly name: string;
    readonly ready: boolean;
    readonly restartCount: number;
  }[];
}

function containerOf({ metadata, status, spec }: KubeObject): Container {
  const { podIP, containerStatuses = [] } = (status ?? {}) as PodStatus;
  const [first] = (spec as { readonly containers: readonly { readonly name: string }[] })
    .containers;
  const { uid = '', namespace = '' } = metadata;
  const name = first?.name ?? '';
  const found = containerStatuses.find((one) => one.name === name);
  return {
    pod: metadata.name,
    namespace,
    name,
    uid,
    address: podIP ?? '',
    ready: found?.ready ?? false,
    restarts: found?.restartCount ?? 0,
    pid: findProgram(uid, name),
  };
}

/** The process whose root is that of the container; needs no API server. */
export function findProgram(podUid: string, container: string): number | undefined {
  const root = `/pods/${podUid}/roots/${container}`;
  return processIds().find((pid) => rootOf(pid).endsWith(root));
}

/** Kills the program at once, as a crash would. Tells whether there was one. */
export function killProgram(podUid: string, container: string): boolean {
  const pid = findProgram(podUid, container);
  if (pid === undefined) return false;
  process.kill(pid, 'SIGKILL');
  return true;
}

/** The process itself and all that it started, directly or not, in whatever namespaces. */
export function listFamily(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const pid of processIds()) {
    const parent = parentOf(pid);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const family: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    family.push(pid);
    waiting.push(...(children.get(pid) ?? []));
  }
  return family;
}

function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Empty for a process that is gone. */
function rootOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/root`);
  } catch {
    return '';
  }
}

/** 0 when there is none. */
export function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}
