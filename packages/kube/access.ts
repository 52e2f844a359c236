/**
 * Where the cluster is and who we are there: from a kubeconfig, or from what a Pod finds in its
 * file system. Each error names the file, the field and what is expected of it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { ClusterAccess, Credentials } from './credentials.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Reads the first file of `$KUBECONFIG`, else `~/.kube/config`, unless a path is given. */
export async function readKubeconfig(
  options: { readonly path?: string; readonly context?: string } = {},
): Promise<ClusterAccess> {
  const path = options.path ?? defaultPath();
  const file = new KubeconfigFile(path, await readText(path, 'kubeconfig'));
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
  const certificateAuthority = await file.data(cluster, 'certificate-authority', clusterName);
  return {
    server,
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(cluster['insecure-skip-tls-verify'] === true ? { skipTlsVerify: true } : {}),
    credentials:
      userName === undefined
        ? { kind: 'none' }
        : await readCredentials(file, file.named('users', userName, 'user'), userName),
  };
}

const accountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The access that a Pod's service account gives; undefined outside of a Pod. */
export function inClusterAccess(): ClusterAccess | undefined {
  const host = process.env['KUBERNETES_SERVICE_HOST'];
  const port = process.env['KUBERNETES_SERVICE_PORT'];
  const tokenPath = join(accountDirectory, 'token');
  if (host === undefined || port === undefined || !existsSync(tokenPath)) return undefined;
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    certificateAuthority: readFileSync(join(accountDirectory, 'ca.crt'), 'utf8'),
    credentials: { kind: 'token-file', path: tokenPath },
  };
}

async function readCredentials(
  file: KubeconfigFile,
  user: Fields,
  name: string,
): Promise<Credentials> {
  const tokenFile = file.text(user, 'tokenFile', `user ${name}: tokenFile`);
  if (tokenFile !== undefined) return { kind: 'token-file', path: file.beside(tokenFile) };
  const token = file.text(user, 'token', `user ${name}: token`);
  if (token !== undefined) return { kind: 'token', token };
  const certificate = await file.data(user, 'client-certificate', name);
  const key = await file.data(user, 'client-key', name);
  if (certificate !== undefined && key !== undefined) {
    return { kind: 'client-certificate', certificate, key };
  }
  if (certificate !== undefined || key !== undefined) {
    throw file.problem(`user ${name}`, 'needs both client-certificate and client-key');
  }
  if (user['exec'] !== undefined || user['username'] !== undefined) {
    throw file.problem(`user ${name}`, 'use a token, tokenFile or client certificate instead');
  }
  return { kind: 'none' };
}

function defaultPath(): string {
  const first = process.env['KUBECONFIG']?.split(delimiter).find((path) => path !== '');
  return first ?? join(homedir(), '.kube', 'config');
}

async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(`${path}: cannot read this ${what}`, { cause: error });
  }
}

class KubeconfigFile {
  readonly root: Fields;
  readonly #path: string;

  constructor(path: string, text: string) {
    this.#path = path;
    let root: unknown;
    try {
      root = parse(text) as unknown;
    } catch (error) {
      throw new Error(`${path}: not YAML: correct the file`, { cause: error });
    }
    if (!isFields(root)) throw this.problem('the document', 'must be a mapping');
    this.root = root;
  }

  problem(field: string, advice: string): Error {
    return new Error(`${this.#path}: ${field}: ${advice}`);
  }

  /** Paths in a kubeconfig are relative to its own directory. */
  beside(path: string): string {
    return resolve(dirname(this.#path), path);
  }

  text(fields: Fields, key: string, shown: string): string | undefined {
    const value = fields[key];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw this.problem(shown, 'must be a string');
    return value;
  }

  /** The body of the entry of that name in one of the three lists. */
  named(list: string, name: string, key: string): Fields {
    const entries: unknown = this.root[list];
    const entry: unknown = Array.isArray(entries)
      ? entries.find((candidate: unknown) => isFields(candidate) && candidate['name'] === name)
      : undefined;
    const body: unknown = isFields(entry) ? entry[key] : undefined;
    if (!isFields(body)) throw this.problem(list, `has no ${key} named ${name}: add it`);
    return body;
  }

  /** `<key>-data` in base64, or the file that `<key>` names. */
  async data(fields: Fields, key: string, owner: string): Promise<string | undefined> {
    const inline = this.text(fields, `${key}-data`, `${owner}: ${key}-data`);
    if (inline !== undefined) return Buffer.from(inline, 'base64').toString('utf8');
    const path = this.text(fields, key, `${owner}: ${key}`);
    return path === undefined ? undefined : readText(this.beside(path), `${key} of ${owner}`);
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
