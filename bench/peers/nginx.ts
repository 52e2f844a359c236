/**
 * nginx as Debian ships it (gzip on, sendfile, tcp_nopush, access log in its default format,
 * unbuffered) with what any operator of a reverse proxy adds: one worker for the one core, an
 * upstream keep-alive pool, connections that are not closed every 1,000 requests.
 *
 * The tuned variant has proxy buffers that hold a 64 KiB body in a few pieces and request bodies in
 * memory; the shipped defaults are 4 KiB each, and a temporary file for a body of 16 KiB.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer, PeerName, Setup } from '../peer.ts';
import { findProgram } from '../program.ts';
import { routeHosts, routePrefixes } from '../scenario.ts';

export const nginx: Peer = variant('nginx', '');

export const nginxTuned: Peer = variant(
  'nginxTuned',
  'proxy_buffers 16 32k; proxy_buffer_size 32k; proxy_busy_buffers_size 64k; ' +
    'client_body_buffer_size 128k;',
);

function variant(name: PeerName, tuning: string): Peer {
  return {
    name,
    absence: () =>
      findProgram('nginx') === undefined ? 'not installed (Debian package nginx)' : undefined,
    launch(setup) {
      const config = join(setup.directory, 'nginx.conf');
      writeFileSync(config, renderConfig(setup, tuning));
      return {
        command: findProgram('nginx') ?? 'nginx',
        args: ['-p', setup.directory, '-c', config, '-g', 'daemon off;'],
        accessLog: join(setup.directory, 'access.log'),
      };
    },
  };
}

function renderConfig(setup: Setup, tuning: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid nginx.pid;
error_log error.log;
events { worker_connections 8192; }
http {
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  default_type application/octet-stream;
  ssl_protocols TLSv1.2 TLSv1.3;
  access_log access.log;
  gzip on;
  keepalive_requests 100000000;
  server_names_hash_max_size 65536;
  server_names_hash_bucket_size 128;
  ${temporary.map((kind) => `${kind}_temp_path ${kind};`).join(' ')}
  upstream origin {
    server 127.0.0.1:${setup.originPort};
    keepalive 256;
    keepalive_requests 100000000;
  }
  proxy_http_version 1.1;
  proxy_set_header Host $host;
  proxy_set_header Connection "";
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto $scheme;
  ${tuning}
  server { listen ${listenTo(setup)} default_server; server_name _; ${tls(setup)} return 404; }
${renderServers(setup)}
}
`;
}

function renderServers(setup: Setup): string {
  const locations = routePrefixes(setup.scenario).map(
    (prefix) => `location ${prefix} { proxy_pass http://origin; }`,
  );
  return routeHosts(setup.scenario)
    .map(
      (host) =>
        `  server { listen ${listenTo(setup)}; server_name ${host}; ${tls(setup)}\n    ${locations.join('\n    ')}\n  }`,
    )
    .join('\n');
}

function listenTo({ port, scenario }: Setup): string {
  return `127.0.0.1:${port}${scenario.tls ? ' ssl' : ''}`;
}

function tls({ scenario, certificate }: Setup): string {
  if (!scenario.tls) return '';
  return `ssl_certificate ${certificate.chain}; ssl_certificate_key ${certificate.key};`;
}
