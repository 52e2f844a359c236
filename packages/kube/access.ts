/**
 * Where the cluster is and who we are there: from a kubeconfig, or from what a Pod finds in its
 * file system. Each error names the file, the field and what is expected of it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ClusterAccess } from './credentials.ts';
import { openKubeconfig } from './kubeconfig-file.ts';
import { readCredentials } from './kubeconfig-user.ts';

/** Reads the first file of `$KUBECONFIG`, else `~/.kube/config`, unless a path is given. */
export async function readKubeconfig(
  options: { readonly path?: string; readonly context?: string } = {},
): Promise<ClusterAccess> {
  const path = options.path ?? defaultPath();
  const file = await openKubeconfig(path);
  const contextName = options.context ?? file.text(file.root, 'current-context', 'current-context');
  if (contextName === undefined) throw file.problem('current-context', 'set it, or name a context');
  const context = file.named('contexts', contextName, 'context');
  const clusterName = file.text(context, 'cluster', `context ${contextName}: cluster`);
  if (clusterName === undefined)
    throw file.problem(`context ${contextName}: cluster`, 'is missing');
  const userName = file.text(context, 'user', `context ${contextName}: user`);
  const cluster = file.named('clusters', clusterName, 'cluster');
  const server = file.text(cluster, 'server', `cluster ${clusterName}: server`);
  if (server === undefined || !URL.canParse(server)) {
    throw file.problem(`cluster ${clusterName}: server`, 'must be a URL such as https://host:6443');
  }
  if (cluster['proxy-url'] !== undefined) {
    throw file.problem(`cluster ${clusterName}: proxy-url`, 'is not supported: remove it');
  }
  const certificateAuthority = await file.data(cluster, 'certificate-authority', clusterName);
  const serverName = file.text(cluster, 'tls-server-name', `cluster ${clusterName}: server name`);
  return {
    server,
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(cluster['insecure-skip-tls-verify'] === true ? { skipTlsVerify: true } : {}),
    credentials:
      userName === undefined
        ? { kind: 'none' }
        : await readCredentials(file, file.named('users', userName, 'user'), userName),
  };
}

const accountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The access that a Pod's service account gives; undefined outside of a Pod. */
export function inClusterAccess(
  environment: NodeJS.ProcessEnv = process.env,
  directory: string = accountDirectory,
): ClusterAccess | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'];
  const tokenPath = join(directory, 'token');
  if (host === undefined || port === undefined || !existsSync(tokenPath)) return undefined;
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    certificateAuthority: readFileSync(join(directory, 'ca.crt'), 'utf8'),
    credentials: { kind: 'token-file', path: tokenPath },
  };
}

function defaultPath(): string {
  const first = process.env['KUBECONFIG']?.split(delimiter).find((path) => path !== '');
  return first ?? join(homedir(), '.kube', 'config');
}
