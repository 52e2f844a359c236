/**
 * The requests of a golden case over real sockets: a proxy for each Gateway, fed with the configs
 * of each step in turn, an origin for each Service. The same `expect.yaml` says what must happen.
 *
 * Left to other tests: shares of mirrors.
 */
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { ProxyConfig } from '@sluice/model';
import { readKeyPair, readSecretFacts } from '@sluice/pki';
import { createProxy, type KeyPair, type Proxy } from '@sluice/proxy';
import type { ConfigMap } from '@sluice/spec';
import type { GoldenCase } from './golden-case.ts';
import { runGoldenCase, type StepResult } from './golden-run.ts';
import { compareLive, type Place } from './live-request.ts';
import { type RecordingOrigin, respondWith, startOrigin } from './origin/recording-origin.ts';
import type { RecordedRequest } from './origin/request-parser.ts';
import { onlyKey } from './request-case.ts';

/** Origins by Service (`namespace/name`), for as many cases as there are. */
export type Origins = Map<string, RecordingOrigin>;

export interface TrafficResult {
  /** Requests that went over a socket. */
  readonly requests: number;
  readonly mismatches: readonly string[];
}

export async function runGoldenTraffic(
  goldenCase: GoldenCase,
  origins: Origins,
): Promise<TrafficResult> {
  const proxies = new Map<string, Proxy>();
  const mismatches: string[] = [];
  let requests = 0;
  try {
    for (const [index, result] of runGoldenCase(goldenCase).entries()) {
      mismatches.push(...(await applyStep(result, proxies, origins)));
      for (const requestCase of goldenCase.expectations[index]?.requests ?? []) {
        const gateway = requestCase.gateway ?? onlyKey(result.configs);
        const place = placeOf(gateway, result, { proxies, origins });
        mismatches.push(...(await compareLive(requestCase, place)));
        requests += 1;
      }
    }
  } finally {
    for (const proxy of proxies.values()) await proxy.close();
  }
  for (const origin of origins.values()) mismatches.push(...origin.violations.splice(0));
  return { requests, mismatches };
}

/** Proxies live through the steps, as data planes do. */
async function applyStep(
  { configs, objects }: StepResult,
  proxies: Map<string, Proxy>,
  origins: Origins,
): Promise<string[]> {
  const keys = readKeys(objects);
  const problems: string[] = [];
  for (const [gateway, config] of Object.entries(configs)) {
    const proxy = proxies.get(gateway) ?? createProxy({ address: () => '127.0.0.1' });
    proxies.set(gateway, proxy);
    const result = await proxy.apply(await bringHome(config, { origins, objects, keys }), keys);
    problems.push(...result.problems.map(({ field, message }) => `${field}: ${message}`));
  }
  return problems;
}

function readKeys(objects: StepResult['objects']): Map<string, KeyPair> {
  const keys = new Map<string, KeyPair>();
  for (const object of objects.values()) {
    if (object.kind !== 'Secret') continue;
    const { certificate } = readSecretFacts(object);
    const pair = readKeyPair(object);
    if (certificate === undefined || pair === undefined) continue;
    const { namespace, name } = object.metadata;
    keys.set(`${namespace}/${name}`, { ...pair, fingerprint: certificate.fingerprint });
  }
  return keys;
}

/** The same config on loopback: any free port, and one origin for each Service with endpoints. */
async function bringHome(config: ProxyConfig, home: Home): Promise<ProxyConfig> {
  const { origins } = home;
  const backends: ProxyConfig['backends'][number][] = [];
  for (const backend of config.backends) {
    const service = `${backend.object.namespace}/${backend.object.name}`;
    const origin = origins.get(service) ?? (await startOrigin(reply, tlsOf(service, home)));
    origins.set(service, origin);
    const endpoint = { address: '127.0.0.1', port: origin.port };
    const endpoints = backend.endpoints.length === 0 ? [] : [endpoint];
    backends.push({ ...backend, endpoints });
  }
  return { ...config, backends, binds: config.binds.map((bind) => ({ ...bind, bindPort: 0 })) };
}

interface Home {
  readonly origins: Origins;
  readonly objects: StepResult['objects'];
  readonly keys: ReadonlyMap<string, KeyPair>;
}

/** A Service whose Pods speak TLS names the Secret that they would mount, and whom they trust. */
const CERTIFICATE_ANNOTATION = 'golden.sluice.dev/certificate';
const CLIENT_CA_ANNOTATION = 'golden.sluice.dev/client-ca';

function tlsOf(service: string, { objects, keys }: Home): { readonly tls?: TlsOptions } {
  const all = [...objects.values()];
  const find = (kind: string, key: string) =>
    all.find(
      (one) =>
        one.kind === kind &&
        `${Reflect.get(one.metadata, 'namespace')}/${one.metadata.name}` === key,
    );
  const annotations = find('Service', service)?.metadata.annotations;
  const [namespace = ''] = service.split('/');
  const pair = keys.get(`${namespace}/${annotations?.[CERTIFICATE_ANNOTATION]}`);
  if (pair === undefined) return {};
  const trusted = find('ConfigMap', `${namespace}/${annotations?.[CLIENT_CA_ANNOTATION]}`);
  const ca = trusted === undefined ? undefined : (trusted as ConfigMap).data?.['ca.crt'];
  const clients = ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true };
  return { tls: { cert: pair.certificatePem, key: pair.privateKeyPem, ...clients } };
}

/** How often each failing request was answered already, by its key. */
const failures = new Map<string, number>();

/**
 * Answers as the client asks: `X-Answer-NAME` is a field of the response, `X-Fail: STATUS TIMES
 * KEY` a status for the first so many requests of one key, `X-Delay` milliseconds to wait.
 */
function reply({ headers }: RecordedRequest, socket: Socket): string | undefined {
  const delay = headers.find(([name]) => name.toLowerCase() === 'x-delay')?.[1];
  if (delay === undefined) return answer(headers);
  setTimeout(() => void socket.write(answer(headers), 'latin1'), Number(delay));
  return undefined;
}

function answer(headers: readonly (readonly [string, string])[]): string {
  const named = (name: string) => headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const fields = headers.flatMap(([name, value]) =>
    /^x-answer-/i.test(name) ? [`${name.slice('x-answer-'.length)}: ${value}\r\n`] : [],
  );
  const [status = '', times = '0', key = ''] = (named('x-fail') ?? '').split(' ');
  const before = failures.get(key) ?? 0;
  failures.set(key, before + 1);
  if (before < Number(times)) return respondWith('failed', { status: `${status} Failed` });
  if (named('upgrade') === undefined) return respondWith('ok', { headers: fields.join('') });
  return 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
}

function placeOf(
  gateway: string,
  { configs }: StepResult,
  running: { readonly proxies: ReadonlyMap<string, Proxy>; readonly origins: Origins },
): Place {
  const config = configs[gateway];
  const addresses = running.proxies.get(gateway)?.addresses ?? [];
  return { config, addresses, origins: running.origins };
}
