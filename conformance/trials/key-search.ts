/** Looks for a key in everything of a cluster that people, programs or crashes could read. */
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { KubeObject } from '@sluice/kube';
import { apiCaller, type CallApi } from './api-call.ts';
import type { Canary } from './canary.ts';
import {
  type Container,
  findContainers,
  listFamily,
  parentOf,
  systemNamespace,
} from './containers.ts';
import { ask } from './request.ts';
import type { TrialContext } from './trial.ts';

export interface KeySearch {
  /** Sorted. */
  readonly places: readonly string[];
  /** How much of what was looked at, in words. */
  readonly searched: string;
}

interface Place {
  readonly name: string;
  readonly content: Buffer | string;
}

const dataPlanePort = 15_020;
const controllerPort = 9901;

export async function findKey(context: TrialContext, canary: Canary): Promise<KeySearch> {
  const { client, namespace, cluster } = context;
  const call = await apiCaller(cluster);
  const containers = [
    ...(await findContainers(client, namespace)),
    ...(await findContainers(client, systemNamespace)),
  ];
  const groups: readonly (readonly [what: string, places: readonly Place[]])[] = [
    ['objects', await readObjects(context)],
    ['container logs', await readLogs(call, containers)],
    ['admin pages', await readPages(containers)],
    ['variables and arguments', readProcesses(cluster.process.pid, containers)],
    ['files of Pods', containers.flatMap((one) => readPodFiles(cluster.kubeconfig, one))],
    ['logs of the cluster', readClusterLogs(cluster.kubeconfig)],
  ];
  const places = new Set<string>();
  for (const { name, content } of groups.flatMap(([, all]) => all)) {
    if (canary.isIn(content)) places.add(name);
  }
  for (const [what, all] of groups) if (all.length === 0) throw new Error(`no ${what} to search`);
  const searched = groups.map(([what, all]) => `${all.length} ${what} (${kib(all)})`).join(', ');
  return { places: [...places].sort(), searched };
}

function kib(places: readonly Place[]): string {
  const octets = places.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return `${Math.ceil(octets / 1024)} KiB`;
}

/** Of all kinds, in all namespaces, with everything that kubectl leaves out. */
async function readObjects({ kubectl }: TrialContext): Promise<readonly Place[]> {
  const kinds = await kubectl(['api-resources', '--verbs=list', '-o', 'name']);
  const listed = kinds.split('\n').filter((kind) => kind !== '' && kind !== duplicateEvents);
  const options = ['--all-namespaces', '--show-managed-fields', '-o', 'json'];
  const text = await kubectl(['get', listed.join(','), ...options]);
  const { items } = JSON.parse(text) as { readonly items: readonly KubeObject[] };
  return items.map((object) => {
    const { namespace, name } = object.metadata;
    const place = namespace === undefined ? name : `${namespace}/${name}`;
    return { name: `${object.kind} ${place}`, content: JSON.stringify(object) };
  });
}

/** The same Events by another group. */
const duplicateEvents = 'events.events.k8s.io';

async function readLogs(
  call: CallApi,
  containers: readonly Container[],
): Promise<readonly Place[]> {
  const read = async ({ namespace, pod }: Container): Promise<Place> => {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log`;
    const { status, body } = await call({ path });
    if (status !== 200) throw new Error(`GET ${path}: ${status}`);
    return { name: `log of Pod ${namespace}/${pod}`, content: body };
  };
  return Promise.all(containers.map(read));
}

/** Metrics of all that are ours, and the config that data planes show. */
async function readPages(containers: readonly Container[]): Promise<readonly Place[]> {
  const pages = containers.flatMap(({ name, address }) => {
    if (name === 'controller') return [{ address, port: controllerPort, path: '/metrics' }];
    if (name !== 'sluice') return [];
    return ['/metrics', '/config', '/readyz', '/healthz'].map((path) => {
      return { address, port: dataPlanePort, path };
    });
  });
  return Promise.all(
    pages.map(async ({ address, port, path }) => {
      const { status, body } = await ask({ address, port, path });
      if (status !== 200) throw new Error(`${address}:${port}${path}: ${status}`);
      return { name: `page http://${address}:${port}${path}`, content: body };
    }),
  );
}

/** Of the cluster's processes, those that start containers included. */
function readProcesses(supervisor: number, containers: readonly Container[]): readonly Place[] {
  // What starts a program outside of its Pod stays as its parent.
  const podOf = new Map(
    containers.flatMap(({ pid = 0, namespace, pod }) =>
      [pid, parentOf(pid)].map((id) => [id, `${namespace}/${pod}`] as const),
    ),
  );
  return listFamily(supervisor).flatMap((pid) => {
    const pod = podOf.get(pid);
    const owner = pod === undefined ? `process ${pid}` : `Pod ${pod}`;
    return [
      { name: `arguments of ${owner}`, content: readOrEmpty(`/proc/${pid}/cmdline`) },
      { name: `environment of ${owner}`, content: readOrEmpty(`/proc/${pid}/environ`) },
    ];
  });
}

/** As the machine's disk has them: what the Pod keeps in memory is mounted in the Pod alone. */
function readPodFiles(kubeconfig: string, { uid, namespace, pod }: Container): readonly Place[] {
  const folder = join(dirname(kubeconfig), '../kubelet/pods', uid);
  return listFiles(folder).map((path) => ({
    name: `files of Pod ${namespace}/${pod}`,
    content: readOrEmpty(path),
  }));
}

function readClusterLogs(kubeconfig: string): readonly Place[] {
  const files = [dirname(kubeconfig), join(dirname(kubeconfig), '../logs')].flatMap(listFiles);
  return files
    .filter((path) => path.endsWith('.log'))
    .map((path) => ({ name: path, content: readOrEmpty(path) }));
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => isFile(path));
}

function isFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

/** A process may have ended, a file may be gone. */
function readOrEmpty(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}
