/**
 * HAProxy with one thread, its connection pool on for every request and the HTTP log written to a
 * file (its standard output). Hosts and paths are looked up in map files, as its ingress
 * controllers do it; paths by `map_beg`, which is a tree, while `map_dir` would search linearly.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer, Setup } from '../peer.ts';
import { findProgram } from '../program.ts';
import { routeHosts, routePrefixes } from '../scenario.ts';

export const haproxy: Peer = {
  name: 'haproxy',
  absence: () =>
    findProgram('haproxy') === undefined ? 'not installed (Debian package haproxy)' : undefined,
  launch(setup) {
    const config = join(setup.directory, 'haproxy.cfg');
    writeMap(join(setup.directory, 'hosts.map'), routeHosts(setup.scenario));
    writeMap(
      join(setup.directory, 'paths.map'),
      routePrefixes(setup.scenario).map((prefix) => (prefix === '/' ? '/' : `${prefix}/`)),
    );
    writeFileSync(config, renderConfig(setup));
    return {
      command: findProgram('haproxy') ?? 'haproxy',
      args: ['-db', '-f', config],
      accessLog: join(setup.directory, 'stdout.log'),
    };
  },
};

function writeMap(path: string, keys: readonly string[]): void {
  writeFileSync(path, keys.map((key) => `${key} origin\n`).join(''));
}

function renderConfig({ scenario, port, originPort, directory, certificate }: Setup): string {
  const key =
    scenario.routes.kind === 'hosts'
      ? `req.hdr(host),field(1,:),lower,map_str(${directory}/hosts.map,none)`
      : `path,map_beg(${directory}/paths.map,none)`;
  return `
global
  log stdout format raw local0
  nbthread 1
  maxconn 4000
  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
defaults
  log global
  mode http
  option httplog
  option dontlognull
  option forwardfor
  http-reuse always
  timeout connect 5s
  timeout client 50s
  timeout server 50s
frontend gateway
  bind 127.0.0.1:${port}${scenario.tls ? ` ssl crt ${certificate.pair}` : ''}
  use_backend %[${key}]
backend origin
  server origin 127.0.0.1:${originPort} pool-max-conn -1
backend none
  http-request return status 404
`;
}
