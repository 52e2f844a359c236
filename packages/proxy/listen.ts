/**
 * The sockets of the proxy: one per bind port, opened and closed as the config asks.
 *
 * A reload touches only sockets whose port appeared, vanished, or changed its protocol or whether
 * it asks for client certificates.
 */
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import type { BindConfig } from '@sluice/model';
import type { Connection } from './transport/connection.ts';
import { acceptTcp } from './transport/tcp.ts';
import { createTlsServer, type TlsPolicy } from './transport/tls.ts';

export interface BindAddress {
  /** As in the config. */
  readonly port: number;
  readonly bindPort: number;
  /** What was bound: with `bindPort` 0 the system chose. */
  readonly address: string;
  readonly boundPort: number;
  readonly protocol: BindConfig['protocol'];
}

export interface BindOptions {
  readonly host: string;
  readonly native: boolean;
  readonly connectionsMax: number;
  readonly handshakeMs: number;
  readonly ticketKeys: Buffer | undefined;
  readonly buildPolicy: (port: number, requestsCertificate: boolean) => TlsPolicy;
  readonly onConnection: (connection: Connection, bind: Bind) => void;
  readonly onRefused: () => void;
}

/** A listening socket. */
export interface Bind {
  readonly address: BindAddress;
  readonly requestsCertificate: boolean;
  /** Open connections accepted here; kept by the owner of the connections. */
  connections: number;
  close(): void;
}

/** Throws what `listen` throws, such as EADDRINUSE. */
export async function openBind(config: BindConfig, options: BindOptions): Promise<Bind> {
  const requestsCertificate = asksForCertificate(config);
  const accept = (connection: Connection): void => {
    if (bind.connections < options.connectionsMax) {
      options.onConnection(connection, bind);
      return;
    }
    options.onRefused();
    connection.destroy();
  };
  const server: Server =
    config.protocol === 'https'
      ? createTlsServer({
          policy: options.buildPolicy(config.port, requestsCertificate),
          handshakeMs: options.handshakeMs,
          ticketKeys: options.ticketKeys,
          onConnection: accept,
          onHandshakeFailed: options.onRefused,
        })
      : createServer({ allowHalfOpen: true, noDelay: true });
  await listenOn(server, options.host, config.bindPort);
  if (config.protocol === 'http') acceptTcp(server, options.native, accept);
  const bound = server.address() as AddressInfo;
  const bind: Bind = {
    address: {
      port: config.port,
      bindPort: config.bindPort,
      address: bound.address,
      boundPort: bound.port,
      protocol: config.protocol,
    },
    requestsCertificate,
    connections: 0,
    close: () => server.close(),
  };
  return bind;
}

/** Can this socket go on serving the config? */
export function fitsBind(bind: Bind, config: BindConfig): boolean {
  return (
    bind.address.port === config.port &&
    bind.address.bindPort === config.bindPort &&
    bind.address.protocol === config.protocol &&
    bind.requestsCertificate === asksForCertificate(config)
  );
}

function asksForCertificate(config: BindConfig): boolean {
  return config.listeners.some(({ tls }) => tls?.clientValidation !== undefined);
}

function listenOn(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });
}
