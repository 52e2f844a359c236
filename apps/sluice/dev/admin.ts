/**
 * The admin server of `sluice dev`, on loopback: health, metrics and config of every Gateway, and
 * the status of every object. Read-only; no key is within its reach.
 */
import { createServer, type Server } from 'node:http';
import { UsageError } from '../exit-code.ts';
import { mergeMetrics } from './metrics-merge.ts';
import type { Runtime } from './runtime.ts';

export interface DevAdmin {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface DevAdminOptions {
  readonly address: string;
  readonly adminPort: number;
}

export async function startDevAdmin(
  runtime: Runtime,
  { address, adminPort }: DevAdminOptions,
): Promise<DevAdmin> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const page = request.method === 'GET' ? PAGES.get(path)?.(runtime) : undefined;
    const { statusCode, type, body } = page ?? NOT_FOUND;
    response.writeHead(statusCode, { 'content-type': type });
    response.end(body);
  });
  await listen(server, address, adminPort);
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : adminPort;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Page {
  readonly statusCode: number;
  readonly type: string;
  readonly body: string;
}

const PAGES: ReadonlyMap<string, (runtime: Runtime) => Page> = new Map<
  string,
  (runtime: Runtime) => Page
>([
  ['/', () => text(200, [...PAGES.keys()].join('\n'))],
  ['/healthz', () => text(200, 'ok')],
  ['/readyz', ({ gateways }) => (gateways.serving().length > 0 ? text(200, 'ok') : NOT_READY)],
  [
    '/metrics',
    ({ gateways }) => ({
      statusCode: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: mergeMetrics(
        gateways.serving().map(({ gateway, proxy }) => ({ gateway, text: proxy.metrics() })),
      ),
    }),
  ],
  ['/config', ({ gateways }) => json(gateways.serving().map(({ config }) => config))],
  [
    '/status',
    ({ store }) =>
      json(
        store
          .objects()
          .filter((object) => 'status' in object)
          .map(({ apiVersion, kind, metadata, ...rest }) => ({
            apiVersion,
            kind,
            metadata,
            status: 'status' in rest ? rest.status : undefined,
          })),
      ),
  ],
]);

const NOT_FOUND = text(404, 'no such page; / lists them');
const NOT_READY = text(503, 'no Gateway is served');

function text(statusCode: number, body: string): Page {
  return { statusCode, type: 'text/plain; charset=utf-8', body: `${body}\n` };
}

function json(value: unknown): Page {
  const body = `${JSON.stringify(value, null, 2)}\n`;
  return { statusCode: 200, type: 'application/json', body };
}

function listen(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new UsageError(
          `the admin server can't listen on ${address}:${port}: ${error.message}. ` +
            'Choose another port with --admin-port.',
        ),
      );
    });
    server.listen(port, address, () => resolve());
  });
}
