/**
 * Plain TCP: accepting and connecting with one read buffer for all connections of the worker.
 */
import { connect, type OnReadOpts, type Server, type Socket } from 'node:net';
import type { Connection } from './connection.ts';
import { acceptWithReadBuffer, descriptorOf } from './native-handle.ts';
import { noDescriptor, SocketConnection } from './socket-connection.ts';

/** Big enough that a 64 KiB message needs one read; small enough to stay in the L2 cache. */
const readBufferBytes = 64 * 1024;
const readBuffer = Buffer.allocUnsafeSlow(readBufferBytes);

/** Filled in once its socket exists; until then there is nothing to receive. */
interface Receiver {
  connection: SocketConnection | undefined;
}

/**
 * Hands over every connection that `server`, which is listening, accepts.
 * `native`: the result of `probeNativeHandles`.
 */
export function acceptTcp(
  server: Server,
  native: boolean,
  onConnection: (connection: Connection) => void,
): void {
  const prepare = () => {
    const context: Receiver = { connection: undefined };
    return { onread: readInto(context), context };
  };
  const accepted = (socket: Socket, receiver: Receiver): void => {
    const descriptor = descriptorOf(socket);
    receiver.connection = new SocketConnection(socket, { descriptor, tls: undefined });
    onConnection(receiver.connection);
  };
  if (native && acceptWithReadBuffer(server, prepare, accepted)) return;
  server.on('connection', (socket: Socket) => {
    const connection = readEvents(socket, { descriptor: noDescriptor, tls: undefined });
    onConnection(connection);
  });
}

/** Connection whose socket is read with 'data' events: TLS, and the fallback for TCP. */
export function readEvents(
  socket: Socket,
  options: ConstructorParameters<typeof SocketConnection>[1],
): SocketConnection {
  const connection = new SocketConnection(socket, options);
  socket.on('data', (bytes: Buffer) => connection.received(bytes, 0, bytes.length));
  return connection;
}

export interface TcpTarget {
  /** IPv4 or IPv6 literal. */
  readonly address: string;
  readonly port: number;
  readonly native: boolean;
}

export interface PendingConnect {
  /** Gives up; neither callback is called any more. */
  cancel(): void;
}

/** Calls exactly one of `onConnected` and `onFailed`, unless it is cancelled before. */
export function connectTcp(
  target: TcpTarget,
  onConnected: (connection: Connection) => void,
  onFailed: (error: Error) => void,
): PendingConnect {
  const receiver: Receiver = { connection: undefined };
  const socket = connect({
    host: target.address,
    port: target.port,
    noDelay: true,
    allowHalfOpen: true,
    onread: readInto(receiver),
  });
  let settled = false;
  socket.once('error', (error) => {
    if (settled) return;
    settled = true;
    onFailed(error);
  });
  socket.once('connect', () => {
    if (settled) return;
    settled = true;
    const descriptor = target.native ? descriptorOf(socket) : noDescriptor;
    receiver.connection = new SocketConnection(socket, { descriptor, tls: undefined });
    onConnected(receiver.connection);
  });
  return {
    cancel() {
      settled = true;
      socket.destroy();
    },
  };
}

function readInto(receiver: Receiver): OnReadOpts {
  return {
    buffer: readBuffer,
    callback(bytes: number): boolean {
      receiver.connection?.received(readBuffer, 0, bytes);
      return true;
    },
  };
}
