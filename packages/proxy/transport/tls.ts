/**
 * TLS servers: connections are handed over once their handshake is complete and acceptable.
 *
 * Nothing that a client sends can make a callback throw: an unusable name or protocol is a failed
 * handshake of that connection.
 */
import {
  createServer,
  type SecureContext,
  type SecureContextOptions,
  type Server,
  type TLSSocket,
} from 'node:tls';
import type { Connection } from './connection.ts';
import { noDescriptor } from './socket-connection.ts';
import { readEvents } from './tcp.ts';

/** What the server asks for at each handshake; answers may change between handshakes. */
export interface TlsPolicy {
  /** Certificate for a server name in lower case; undefined: refuse. */
  contextFor(serverName: string): SecureContext | undefined;
  /** Certificate for clients that send no name; the same object while it is the same. */
  nameless(): SecureContextOptions | undefined;
  /** Whether clients are asked for a certificate. */
  readonly requestsCertificate: boolean;
  /** Whether a client without a valid certificate may go on. */
  acceptsClient(serverName: string, verified: boolean): boolean;
}

export interface TlsServerOptions {
  readonly policy: TlsPolicy;
  readonly handshakeMs: number;
  /** 48 bytes that encrypt session tickets; the same on every replica lets clients resume. */
  readonly ticketKeys: Buffer | undefined;
  readonly onConnection: (connection: Connection) => void;
  readonly onHandshakeFailed: () => void;
}

const protocols = ['http/1.1'];

/** Not listening yet. */
export function createTlsServer(options: TlsServerOptions): Server {
  const { policy } = options;
  const server = createServer({
    allowHalfOpen: true,
    noDelay: true,
    handshakeTimeout: options.handshakeMs,
    minVersion: 'TLSv1.2',
    requestCert: policy.requestsCertificate,
    // Judged below, once the name is known: listeners of one port may differ.
    rejectUnauthorized: false,
    ALPNCallback: ({ protocols: offered }) => offered.find((name) => protocols.includes(name)),
    SNICallback: (serverName, done) => done(null, contextFor(policy, serverName)),
    ...(options.ticketKeys === undefined ? {} : { ticketKeys: options.ticketKeys }),
  });
  serveNameless(server, options);
  server.on('secureConnection', (socket) => {
    const serverName = nameOf(socket);
    const clientVerified = policy.requestsCertificate && socket.authorized;
    if (!policy.acceptsClient(serverName, clientVerified)) {
      options.onHandshakeFailed();
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    const alpn = socket.alpnProtocol === false ? undefined : (socket.alpnProtocol ?? undefined);
    const tls = { serverName, alpn, clientVerified };
    options.onConnection(readEvents(socket, { descriptor: noDescriptor, tls }));
  });
  server.on('tlsClientError', () => options.onHandshakeFailed());
  return server;
}

/**
 * Node asks for a certificate only where a client sends a name; the others get the one that the
 * server has at that moment. It is looked up before each handshake, and changed when it changed.
 */
function serveNameless(server: Server, { policy, ticketKeys }: TlsServerOptions): void {
  let served: SecureContextOptions | undefined;
  server.prependListener('connection', () => {
    try {
      const wanted = policy.nameless();
      if (wanted === served) return;
      server.setSecureContext({ ...wanted, ...(ticketKeys === undefined ? {} : { ticketKeys }) });
      served = wanted;
    } catch {
      // The one before stays: it was usable.
    }
  });
}

function contextFor(policy: TlsPolicy, serverName: string): SecureContext | undefined {
  try {
    return policy.contextFor(normalizeName(serverName));
  } catch {
    return undefined;
  }
}

function nameOf(socket: TLSSocket): string {
  const name: unknown = Reflect.get(socket, 'servername');
  return typeof name === 'string' ? normalizeName(name) : '';
}

function normalizeName(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}
