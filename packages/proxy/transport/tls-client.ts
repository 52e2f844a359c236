/**
 * TLS clients: a connection is handed over once the peer is verified, never before.
 */
import { connect } from 'node:tls';
import type { UpstreamTls } from '../upstream-tls.ts';
import type { Connection } from './connection.ts';
import { noDescriptor } from './socket-connection.ts';
import { type PendingConnect, readEvents } from './tcp.ts';

export interface TlsTarget {
  /** IPv4 or IPv6 literal. */
  readonly address: string;
  readonly port: number;
  readonly tls: UpstreamTls;
}

/**
 * Calls exactly one of `onConnected` and `onFailed`, unless it is cancelled before. `wasReached`:
 * the peer took the connection, and the handshake or its certificate failed.
 */
export function connectTls(
  { address, port, tls }: TlsTarget,
  onConnected: (connection: Connection) => void,
  onFailed: (wasReached: boolean) => void,
): PendingConnect {
  // Missing from the types of `connect`, which hands it on to the socket.
  const options = { ...tls.options, host: address, port, allowHalfOpen: true };
  const socket = connect(options);
  socket.setNoDelay(true);
  let settled = false;
  let wasReached = false;
  const fail = (): void => {
    if (settled) return;
    settled = true;
    onFailed(wasReached);
  };
  socket.once('connect', () => {
    wasReached = true;
  });
  socket.on('error', fail);
  socket.once('close', fail);
  socket.once('secureConnect', () => {
    if (settled) return;
    settled = true;
    const alpn = typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : undefined;
    const facts = { serverName: tls.serverName, alpn, clientVerified: false };
    onConnected(readEvents(socket, { descriptor: noDescriptor, tls: facts }));
  });
  return {
    cancel() {
      settled = true;
      socket.destroy();
    },
  };
}
