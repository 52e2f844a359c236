/**
 * Credentials from a program: it gets an ExecCredential in its environment and prints one with a
 * status. What it prints on standard error goes into the error if it fails, what it prints on
 * standard output never does, since that is where the secrets are.
 *
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */
import { execFile } from 'node:child_process';
import type { ClusterAccess, ExecPlugin, Identity, LimitedIdentity } from './credentials.ts';

const timeoutMs = 60_000;
const maxOutputBytes = 1024 * 1024;
/** Expired a little early, so that a request does not arrive too late. */
const expiryMarginMs = 10_000;

export async function runExecPlugin(
  plugin: ExecPlugin,
  access: ClusterAccess,
): Promise<LimitedIdentity> {
  const output = await run(plugin, describeCall(plugin, access));
  let printed: unknown;
  try {
    printed = JSON.parse(output);
  } catch {
    throw problem(plugin, 'printed no JSON on its standard output');
  }
  return readCredential(plugin, printed);
}

function describeCall(plugin: ExecPlugin, access: ClusterAccess): string {
  const { server, certificateAuthority, serverName, skipTlsVerify } = access;
  const cluster = {
    server,
    ...(serverName === undefined ? {} : { 'tls-server-name': serverName }),
    ...(skipTlsVerify === true ? { 'insecure-skip-tls-verify': true } : {}),
    ...(certificateAuthority === undefined
      ? {}
      : { 'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64') }),
  };
  return JSON.stringify({
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(plugin.provideClusterInfo ? { cluster } : {}) },
  });
}

function run(plugin: ExecPlugin, info: string): Promise<string> {
  const { command, args, environment } = plugin;
  const env = { ...process.env, ...environment, KUBERNETES_EXEC_INFO: info };
  const limits = { timeout: timeoutMs, maxBuffer: maxOutputBytes, encoding: 'utf8' } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { ...limits, env }, (error, output, complaint) => {
      if (error === null) resolve(output);
      else reject(problem(plugin, describeFailure(error, complaint, plugin.installHint)));
    });
    child.stdin?.end();
  });
}

function describeFailure(
  error: { readonly code?: string | number | null | undefined; readonly killed?: boolean },
  complaint: string,
  installHint: string | undefined,
): string {
  if (error.code === 'ENOENT') return installHint ?? 'there is no such program: install it';
  if (error.killed === true) return `did not end within ${timeoutMs} ms, or printed too much`;
  const said = complaint.trim().slice(0, 1000);
  return `ended with code ${error.code}${said === '' ? '' : `: ${said}`}`;
}

type Fields = Readonly<Record<string, unknown>>;

function readCredential(plugin: ExecPlugin, printed: unknown): LimitedIdentity {
  const { apiVersion, kind, status } = fieldsOf(printed);
  if (kind !== 'ExecCredential' || apiVersion !== plugin.apiVersion) {
    throw problem(plugin, `must print an ExecCredential of ${plugin.apiVersion}`);
  }
  const fields = fieldsOf(status);
  const token = readString(fields, 'token');
  const certificate = readString(fields, 'clientCertificateData');
  const key = readString(fields, 'clientKeyData');
  if (certificate !== undefined && key === undefined) {
    throw problem(plugin, 'printed a clientCertificateData without its clientKeyData');
  }
  if (token === undefined && certificate === undefined) {
    throw problem(plugin, 'printed neither status.token nor status.clientCertificateData');
  }
  const identity: Identity = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(certificate === undefined || key === undefined ? {} : { keyPair: { certificate, key } }),
  };
  return { identity, until: readExpiry(plugin, fields) };
}

/** Without an expiry a credential is good until it is refused. */
function readExpiry(plugin: ExecPlugin, fields: Fields): number {
  const shown = readString(fields, 'expirationTimestamp');
  if (shown === undefined) return Number.POSITIVE_INFINITY;
  const at = Date.parse(shown);
  if (Number.isNaN(at)) throw problem(plugin, 'printed an expirationTimestamp that is no date');
  return at - expiryMarginMs;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function readString(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function problem({ command }: ExecPlugin, text: string): Error {
  return new Error(`credential plugin ${command}: ${text}`);
}
