/**
 * A Kubernetes API server and its store, for tests: real programs, nothing mocked, on one address.
 *
 * Guarantees: RBAC is in force; every start is an empty cluster; both programs die with this
 * process. What is stored is in memory and is gone when it stops.
 *
 * https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { ensureBinaries } from '../build/binaries.ts';
import { type ApiServer, type ApiServerFiles, startApiServer } from './api-server.ts';
import { type Daemon, startDaemon } from './daemon.ts';

export interface ControlPlaneOptions {
  /** For keys, logs and the kubeconfig; made when it is missing. One running server a directory. */
  readonly directory: string;
  /** An IPv4 address of this network namespace; with a loopback address it is for clients only. */
  readonly address: string;
  /** 0, as by default, is any free port. */
  readonly port?: number;
  /** Is told about programs that have to be built first. */
  readonly report?: (line: string) => void;
}

export interface ControlPlane {
  /** As `https://127.0.0.1:16443`. */
  readonly server: string;
  /** Path of a kubeconfig of an administrator, and of what it says, one by one. */
  readonly kubeconfig: string;
  readonly tokenFile: string;
  readonly certificateAuthority: string;
  /** The key that service-account tokens are signed with. */
  readonly serviceAccountKey: string;
  /** By itself, for those who try what happens without it. */
  readonly apiServer: Pick<ApiServer, 'pause' | 'kill' | 'start' | 'auditLog'>;
  /** Resolves, with the reason, when one of the programs ends by itself. */
  readonly died: Promise<string>;
  stop(): Promise<void>;
}

/** Resolves when the server is ready. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const programs = await ensureBinaries(['etcd', 'kube-apiserver'], {
    report: options.report ?? (() => {}),
  });
  const directory = resolve(options.directory);
  const files = writeFiles(directory);
  const port = options.port || (await freePort(options.address));
  const store = await startStore(programs.etcd, directory);
  const apiServer = await startApiServer({
    ...options,
    port,
    files,
    program: programs['kube-apiserver'],
    storeUrl: store.url,
    directory,
  }).catch(async (error: unknown) => {
    await store.stop();
    throw error;
  });
  const { server } = apiServer;
  const { tokenFile, certificateAuthority, serviceAccountKey } = files;
  return {
    server,
    kubeconfig: writeKubeconfig(directory, server, files),
    tokenFile,
    certificateAuthority,
    serviceAccountKey,
    apiServer,
    died: Promise.race([apiServer.died, store.died]),
    async stop() {
      await apiServer.kill();
      await store.stop();
    },
  };
}

interface Files extends ApiServerFiles {
  readonly tokenFile: string;
}

function writeFiles(directory: string): Files {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const secret = { mode: 0o600 };
  const token = randomBytes(16).toString('hex');
  const tokenFile = join(directory, 'token');
  writeFileSync(tokenFile, token, secret);
  const users = join(directory, 'users.csv');
  writeFileSync(users, `${token},admin,admin,"system:masters"\n`, secret);
  const serviceAccountKey = join(directory, 'service-account.key');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(serviceAccountKey, privateKey.export({ type: 'sec1', format: 'pem' }), secret);
  const certificates = join(directory, 'certificates');
  rmSync(certificates, { recursive: true, force: true });
  const certificateAuthority = join(certificates, 'apiserver.crt');
  return { token, tokenFile, users, serviceAccountKey, certificates, certificateAuthority };
}

interface Store extends Pick<Daemon, 'died'> {
  readonly url: string;
  stop(): Promise<void>;
}

/** On a disk its start took many seconds at times. */
async function startStore(program: string, directory: string): Promise<Store> {
  // Named for the directory, so that what a crash has left is found by the next start.
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const data = `/dev/shm/sluice-etcd-${name}`;
  rmSync(data, { recursive: true, force: true });
  const url = `http://127.0.0.1:${await freePort('127.0.0.1')}`;
  const daemon = startDaemon({
    name: 'etcd',
    command: [
      program,
      `--data-dir=${data}`,
      '--unsafe-no-fsync',
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      '--listen-peer-urls=http://127.0.0.1:0',
      '--log-level=warn',
    ],
    logPath: join(directory, 'etcd.log'),
  });
  return {
    url,
    died: daemon.died,
    async stop() {
      await daemon.stop('SIGKILL');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The port was free a moment ago; the programs here can't tell which one they got for 0. */
async function freePort(address: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, reject) => {
    server.once('error', reject);
    server.listen(0, address, done);
  });
  const bound = server.address();
  await new Promise((done) => server.close(done));
  if (bound === null || typeof bound === 'string') throw new Error(`${address}: no free port`);
  return bound.port;
}

function writeKubeconfig(directory: string, server: string, files: Files): string {
  const path = join(directory, 'kubeconfig');
  const name = 'sluice';
  const authority = readFileSync(files.certificateAuthority).toString('base64');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name, user: { token: files.token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  return path;
}
