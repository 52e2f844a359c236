/** A proxy on loopback with a config made of few words. */
import type {
  BackendConfig,
  BindConfig,
  HttpRouteConfig,
  ObjectName,
  ProxyConfig,
  RuleConfig,
} from '@sluice/model';
import { createProxy, type KeyStore, type Proxy, type ProxyOptions } from '@sluice/proxy';

const gateway: ObjectName = { kind: 'Gateway', namespace: 'test', name: 'gateway' };
let versions = 0;

export interface RunningProxy extends AsyncDisposable {
  readonly proxy: Proxy;
  /** Bound port of the first bind. */
  readonly port: number;
  /** Access log entries, in the order of the exchanges' ends; those of this turn included. */
  logged(): Promise<readonly LogLine[]>;
}

export interface LogLine {
  readonly [name: string]: string | number;
}

/** Throws when the config is not applied without problems. */
export async function startProxy(
  config: ProxyConfig,
  options: ProxyOptions & { readonly keys?: KeyStore } = {},
): Promise<RunningProxy> {
  let lines = '';
  const proxy = createProxy({
    address: () => '127.0.0.1',
    accessLog: (more) => {
      lines += Buffer.from(more).toString();
    },
    ...options,
  });
  const { problems } = await proxy.apply(config, options.keys ?? new Map());
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return {
    proxy,
    port: proxy.addresses[0]?.boundPort ?? 0,
    async logged() {
      // An exchange ends, and is logged, in the turn after its last byte was read.
      for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      proxy.flushLog();
      return lines
        .split('\n')
        .filter(Boolean)
        .map((line): LogLine => JSON.parse(line));
    },
    [Symbol.asyncDispose]: () => proxy.close(),
  };
}

export interface ConfigParts {
  /** By id of the backend: its ports on 127.0.0.1. */
  readonly backends: Readonly<Record<string, readonly number[] | Partial<BackendConfig>>>;
  readonly rules?: readonly RuleConfig[];
  readonly routes?: readonly HttpRouteConfig[];
  readonly binds?: readonly BindConfig[];
}

/** One plain HTTP listener for every host, with one route, unless said otherwise. */
export function buildConfig(parts: ConfigParts): ProxyConfig {
  const [firstBackend = ''] = Object.keys(parts.backends);
  const routes = parts.routes ?? [
    buildRoute('route', parts.rules ?? [buildRule({ backends: [firstBackend] })]),
  ];
  versions += 1;
  return {
    version: `v${versions}`,
    gateway,
    binds: parts.binds ?? [
      {
        port: 80,
        bindPort: 0,
        protocol: 'http',
        listeners: [{ owner: gateway, name: 'http', routes: routes.map(({ id }) => id) }],
      },
    ],
    routes,
    backends: Object.entries(parts.backends).map(([id, backend]) => buildBackend(id, backend)),
  };
}

export function buildRoute(
  id: string,
  rules: readonly RuleConfig[],
  hostnames: readonly string[] = [],
): HttpRouteConfig {
  const object = { kind: 'HTTPRoute', namespace: 'test', name: id };
  return { id, object, createdAt: 0, hostnames, rules };
}

export type RuleParts = Omit<Partial<RuleConfig>, 'backends' | 'matches'> & {
  /** Path prefix; default `/`. */
  readonly prefix?: string;
  readonly matches?: RuleConfig['matches'];
  readonly backends?: readonly (string | RuleConfig['backends'][number])[];
};

export function buildRule(parts: RuleParts): RuleConfig {
  const { prefix = '/', matches, backends = [], filters = [], ...rest } = parts;
  const path = { kind: 'prefix', value: prefix } as const;
  return {
    ...rest,
    matches: matches ?? [{ path, headers: [], query: [] }],
    filters,
    backends: backends.map((backend) =>
      typeof backend === 'string' ? { backend, weight: 1, filters: [] } : backend,
    ),
  };
}

function buildBackend(
  id: string,
  backend: readonly number[] | Partial<BackendConfig>,
): BackendConfig {
  const object = { kind: 'Service', namespace: 'test', name: id };
  const ports: readonly number[] = isPortList(backend) ? backend : [];
  const endpoints = ports.map((port) => ({ address: '127.0.0.1', port }));
  const parts = isPortList(backend) ? {} : backend;
  return { id, object, port: 80, protocol: 'http1', endpoints, ...parts };
}

function isPortList(
  backend: readonly number[] | Partial<BackendConfig>,
): backend is readonly number[] {
  return Array.isArray(backend);
}
