/**
 * The admin port: a server of its own, on loopback unless said otherwise, for probes and people.
 *
 * `/healthz` the event loop turns; `/readyz` a config is in force and every bind listens;
 * `/metrics` Prometheus text; `/config` the config in force, without key material;
 * `/config?wait=VERSION` its version alone, as soon as it is that one or after half a minute.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Proxy } from './proxy.ts';
import { createVersionWait, type VersionWait } from './version-wait.ts';

export interface AdminOptions {
  readonly proxy: Pick<Proxy, 'metrics' | 'isReady' | 'config'>;
  /** Said beside the version: where the config comes from, what is wrong with a newer one. */
  readonly describe?: () => Readonly<Record<string, unknown>>;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** 0: the system chooses. */
  readonly port: number;
}

export interface Admin {
  readonly port: number;
  /** A config was applied: answers those who wait for its version. */
  applied(): void;
  close(): Promise<void>;
}

/** Rejects when the port can't be bound. */
export async function startAdmin(options: AdminOptions): Promise<Admin> {
  const { proxy, host, port, describe } = options;
  const waits = createVersionWait(() => ({ version: versionOf(proxy), ...describe?.() }));
  const server = createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(response, 405, 'only GET\n');
      return;
    }
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const version = path === '/config' ? new URLSearchParams(query).get('wait') : null;
    if (version === null) answerPath(proxy, path, response);
    else answerVersion(waits, version, response);
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 10_000;
  server.maxConnections = 100;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: host ?? '127.0.0.1', port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    applied: () => waits.look(),
    close() {
      waits.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answerPath(proxy: AdminOptions['proxy'], path: string, response: ServerResponse): void {
  switch (path) {
    case '/healthz':
      answer(response, 200, 'ok\n');
      return;
    case '/readyz':
      answer(response, proxy.isReady ? 200 : 503, proxy.isReady ? 'ready\n' : 'not ready\n');
      return;
    case '/metrics':
      response.setHeader('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
      answer(response, 200, proxy.metrics());
      return;
    case '/config':
      response.setHeader('Content-Type', 'application/json');
      answer(response, 200, `${JSON.stringify(redact(proxy.config), undefined, 2)}\n`);
      return;
    default:
      answer(response, 404, '/healthz /readyz /metrics /config /config?wait=VERSION\n');
  }
}

function answerVersion(waits: VersionWait, version: string, response: ServerResponse): void {
  const stop = waits.wait(version, (report) => {
    response.setHeader('Content-Type', 'application/json');
    answer(response, 200, `${JSON.stringify(report)}\n`);
  });
  if (stop === undefined) answer(response, 503, 'too many wait already\n');
  else response.once('close', stop);
}

/** Null: no config is in force, or not all of it. */
function versionOf({ config, isReady }: AdminOptions['proxy']): string | null {
  return isReady && config !== undefined ? config.version : null;
}

/** Keys are never part of a config; trust anchors are long and of no use here. */
function redact(config: AdminOptions['proxy']['config']): unknown {
  if (config === undefined) return { version: null };
  return JSON.parse(
    JSON.stringify(config, (name, value: unknown) =>
      name === 'caCertificates' && Array.isArray(value) ? value.map(() => '(redacted)') : value,
    ),
  );
}

function answer(response: ServerResponse, statusCode: number, body: string): void {
  response.statusCode = statusCode;
  response.end(body);
}
