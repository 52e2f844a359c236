/**
 * The one place that touches what `net` does not make public: the descriptor of a socket, and
 * accepting a connection with a read buffer of ours (`onread` is public for clients only).
 *
 * `probeNativeHandles` proves on a loopback connection, once at start-up, that both work in this
 * runtime; where they do not, everything runs on the public API, slower and with the same meaning.
 */
import { writeSync } from 'node:fs';
import { connect, createServer, type OnReadOpts, type Server, Socket } from 'node:net';

interface NativeHandle {
  readonly fd?: number;
  onconnection?: (status: number, client: NativeHandle | undefined) => void;
}

/** The descriptor, or -1 where there is none to write to. */
export function descriptorOf(socket: Socket): number {
  return handleOf(socket)?.fd ?? -1;
}

/**
 * Makes a listening server hand over its connections as sockets that read with `onread`.
 * `prepare` gives the read options of one connection before its socket exists.
 */
export function acceptWithReadBuffer<T>(
  server: Server,
  prepare: () => { onread: OnReadOpts; context: T },
  onSocket: (socket: Socket, context: T) => void,
): boolean {
  const handle = handleOf(server);
  if (typeof handle?.onconnection !== 'function') return false;
  handle.onconnection = (status, client) => {
    if (status !== 0 || client === undefined) return;
    const { onread, context } = prepare();
    const options = { handle: client, allowHalfOpen: true, onread };
    // Read options of an existing handle are the part that the types do not know.
    const socket = new Socket(options as object);
    socket.setNoDelay(true);
    onSocket(socket, context);
  };
  return true;
}

let probe: Promise<boolean> | undefined;

/** Runs once per process; never rejects. */
export function probeNativeHandles(): Promise<boolean> {
  probe ??= runProbe().catch(() => false);
  return probe;
}

async function runProbe(): Promise<boolean> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    return await exchangeProbeBytes(server);
  } finally {
    server.close();
  }
}

/** Client sends by descriptor, the accepted side must find the bytes in its own buffer. */
function exchangeProbeBytes(server: Server): Promise<boolean> {
  const message = Buffer.from('probe');
  const buffer = Buffer.alloc(64);
  const address = server.address();
  if (address === null || typeof address === 'string') return Promise.resolve(false);
  return new Promise((resolve) => {
    const client = connect({ port: address.port, host: '127.0.0.1' });
    const finish = (works: boolean): void => {
      clearTimeout(timeout);
      client.destroy();
      resolve(works);
    };
    const timeout = setTimeout(finish, 1_000, false);
    const callback = (bytes: number): boolean => {
      finish(buffer.subarray(0, bytes).equals(message));
      return true;
    };
    const prepare = () => ({ onread: { buffer, callback }, context: undefined });
    const onSocket = (socket: Socket): void => {
      socket.on('error', () => finish(false));
      socket.on('end', () => socket.destroy());
    };
    if (!acceptWithReadBuffer(server, prepare, onSocket)) finish(false);
    client.on('error', () => finish(false));
    client.on('connect', () => {
      try {
        writeSync(descriptorOf(client), message);
      } catch {
        finish(false);
      }
    });
  });
}

function handleOf(owner: Socket | Server): NativeHandle | undefined {
  const handle: unknown = Reflect.get(owner, '_handle');
  return typeof handle === 'object' && handle !== null ? handle : undefined;
}
