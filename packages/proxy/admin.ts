/**
 * The admin port: a server of its own, on loopback unless said otherwise, for probes and people.
 *
 * `/healthz` the event loop turns; `/readyz` a config is in force and every bind listens;
 * `/metrics` Prometheus text; `/config` the config in force, without key material.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Proxy } from './proxy.ts';

export interface AdminOptions {
  readonly proxy: Pick<Proxy, 'metrics' | 'isReady' | 'config'>;
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** 0: the system chooses. */
  readonly port: number;
}

export interface Admin {
  readonly port: number;
  close(): Promise<void>;
}

/** Rejects when the port can't be bound. */
export async function startAdmin({ proxy, host, port }: AdminOptions): Promise<Admin> {
  const server = createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(response, 405, 'only GET\n');
      return;
    }
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    answerPath(proxy, path, response);
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
    close() {
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
      answer(response, 404, '/healthz /readyz /metrics /config\n');
  }
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
