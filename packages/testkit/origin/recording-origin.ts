/**
 * An origin that records what reaches it, byte-exact, and answers as the test says.
 *
 * `violations` must be empty at the end of every test: anything that is not a well-formed request
 * with one reading lands there.
 */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type ParsedMessage, parseRequest, type RecordedRequest } from './request-parser.ts';

/** Text to send, or nothing: the handler writes to the socket itself. */
export type Handler = (request: RecordedRequest, socket: Socket) => string | undefined;

export interface RecordingOrigin extends AsyncDisposable {
  readonly port: number;
  readonly requests: RecordedRequest[];
  readonly violations: string[];
  /** Connections accepted so far. */
  readonly connections: number;
  readonly sockets: ReadonlySet<Socket>;
  handler: Handler;
}

/** A complete response with a Content-Length. */
export function respondWith(
  body: string,
  options: { status?: string; headers?: string } = {},
): string {
  const { status = '200 OK', headers = '' } = options;
  return `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;
}

/** Listens on a loopback port of the system's choice, with TLS or without. Default answer: `ok`. */
export async function startOrigin(
  handler: Handler = () => respondWith('ok'),
  options: { readonly host?: string; readonly tls?: TlsOptions } = {},
): Promise<RecordingOrigin> {
  const { host = '127.0.0.1', tls } = options;
  const requests: RecordedRequest[] = [];
  const violations: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const accept = (socket: Socket): void => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    record(socket, connections);
  };
  const server = createListener(tls, accept);
  const record = (socket: Socket, connection: number): void => {
    let pending = Buffer.alloc(0);
    let upgraded = false;
    socket.on('data', (bytes) => {
      if (upgraded) return;
      pending = Buffer.concat([pending, bytes]);
      for (;;) {
        const message = parse(pending, connection);
        if (message === undefined) return;
        pending = pending.subarray(message.length);
        requests.push(message.request);
        const asks = message.request.headers.some(([name]) => name.toLowerCase() === 'upgrade');
        const response = origin.handler(message.request, socket);
        upgraded = asks && (response === undefined || response.startsWith('HTTP/1.1 101'));
        if (response !== undefined) socket.write(response, 'latin1');
        if (upgraded) return;
      }
    });
  };
  const parse = (bytes: Buffer, connection: number): ParsedMessage | undefined => {
    try {
      return bytes.length === 0 ? undefined : parseRequest(bytes, connection);
    } catch (error) {
      violations.push(String(error));
      return undefined;
    }
  };
  // Those whose handshake failed are nobody's, and would keep the server open.
  const raw = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    raw.add(socket);
    socket.on('close', () => raw.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const origin: RecordingOrigin = {
    port: (server.address() as AddressInfo).port,
    requests,
    violations,
    get connections() {
      return connections;
    },
    sockets,
    handler,
    async [Symbol.asyncDispose]() {
      for (const socket of [...sockets, ...raw]) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return origin;
}

function createListener(tls: TlsOptions | undefined, accept: (socket: Socket) => void): Server {
  if (tls === undefined) return createServer({ allowHalfOpen: true }, accept);
  return createTlsServer({ allowHalfOpen: true, ...tls }, accept);
}
