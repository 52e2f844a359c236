/** The controller's admin port: health, readiness, metrics. Read-only; no key is in its reach. */
import { createServer } from 'node:http';
import { UsageError } from '../exit-code.ts';

export interface AdminPages {
  /** Undefined: ready; otherwise why not. */
  readonly unready: () => string | undefined;
  readonly metrics: () => string;
}

export interface ControllerAdmin {
  readonly port: number;
  close(): Promise<void>;
}

export async function startControllerAdmin(
  { host, port }: { readonly host: string; readonly port: number },
  pages: AdminPages,
): Promise<ControllerAdmin> {
  const server = createServer((request, response) => {
    const { status, body } = answerOf((request.url ?? '/').split('?')[0] ?? '/', pages);
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(request.method === 'HEAD' ? '' : body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const hint = 'Choose another one with --admin HOST:PORT.';
      reject(new UsageError(`the admin port can't be opened: ${error.message}. ${hint}`));
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerOf(
  path: string,
  { unready, metrics }: AdminPages,
): { status: number; body: string } {
  switch (path) {
    case '/healthz':
      return { status: 200, body: 'ok\n' };
    case '/readyz': {
      const reason = unready();
      return reason === undefined
        ? { status: 200, body: 'ok\n' }
        : { status: 503, body: `${reason}\n` };
    }
    case '/metrics':
      return { status: 200, body: metrics() };
    default:
      return { status: 404, body: '/healthz, /readyz and /metrics are here\n' };
  }
}
