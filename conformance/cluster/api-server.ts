/**
 * kube-apiserver as a process that can be stopped, killed and started again: its store, its
 * certificate and its keys stay, so that clients find the same server again.
 *
 * What service accounts ask of it is in its audit log, without bodies.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { type Daemon, startDaemon } from './daemon.ts';

export interface ApiServerOptions {
  readonly program: string;
  readonly address: string;
  readonly port: number;
  readonly storeUrl: string;
  readonly files: ApiServerFiles;
  /** For its logs. */
  readonly directory: string;
}

export interface ApiServerFiles {
  /** The administrator's. */
  readonly token: string;
  readonly users: string;
  readonly serviceAccountKey: string;
  readonly certificates: string;
  /** What the server writes at its first start: its certificate, and the one that signed it. */
  readonly certificateAuthority: string;
}

export interface ApiServer {
  /** As `https://127.0.0.1:16443`. */
  readonly server: string;
  readonly auditLog: string;
  /** Resolves, with the reason, when it ends by itself. */
  readonly died: Promise<string>;
  /** It holds its connections and answers nothing, until it is killed. */
  pause(): void;
  /** Resolves when it has ended. Nothing of it is kept, so it gets no time to tidy up. */
  kill(): Promise<void>;
  /** After a kill; resolves when it is ready. */
  start(): Promise<void>;
}

/** Resolves when it is ready. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { directory, files, address, port } = options;
  const server = `https://${address}:${port}`;
  const auditLog = join(directory, 'audit.log');
  const auditPolicy = join(directory, 'audit-policy.json');
  rmSync(auditLog, { force: true });
  writeFileSync(auditPolicy, JSON.stringify(policy));
  const flags = serverFlags({ ...options, auditLog, auditPolicy });
  let tellDeath: (reason: string) => void = () => {};
  const died = new Promise<string>((resolve) => {
    tellDeath = resolve;
  });
  const launch = (): Daemon => {
    const daemon = startDaemon({
      name: 'kube-apiserver',
      command: [options.program, ...addressFlags(options), ...flags],
      logPath: join(directory, 'kube-apiserver.log'),
    });
    void daemon.died.then(tellDeath);
    return daemon;
  };
  let current = launch();
  const untilReady = async (): Promise<void> => {
    try {
      await current.until(() => isReady(server, files));
    } catch (error) {
      await current.stop('SIGKILL');
      throw error;
    }
  };
  await untilReady();
  return {
    server,
    auditLog,
    died,
    pause: () => current.pause(),
    kill: () => current.stop('SIGKILL'),
    async start() {
      current = launch();
      await untilReady();
    },
  };
}

/** https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ */
const policy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', userGroups: ['system:serviceaccounts'] }, { level: 'None' }],
};

interface ServerFlags extends ApiServerOptions {
  readonly auditLog: string;
  readonly auditPolicy: string;
}

function addressFlags({ address, port }: ApiServerOptions): string[] {
  if (!isIPv4(address)) throw new Error(`${address}: give an IPv4 address of this machine`);
  return [
    // Never the wildcard: listeners of Gateways want ports of their own.
    `--bind-address=${address}`,
    `--secure-port=${port}`,
    `--advertise-address=${address}`,
    // No EndpointSlice may hold a loopback address, so there is none for the server itself.
    ...(address.startsWith('127.') ? ['--endpoint-reconciler-type=none'] : []),
  ];
}

function serverFlags({ storeUrl, files, auditLog, auditPolicy }: ServerFlags): string[] {
  return [
    `--etcd-servers=${storeUrl}`,
    `--cert-dir=${files.certificates}`,
    `--token-auth-file=${files.users}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${files.serviceAccountKey}`,
    `--service-account-key-file=${files.serviceAccountKey}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--feature-gates=ClusterTrustBundle=true',
    '--runtime-config=certificates.k8s.io/v1beta1=true',
    '--profiling=false',
    `--audit-policy-file=${auditPolicy}`,
    `--audit-log-path=${auditLog}`,
    '--audit-log-mode=batch',
  ];
}

async function isReady(server: string, files: ApiServerFiles): Promise<boolean> {
  if (!existsSync(files.certificateAuthority)) return false;
  return new Promise((done) => {
    const request = get(`${server}/readyz`, {
      ca: readFileSync(files.certificateAuthority),
      headers: { authorization: `Bearer ${files.token}` },
      agent: false,
      timeout: 2_000,
    });
    request.once('response', (response) => {
      response.resume();
      done(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => done(false));
  });
}
