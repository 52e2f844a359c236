/** The fake API server on a port of the loopback address. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ApiFaults, faultsOf } from './api-faults.ts';
import { FakeApi } from './fake-api.ts';
import type { BodySink } from './fake-watch.ts';

export interface FakeApiServer extends ApiFaults {
  readonly url: string;
  /** Those that are open. */
  connections(): number;
  /** Resets all connections and listens no more, until what it resolves with is called. */
  crash(): Promise<() => Promise<void>>;
  /** Resets connections that wait for a request. */
  resetIdle(): void;
  close(): Promise<void>;
}

export async function startFakeApiServer(): Promise<FakeApiServer> {
  const api = new FakeApi({
    now: () => performance.now(),
    setTimer: (at, callback) => {
      const timer = setTimeout(callback, at - performance.now());
      return () => clearTimeout(timer);
    },
  });
  const server = createServer((request, response) => void respond(api, request, response));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listen(server, 0);
  return {
    ...faultsOf(api),
    url: `http://127.0.0.1:${port}`,
    connections: () => sockets.size,
    async crash() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
      return async () => void (await listen(server, port));
    },
    resetIdle() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      api.wake();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function respond(
  api: FakeApi,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await api.answer({
    method: request.method ?? '',
    url: request.url ?? '/',
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    body: await text(request),
  });
  response.writeHead(answer.code, answer.headers).flushHeaders();
  const leave = answer.send(sinkOf(response));
  if (response.closed || response.destroyed) leave();
  else response.on('close', leave);
}

function sinkOf(response: ServerResponse): BodySink {
  return {
    write: (octets) => void response.write(octets),
    end: () => void response.end(),
    reset: () => void response.socket?.resetAndDestroy(),
  };
}
