/**
 * Reaching the API server: from a kubeconfig or from inside a Pod, and what to say when it can't
 * be reached, lacks the CRDs or forbids what the controller has to read.
 */
import { readFile } from 'node:fs/promises';
import {
  ApiError,
  type Client,
  type ClusterAccess,
  inClusterAccess,
  readKubeconfig,
} from '@sluice/kube';
import { UsageError } from '../exit-code.ts';
import { findServedKinds, GATEWAY_GROUP, type ServedKinds } from './served-kinds.ts';
import { chooseResource, WATCHED_KINDS } from './watched-kinds.ts';

/** The cluster is not fit to work with: `message` says what is wrong and what to do. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}

export interface AccessOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** A kubeconfig that is named wins; in a Pod its service account; else the default kubeconfig. */
export async function findAccess({
  kubeconfig,
  context,
}: AccessOptions = {}): Promise<ClusterAccess> {
  const isNamed = kubeconfig !== undefined || context !== undefined;
  const inCluster = isNamed ? undefined : inClusterAccess();
  if (inCluster !== undefined) return inCluster;
  try {
    return await readKubeconfig({
      ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
      ...(context === undefined ? {} : { context }),
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const advice = kubeconfig === undefined ? '; outside of a Pod, $KUBECONFIG names another' : '';
    throw new UsageError(`${detail}${advice}`);
  }
}

/** What is served; a `ClusterError` says what to do where that is not enough to begin with. */
export async function checkCluster(client: Client, server: string): Promise<ServedKinds> {
  const served = await discoverOrExplain(client, server);
  const missing = WATCHED_KINDS.filter(
    (kind) => kind.required && chooseResource(kind, served) === undefined,
  );
  if (missing.length === 0) return served;
  const names = missing.map(({ kind }) => kind).join(', ');
  throw new ClusterError(
    `the API server ${server} does not serve ${names} of ${GATEWAY_GROUP}/v1. Install the ` +
      'Gateway API v1.7.0 CRDs first: kubectl apply --server-side -f standard-install.yaml ' +
      '(or experimental-install.yaml), from the release of kubernetes-sigs/gateway-api.',
  );
}

async function discoverOrExplain(client: Client, server: string): Promise<ServedKinds> {
  try {
    return await findServedKinds(client);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (!(error instanceof ApiError)) {
      throw new ClusterError(
        `the API server ${server} can't be reached: ${detail}. Start it, or choose another ` +
          'cluster with --context or --kubeconfig.',
      );
    }
    if (error.code === 401) {
      throw new ClusterError(`the API server ${server} does not accept the credentials: ${detail}`);
    }
    throw new ClusterError(`the API server ${server} refuses to say what it serves: ${detail}`);
  }
}

const NAMESPACE_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';
const NAMESPACE_DEFAULT = 'sluice-system';

/** Namespace of this controller: as told, else that of its Pod, else the usual one. */
export async function findNamespace(told: string | undefined): Promise<string> {
  if (told !== undefined) return told;
  const own = await readFile(NAMESPACE_FILE, 'utf8').catch(() => '');
  return own.trim() || NAMESPACE_DEFAULT;
}
