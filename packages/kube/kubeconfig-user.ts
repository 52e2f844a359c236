/** The credentials that a user of a kubeconfig has. */
import type { Credentials, ExecPlugin } from './credentials.ts';
import { type Fields, isFields, type KubeconfigFile } from './kubeconfig-file.ts';

export async function readCredentials(
  file: KubeconfigFile,
  user: Fields,
  name: string,
): Promise<Credentials> {
  for (const field of ['as', 'username', 'auth-provider']) {
    if (user[field] !== undefined) {
      const advice = 'is not supported: use a token, tokenFile, client certificate or exec';
      throw file.problem(`user ${name}: ${field}`, advice);
    }
  }
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
  const exec: unknown = user['exec'];
  return exec === undefined || exec === null
    ? { kind: 'none' }
    : { kind: 'exec', ...readExecPlugin(file, exec, `user ${name}: exec`) };
}

const execVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

function readExecPlugin(file: KubeconfigFile, exec: unknown, shown: string): ExecPlugin {
  if (!isFields(exec)) throw file.problem(shown, 'must be a mapping');
  const apiVersion = file.text(exec, 'apiVersion', `${shown}.apiVersion`);
  if (apiVersion === undefined || !execVersions.includes(apiVersion)) {
    throw file.problem(`${shown}.apiVersion`, `must be ${execVersions.join(' or ')}`);
  }
  const command = file.text(exec, 'command', `${shown}.command`);
  if (command === undefined) throw file.problem(`${shown}.command`, 'is missing');
  if (exec['interactiveMode'] === 'Always') {
    throw file.problem(`${shown}.interactiveMode`, 'Always: nobody is there to answer');
  }
  const installHint = file.text(exec, 'installHint', `${shown}.installHint`);
  return {
    apiVersion,
    // As kubectl has it: with a slash it is a path, beside the kubeconfig; else it is looked up.
    command: command.includes('/') ? file.beside(command) : command,
    args: readList(exec['args']).map((argument) => String(argument)),
    environment: Object.fromEntries(
      readList(exec['env']).flatMap((entry) =>
        isFields(entry) ? [[readString(entry, 'name'), readString(entry, 'value')]] : [],
      ),
    ),
    provideClusterInfo: exec['provideClusterInfo'] === true,
    ...(installHint === undefined ? {} : { installHint }),
  };
}

function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readString(fields: Fields, key: string): string {
  const value = fields[key];
  return typeof value === 'string' ? value : '';
}
