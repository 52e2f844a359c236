/** Small valid configs for the tests of this package: only what a test varies is said there. */
import type { HttpRouteConfig, ListenerConfig, MatchConfig, ProxyConfig } from './config.ts';

export interface RouteSample {
  readonly namespace?: string;
  readonly createdAt?: number;
  readonly hostnames?: readonly string[];
  /** The matches of each rule; a match without path is the prefix `/`. */
  readonly rules?: readonly (readonly Partial<MatchConfig>[])[];
}

export function sampleRoute(name: string, sample: RouteSample = {}): HttpRouteConfig {
  const { namespace = 'default', createdAt = 0, hostnames = [], rules = [[{}]] } = sample;
  return {
    id: `HTTPRoute/${namespace}/${name}`,
    object: { kind: 'HTTPRoute', namespace, name },
    createdAt,
    hostnames,
    rules: rules.map((matches) => ({
      matches: matches.map(sampleMatch),
      filters: [],
      backends: [],
    })),
  };
}

/** One HTTP listener on port 80 with all `routes`. */
export function sampleConfig(routes: readonly HttpRouteConfig[], hostname?: string): ProxyConfig {
  const gateway = { kind: 'Gateway', namespace: 'default', name: 'gateway' };
  const listener: ListenerConfig = {
    owner: gateway,
    name: 'http',
    ...(hostname === undefined ? {} : { hostname }),
    routes: routes.map((route) => route.id),
  };
  return {
    version: '1',
    gateway,
    binds: [{ port: 80, bindPort: 8080, protocol: 'http', listeners: [listener] }],
    routes,
    backends: [],
  };
}

function sampleMatch(match: Partial<MatchConfig>): MatchConfig {
  return { path: { kind: 'prefix', value: '/' }, headers: [], query: [], ...match };
}
