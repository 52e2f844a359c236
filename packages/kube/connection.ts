/** The way in: a client for a cluster that one has access to. */
import { type Client, type ClientOptions, clientOver } from './client.ts';
import type { ClusterAccess } from './credentials.ts';
import { openTransport } from './transport.ts';

export function createClient(access: ClusterAccess, options: ClientOptions = {}): Client {
  return clientOver(openTransport(access), options);
}
