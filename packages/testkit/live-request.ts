/** One request of a golden case, sent to a running proxy, and what came of it. */
import type { ProxyConfig } from '@sluice/model';
import type { BindAddress } from '@sluice/proxy';
import type { BackendAnswer } from './backend-answer.ts';
import type { Headers } from './headers.ts';
import { type LiveResponse, sendLive } from './live-client.ts';
import { findMismatches, mismatch } from './mismatch.ts';
import type { RecordingOrigin } from './origin/recording-origin.ts';
import type { RecordedRequest } from './origin/request-parser.ts';
import {
  compareMessage,
  type ExpectedExchange,
  parseRequest,
  type RequestCase,
} from './request-case.ts';

/** Where a request is sent, and where it may arrive. */
export interface Place {
  readonly config: ProxyConfig | undefined;
  readonly addresses: readonly BindAddress[];
  readonly origins: ReadonlyMap<string, RecordingOrigin>;
}

/** Enough that a backend with a tenth of the weight is hit but for one run in 10^9. */
const sharesAsked = 200;
/** A mirror is on its way when the answer is there already. */
const mirrorWaitMs = 2000;

export async function compareLive(requestCase: RequestCase, place: Place): Promise<string[]> {
  const { request, expect } = requestCase;
  const lines =
    expect.backends === undefined
      ? await compareOnce(requestCase, place)
      : await compareShares(requestCase, place);
  return lines.map((line) => `${request} over a socket: ${line}`);
}

async function compareOnce(requestCase: RequestCase, place: Place): Promise<string[]> {
  const { expect } = requestCase;
  const before = countRequests(place);
  const response = await send(requestCase, place);
  if (expect.connection !== undefined || expect.handshake !== undefined) {
    return response === undefined ? [] : [mismatch('answer', 'none', response.status)];
  }
  if (expect.clientCertificate?.mode === 'allow-valid-only') {
    return response === undefined ? [] : [mismatch('without certificate', 'none', response)];
  }
  if (response === undefined) return [mismatch('answer', expect, undefined)];
  const { status, redirect } = expect;
  if (status !== undefined) {
    return [
      ...findMismatches(status, response.status, 'status'),
      ...compareMessage(expect.returns ?? {}, response, 'returns'),
    ];
  }
  if (redirect !== undefined) {
    const { location } = response.headers;
    return findMismatches(redirect, { status: response.status, location }, 'redirect');
  }
  return await compareArrivals(expect, { response, before, place, requestCase });
}

interface Arrival {
  readonly response: LiveResponse;
  /** Requests that each origin had before. */
  readonly before: ReadonlyMap<string, number>;
  readonly place: Place;
  readonly requestCase: RequestCase;
}

async function compareArrivals(expect: ExpectedExchange, arrival: Arrival): Promise<string[]> {
  const { response, before, place, requestCase } = arrival;
  const whole = (expect.mirrors ?? []).filter(({ percent }) => percent === 100);
  const { backend = 'no backend' } = expect;
  const expected = [backend, ...whole.map((mirror) => mirror.backend)].sort(byText);
  const isPartial = (expect.mirrors ?? []).length > whole.length;
  await waitFor(() => arrivals(place, before).length >= expected.length);
  const arrived = arrivals(place, before);
  const isRetried = requestCase.answers?.failures !== undefined;
  const all = arrived.map(([service]) => service).sort(byText);
  const names = isRetried ? [...new Set(all)] : all;
  const [, received] = arrived.find(([service]) => service === backend) ?? [];
  const usual = requestCase.headers?.['Upgrade'] === undefined ? 200 : 101;
  return [
    ...(isPartial ? [] : findMismatches(expected, names, 'reached')),
    ...(received === undefined || expect.sees === undefined
      ? []
      : compareMessage(expect.sees, sightOf(received), 'sees')),
    ...compareMessage({ status: usual, ...expect.returns }, response, 'returns'),
  ];
}

/** Each backend with weight is reached, and none without; invalid shares are answered 500. */
async function compareShares(requestCase: RequestCase, place: Place): Promise<string[]> {
  const { backends = {}, backendSees = {} } = requestCase.expect;
  const hits = new Map<string, RecordedRequest>();
  const statuses = new Set<number>();
  for (let round = 0; round < sharesAsked; round += 1) {
    const before = countRequests(place);
    const response = await send(requestCase, place);
    statuses.add(response?.status ?? 0);
    for (const [service, request] of arrivals(place, before)) hits.set(service, request);
  }
  const shares = Object.entries(backends).filter(([, weight]) => weight > 0);
  const services = shares.map(([service]) => service).filter((service) => service !== 'invalid');
  const expectedStatuses = shares.length > services.length ? [200, 500] : [200];
  return [
    ...findMismatches(services.sort(byText), [...hits.keys()].sort(byText), 'reached'),
    ...findMismatches(expectedStatuses, [...statuses].sort(byNumber), 'statuses'),
    ...Object.entries(backendSees).flatMap(([service, message]) => {
      const request = hits.get(service);
      return request === undefined ? [] : compareMessage(message, sightOf(request), service);
    }),
  ];
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function byNumber(one: number, other: number): number {
  return one - other;
}

async function send(requestCase: RequestCase, place: Place): Promise<LiveResponse | undefined> {
  const parsed = parseRequest(requestCase);
  const address = place.addresses.find(
    ({ port, protocol }) => port === parsed.port && protocol === parsed.scheme,
  );
  if (address === undefined) return undefined;
  const headers = { ...parsed.headers, ...wishesOf(requestCase.answers) };
  return await sendLive({ ...parsed, headers, boundPort: address.boundPort });
}

let failureKeys = 0;

/** Tells the origin what to answer (see golden-traffic.ts). */
function wishesOf({ headers = {}, failures, delayMs }: BackendAnswer = {}): Headers {
  const wishes: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) wishes[`X-Answer-${name}`] = value;
  if (delayMs !== undefined) wishes['X-Delay'] = String(delayMs);
  if (failures !== undefined) {
    failureKeys += 1;
    wishes['X-Fail'] = `${failures.status} ${failures.times} ${failureKeys}`;
  }
  return wishes;
}

/** The data plane does not speak HTTP/2 to backends yet. */
export function isBeyondProxy({ expect }: RequestCase): boolean {
  return expect.protocol === 'h2c';
}

function countRequests({ origins }: Place): Map<string, number> {
  return new Map([...origins].map(([service, origin]) => [service, origin.requests.length]));
}

function arrivals(
  { origins }: Place,
  before: ReadonlyMap<string, number>,
): (readonly [string, RecordedRequest])[] {
  return [...origins].flatMap(([service, origin]) =>
    origin.requests.slice(before.get(service) ?? 0).map((request) => [service, request] as const),
  );
}

/** Several fields of one name are joined by a comma, as the official suite compares them. */
function sightOf({ target, headers }: RecordedRequest): {
  path: string;
  host: string;
  headers: Headers;
} {
  const fields: Record<string, string> = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    fields[key] = fields[key] === undefined ? value : `${fields[key]},${value}`;
  }
  return { path: target.split('?')[0] ?? '', host: fields['host'] ?? '', headers: fields };
}

async function waitFor(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + mirrorWaitMs;
  while (!condition() && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
