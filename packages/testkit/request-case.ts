/**
 * What a case expects of one request: the backend that gets it and what it sees there, or the
 * answer. Read against a config with `exchange`.
 */
import type { FilterConfig, ProxyConfig } from '@sluice/model';
import { type BackendAnswer, filterResponse, statusOf } from './backend-answer.ts';
import { type Exchange, type ExchangeRequest, exchange, type Target } from './exchange.ts';
import { findHeader, type Headers } from './headers.ts';
import { checkKeys, findMismatches, isRecord, mismatch } from './mismatch.ts';

export interface RequestCase {
  /** `GET http://host:port/path?query`. */
  readonly request: string;
  /** `namespace/name`; may be left out where there is one Gateway. */
  readonly gateway?: string;
  /** Host field, where it is not the URL's. */
  readonly host?: string;
  /** Name in the TLS handshake, where it is not the URL's host. */
  readonly sni?: string;
  readonly headers?: Headers;
  /** What the backend says. */
  readonly answers?: BackendAnswer;
  readonly expect: ExpectedExchange;
}

export interface ExpectedExchange {
  readonly connection?: 'refused';
  readonly handshake?: 'refused';
  /** An answer of the proxy's own. */
  readonly status?: number;
  readonly redirect?: { readonly status: number; readonly location: string };
  /** `namespace/name` of the Service that gets all requests. */
  readonly backend?: string;
  /** Weight by Service; `invalid` is the weight that is answered 500. */
  readonly backends?: Readonly<Record<string, number>>;
  readonly sees?: ExpectedMessage;
  readonly backendSees?: Readonly<Record<string, ExpectedMessage>>;
  /** What the client gets back. */
  readonly returns?: ExpectedMessage;
  readonly mirrors?: readonly { readonly backend: string; readonly percent: number }[];
  /** Each in order, as a subset of the config's. */
  readonly filters?: readonly object[];
  readonly timeouts?: Readonly<Record<string, number>>;
  readonly retry?: object;
  readonly protocol?: string;
  /** `address:port`. */
  readonly endpoints?: readonly string[];
  readonly clientCertificate?: { readonly mode: string; readonly trusts: readonly string[] };
}

export interface ExpectedMessage {
  readonly status?: number;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: Headers;
  /** Names of headers that are gone. */
  readonly absent?: readonly string[];
}

/** PEM bundles by `namespace/name` of the ConfigMap, for `clientCertificate.trusts`. */
export type TrustBundles = ReadonlyMap<string, string>;

const caseKeys = ['request', 'gateway', 'host', 'sni', 'headers', 'answers', 'expect'];
const messageKeys = ['status', 'path', 'host', 'headers', 'absent'];
const answerKeys = [
  'connection',
  'handshake',
  'status',
  'redirect',
  'returns',
  'clientCertificate',
];
const forwardKeys = [
  'backend',
  'backends',
  'sees',
  'backendSees',
  'mirrors',
  'filters',
  'timeouts',
  'retry',
  'protocol',
  'endpoints',
  'clientCertificate',
];

/** Differences between what the config does with the request and what is expected. */
export function compareRequest(
  requestCase: RequestCase,
  configs: Readonly<Record<string, ProxyConfig>>,
  bundles: TrustBundles,
): string[] {
  const { request, expect } = requestCase;
  const path = request;
  checkKeys(requestCase, caseKeys, path);
  checkKeys(expect, [...answerKeys, ...forwardKeys], path);
  if (Object.keys(expect).length === 0) throw new Error(`${path}: expects nothing`);
  const config = configs[requestCase.gateway ?? onlyKey(configs)];
  if (config === undefined) return [mismatch(path, 'a config', undefined)];
  const actual = exchange(config, parseRequest(requestCase));
  const rest = actual.kind === 'forward' ? compareForward(requestCase, actual) : [];
  const ignored = actual.kind === 'forward' ? [] : Object.keys(expect);
  const misplaced = ignored.filter((key) => !answerKeys.includes(key));
  return [
    ...compareAnswer(expect, actual, path),
    ...(misplaced.length === 0 ? [] : [mismatch(path, expect, summarize(actual))]),
    ...compareClientCertificate(expect, actual, bundles).map((text) => `${path} ${text}`),
    ...rest.map((text) => `${path} ${text}`),
  ];
}

/** The one Gateway there is. */
export function onlyKey(configs: Readonly<Record<string, ProxyConfig>>): string {
  const keys = Object.keys(configs);
  if (keys.length > 1) throw new Error(`name the gateway: ${keys.join(', ')}`);
  return keys[0] ?? '';
}

export function parseRequest({ request, host, sni, headers }: RequestCase): ExchangeRequest {
  const parts = /^([A-Z]+) (https?):\/\/([^/:]+)(?::(\d+))?(\/.*)$/.exec(request);
  if (parts === null) throw new Error(`not "METHOD URL": ${request}`);
  const [, method = '', scheme = '', name = '', port, target = ''] = parts;
  const isHttps = scheme === 'https';
  return {
    method,
    scheme: isHttps ? 'https' : 'http',
    port: port === undefined ? (isHttps ? 443 : 80) : Number(port),
    host: host ?? (port === undefined ? name : `${name}:${port}`),
    sni: sni ?? name,
    target,
    headers: headers ?? {},
  };
}

function compareAnswer(expect: ExpectedExchange, actual: Exchange, path: string): string[] {
  const { connection, handshake, status, redirect } = expect;
  if (![connection, handshake].every((word) => word === undefined || word === 'refused')) {
    throw new Error(`${path}: a connection or handshake can only be "refused"`);
  }
  if (connection !== undefined) return expectKind(['no-connection'], actual, path);
  if (handshake !== undefined) return expectKind(['no-connection', 'no-handshake'], actual, path);
  if (status !== undefined) {
    const { headers = {} } = actual as { headers?: Headers };
    return [
      ...findMismatches({ kind: 'status', status }, actual, path),
      ...compareMessage(expect.returns ?? {}, { headers }, `${path} returns`),
    ];
  }
  if (redirect === undefined) return [];
  return findMismatches({ kind: 'redirect', ...redirect }, actual, path);
}

function expectKind(kinds: readonly string[], actual: Exchange, path: string): string[] {
  return kinds.includes(actual.kind) ? [] : [mismatch(path, kinds[0], summarize(actual))];
}

function compareClientCertificate(
  { clientCertificate: expected }: ExpectedExchange,
  actual: Exchange,
  bundles: TrustBundles,
): string[] {
  if (expected === undefined) return [];
  const validation = 'listener' in actual ? actual.listener?.tls?.clientValidation : undefined;
  const caCertificates = expected.trusts.map((name) => bundles.get(name)?.trim());
  return findMismatches(
    { mode: expected.mode, caCertificates },
    validation && {
      ...validation,
      caCertificates: validation.caCertificates.map((pem) => pem.trim()),
    },
    'clientCertificate',
  );
}

type Forward = Extract<Exchange, { kind: 'forward' }>;

function compareForward(requestCase: RequestCase, { rule, targets }: Forward): string[] {
  const { expect, answers = {} } = requestCase;
  const { filters, mirrors, timeouts, retry } = expect;
  const actualFilters = targets[0]?.filters ?? [];
  const all = expect.backend !== undefined;
  const backends = all ? { [expect.backend]: 'all' } : expect.backends;
  const chosen = all ? weighAll(targets) : weigh(targets);
  if (backends === undefined) {
    if (answerKeys.some((key) => key in expect && key !== 'clientCertificate')) return [];
    throw new Error('expects neither a backend nor an answer');
  }
  const response = {
    status: statusOf(answers, rule),
    headers: filterResponse(answers, actualFilters, parseRequest(requestCase)),
  };
  return [
    ...findMismatches(backends, chosen, 'backends'),
    ...findMismatches(Object.keys(backends).sort(), Object.keys(chosen), 'backends'),
    ...(filters === undefined ? [] : findMismatches(filters, actualFilters, 'filters')),
    ...(mirrors === undefined
      ? []
      : findMismatches(mirrors, actualFilters.flatMap(readMirror), 'mirrors')),
    ...(timeouts === undefined ? [] : compareTimeouts(timeouts, rule.timeouts ?? {})),
    ...(retry === undefined ? [] : findMismatches(retry, rule.retry, 'retry')),
    ...compareTargets(expect, targets),
    ...(expect.returns === undefined ? [] : compareMessage(expect.returns, response, 'returns')),
  ];
}

function compareTargets(expect: ExpectedExchange, targets: readonly Target[]): string[] {
  return targets.flatMap((target) => {
    const { backend, sees } = target;
    if (backend === undefined) return [];
    const name = nameOf(target);
    const message = expect.backendSees?.[name] ?? expect.sees;
    const endpoints = backend.endpoints.map(({ address, port }) => `${address}:${port}`);
    return [
      ...(message === undefined ? [] : compareMessage(message, sees, `${name} sees`)),
      ...(expect.protocol === undefined
        ? []
        : findMismatches(expect.protocol, backend.protocol, `${name} protocol`)),
      ...(expect.endpoints === undefined
        ? []
        : findMismatches(expect.endpoints, endpoints, `${name} endpoints`)),
    ];
  });
}

/** Differences between a message and what is expected of it. */
export function compareMessage(
  expected: ExpectedMessage,
  actual: { status?: number; path?: string; host?: string; headers: Headers },
  place: string,
): string[] {
  checkKeys(expected, messageKeys, place);
  const { headers = {}, absent = [], ...line } = expected;
  const fields = [
    ...Object.entries(headers).map(([name, value]) => ({ name, value })),
    ...absent.map((name) => ({ name, value: undefined })),
  ];
  return [
    ...findMismatches(line, actual, place),
    ...fields.flatMap(({ name, value }) =>
      findMismatches(value, findHeader(actual.headers, name), `${place} ${name}`),
    ),
  ];
}

/** 0 says the same as an absent timeout: none. */
function compareTimeouts(expected: object, actual: object): string[] {
  const none = { requestMs: 0, backendRequestMs: 0 };
  checkKeys(expected, Object.keys(none), 'timeouts');
  return findMismatches({ ...none, ...expected }, { ...none, ...actual }, 'timeouts');
}

function readMirror(filter: FilterConfig): { backend: string; percent: number }[] {
  if (filter.kind !== 'mirror') return [];
  const [, namespace = '', name = ''] = filter.backend.split(':')[0]?.split('/') ?? [];
  const percent = (100 * filter.numerator) / filter.denominator;
  return [{ backend: `${namespace}/${name}`, percent }];
}

function weigh(targets: readonly Target[]): Record<string, number> {
  const weights: Record<string, number> = {};
  for (const target of targets) {
    const name = nameOf(target);
    weights[name] = (weights[name] ?? 0) + target.weight;
  }
  return sortKeys(weights);
}

function weighAll(targets: readonly Target[]): Record<string, string> {
  const chosen = targets.filter((target) => target.weight > 0);
  return sortKeys(Object.fromEntries(chosen.map((target) => [nameOf(target), 'all'])));
}

function nameOf({ backend }: Target): string {
  return backend === undefined ? 'invalid' : `${backend.object.namespace}/${backend.object.name}`;
}

function sortKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function summarize(actual: Exchange): unknown {
  if (actual.kind === 'forward') return weigh(actual.targets);
  const { listener, ...rest } = actual as Exchange & { listener?: unknown };
  return isRecord(listener) ? { ...rest, listener: listener['name'] } : rest;
}
