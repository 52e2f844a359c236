/**
 * Sluice's data plane as it runs in production: `sluice gateway` on a config file, metrics on and
 * the access log going to a file.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  BackendConfig,
  HttpRouteConfig,
  ListenerTlsConfig,
  MatchConfig,
  ProxyConfig,
} from '@sluice/model';
import { sluiceBundle } from '../bundle.ts';
import type { Peer, Setup } from '../peer.ts';
import { routeHosts, routePrefixes, type Scenario } from '../scenario.ts';

const origin = object('Service', 'origin');
const backendId = 'Service/bench/origin:80';
const certificateName = 'bench/tls';

export const ours: Peer = {
  name: 'ours',
  absence: () => undefined,
  launch(setup) {
    const config = join(setup.directory, 'proxy.json');
    const keys = join(setup.directory, 'keys');
    const accessLog = join(setup.directory, 'access.log');
    writeFileSync(config, JSON.stringify(proxyConfig(setup)));
    writeKeys(setup, join(keys, certificateName));
    const gateway = ['gateway', '--config', config, '--keys', keys, '--access-log', accessLog];
    return {
      command: process.execPath,
      args: [sluiceBundle, ...gateway, '--admin', '127.0.0.1:0'],
      accessLog,
    };
  },
};

function proxyConfig(setup: Setup): ProxyConfig {
  const routes = routesOf(setup.scenario);
  const gateway = object('Gateway', 'gateway');
  const listener = {
    owner: gateway,
    name: 'web',
    ...(setup.scenario.tls ? { tls: tlsConfig(setup) } : {}),
    routes: routes.map(({ id }) => id),
  };
  const bind = {
    port: setup.port,
    bindPort: setup.port,
    protocol: setup.scenario.tls ? ('https' as const) : ('http' as const),
    listeners: [listener],
  };
  return { version: 'bench', gateway, binds: [bind], routes, backends: [backend(setup)] };
}

/** One HTTPRoute for each host or for each path, as many users would write them. */
function routesOf(scenario: Scenario): HttpRouteConfig[] {
  const prefixes = routePrefixes(scenario);
  return routeHosts(scenario)
    .flatMap((host) => prefixes.map((prefix) => ({ host, prefix })))
    .map(({ host, prefix }, index) => ({
      id: `HTTPRoute/bench/route-${index}`,
      object: object('HTTPRoute', `route-${index}`),
      createdAt: 1_700_000_000_000 + index,
      hostnames: [host],
      rules: [
        {
          matches: [prefixMatch(prefix)],
          filters: [],
          backends: [{ backend: backendId, weight: 1, filters: [] }],
        },
      ],
    }));
}

function prefixMatch(value: string): MatchConfig {
  return { path: { kind: 'prefix', value }, headers: [], query: [] };
}

function backend({ originPort }: Setup): BackendConfig {
  const endpoints = [{ address: '127.0.0.1', port: originPort }];
  return { id: backendId, object: origin, port: 80, protocol: 'http1', endpoints };
}

function tlsConfig({ certificate }: Setup): ListenerTlsConfig {
  const fingerprint = createHash('sha256').update(readFileSync(certificate.pair)).digest('hex');
  return { certificates: [{ id: certificateName, fingerprint }] };
}

function writeKeys({ certificate }: Setup, directory: string): void {
  mkdirSync(directory, { recursive: true });
  copyFileSync(certificate.chain, join(directory, 'tls.crt'));
  copyFileSync(certificate.key, join(directory, 'tls.key'));
}

function object(kind: string, name: string): ProxyConfig['gateway'] {
  return { kind, namespace: 'bench', name };
}
