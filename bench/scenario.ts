/**
 * The benchmark's scenarios, as data: what clients send, what the origin answers, what the proxy
 * has to know. Each says one thing about a proxy; README.md tells how to read them.
 */

export interface Scenario {
  readonly name: string;
  /** One line for people. */
  readonly title: string;
  /** Bytes of the origin's answer, body only. */
  readonly answerBytes: number;
  readonly routes: RouteShape;
  readonly tls: boolean;
  /** Request body; 0: GET. */
  readonly requestBytes: number;
  /** Header fields beyond Host. */
  readonly furtherHeaders: number;
  /** A new connection for each request. */
  readonly closes: boolean;
  /** Requests per second, sent whether or not the proxy keeps up; 0: as fast as it answers. */
  readonly ratePerSecond: number;
  /** Rows beside the four proxies. */
  readonly yardsticks: readonly Yardstick[];
}

export type Yardstick = 'limit' | 'nginxTuned';

/** `hosts`: `h0.example.com` …, one route each. `paths`: prefixes `/p0` … under any host. */
export interface RouteShape {
  readonly kind: 'hosts' | 'paths';
  readonly count: number;
}

const plain: Omit<Scenario, 'name' | 'title'> = {
  answerBytes: 13,
  routes: { kind: 'hosts', count: 1 },
  tls: false,
  requestBytes: 0,
  furtherHeaders: 0,
  closes: false,
  ratePerSecond: 0,
  yardsticks: [],
};

const kib = 1024;

export const scenarios: readonly Scenario[] = [
  {
    ...plain,
    name: 'h1-small',
    title: 'keep-alive, small GET',
    yardsticks: ['limit'],
  },
  {
    ...plain,
    name: 'h1-headers',
    title: 'keep-alive, GET with 10 more header fields',
    furtherHeaders: 10,
    yardsticks: ['limit'],
  },
  {
    ...plain,
    name: 'h1-64k',
    title: 'keep-alive, answers of 64 KiB',
    answerBytes: 64 * kib,
    yardsticks: ['nginxTuned', 'limit'],
  },
  {
    ...plain,
    name: 'h1-1m',
    title: 'keep-alive, answers of 1 MiB',
    answerBytes: 1024 * kib,
    yardsticks: ['nginxTuned', 'limit'],
  },
  {
    ...plain,
    name: 'h1-post-16k',
    title: 'keep-alive, POST of 16 KiB',
    requestBytes: 16 * kib,
    yardsticks: ['nginxTuned', 'limit'],
  },
  {
    ...plain,
    name: 'h1-connect',
    title: 'a new connection for each small GET',
    closes: true,
    yardsticks: ['limit'],
  },
  { ...plain, name: 'tls-keepalive', title: 'TLS 1.3, keep-alive, small GET', tls: true },
  {
    ...plain,
    name: 'tls-handshake',
    title: 'TLS 1.3, a whole handshake for each small GET',
    tls: true,
    closes: true,
  },
  { ...plain, name: 'routes-1', title: '1 host, small GET' },
  {
    ...plain,
    name: 'routes-1000',
    title: '1,000 hosts, small GET',
    routes: { kind: 'hosts', count: 1000 },
  },
  {
    ...plain,
    name: 'routes-5000',
    title: '5,000 hosts, small GET',
    routes: { kind: 'hosts', count: 5000 },
  },
  {
    ...plain,
    name: 'paths-1000',
    title: '1,000 path prefixes under one host, small GET',
    routes: { kind: 'paths', count: 1000 },
  },
  {
    ...plain,
    name: 'paths-5000',
    title: '5,000 path prefixes under one host, small GET',
    routes: { kind: 'paths', count: 5000 },
  },
  {
    ...plain,
    name: 'fixed-4000',
    title: '4,000 requests a second, open loop, small GET',
    ratePerSecond: 4000,
    yardsticks: ['limit'],
  },
];

/** What `--quick` runs when `--only` names nothing. */
export const quickScenarios: readonly string[] = [
  'h1-small',
  'h1-64k',
  'tls-keepalive',
  'routes-5000',
  'fixed-4000',
];

/** Host names the proxy routes, in order; the load generator uses the same. */
export function routeHosts(scenario: Scenario): string[] {
  const { kind, count } = scenario.routes;
  if (kind === 'paths' || count === 1) return ['bench.example.com'];
  return Array.from({ length: count }, (_, index) => `h${index}.example.com`);
}

/** Path prefixes the proxy routes under each host. */
export function routePrefixes(scenario: Scenario): string[] {
  const { kind, count } = scenario.routes;
  if (kind === 'hosts') return ['/'];
  return Array.from({ length: count }, (_, index) => `/p${index}`);
}

/** The load generator's options that a scenario stands for. */
export function loadOptions(scenario: Scenario): string[] {
  const { kind, count } = scenario.routes;
  return [
    `expect=${scenario.answerBytes}`,
    `body=${scenario.requestBytes}`,
    `headers=${scenario.furtherHeaders}`,
    `rate=${scenario.ratePerSecond}`,
    ...(scenario.closes ? ['closes=1'] : []),
    ...(scenario.tls ? ['tls=1'] : []),
    ...(count > 1 ? [`${kind}=${count}`] : []),
  ];
}
