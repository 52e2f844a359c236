/**
 * Metrics in typed arrays; a request costs a few additions.
 *
 * Names follow OpenTelemetry's HTTP conventions where they have one. Label values come from the
 * config, never from requests; at most `seriesMax` routes are told apart, the rest is `other`.
 */

const durationBounds = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];
const statusClasses = ['1xx', '2xx', '3xx', '4xx', '5xx'];
/** Where each of them is counted. */
const classPlaces = [16, 1, 17, 18, 19];
const seriesMax = 10_000;
/** Layout of a route's counters; what fast and successful requests touch lies side by side. */
const durationSum = 0;
const firstBucket = 2;
const countersPerRoute = 24;
/** So large a block begins a page: a row is three lines of cache, the hot one first. */
const routesPerBlock = 1024;
const other = 'other';

/** Counters of one route; the compiled rules hold them directly. */
export interface RouteCounters {
  /** Shared with other routes; this one's begin at `at`. */
  readonly counters: Float64Array;
  readonly at: number;
}

export interface MetricsState {
  readonly configVersion: string;
  readonly listeners: readonly { readonly name: string; readonly connections: number }[];
  readonly endpoints: readonly EndpointGauge[];
}

interface EndpointGauge {
  readonly address: string;
  readonly active: number;
  readonly idle: number;
}

export class Metrics {
  readonly #routes = new Map<string, RouteCounters>();
  readonly #failures = new Map<string, number>();
  #block = new Float64Array(0);
  connectionsAccepted = 0;
  connectionsRefused = 0;
  upstreamConnects = 0;
  upstreamReuses = 0;
  retries = 0;
  mirrored = 0;
  mirrorsDropped = 0;
  reloads = 0;
  lastCrash: unknown;
  requestBytes = 0;
  responseBytes = 0;

  /** The same object for the same route for as long as the process lives. */
  route(id: string): RouteCounters {
    const key = this.#routes.size < seriesMax || this.#routes.has(id) ? id : other;
    let counters = this.#routes.get(key);
    if (counters === undefined) {
      counters = this.#allocate();
      this.#routes.set(key, counters);
    }
    return counters;
  }

  /** Counters of many routes lie side by side: an array of its own for each would cost more. */
  #allocate(): RouteCounters {
    const place = this.#routes.size % routesPerBlock;
    if (place === 0) this.#block = new Float64Array(routesPerBlock * countersPerRoute);
    return { counters: this.#block, at: place * countersPerRoute };
  }

  observe({ counters, at }: RouteCounters, statusCode: number, durationMs: number): void {
    const statusClass = Math.min(Math.max(Math.floor(statusCode / 100), 1), 5) - 1;
    increase(counters, at + (classPlaces[statusClass] ?? 0), 1);
    let bucket = 0;
    while (bucket < durationBounds.length && durationMs > (durationBounds[bucket] ?? 0)) {
      bucket += 1;
    }
    increase(counters, at + firstBucket + bucket, 1);
    increase(counters, at + durationSum, durationMs);
  }

  failure(name: string): void {
    this.#failures.set(name, (this.#failures.get(name) ?? 0) + 1);
  }

  /** A defect of ours met a request; it cost that request only. */
  crashed(error: unknown): void {
    this.failure('internal');
    this.lastCrash = error;
  }

  /** Prometheus text format 0.0.4. */
  render(state: MetricsState): string {
    const page = new Page();
    for (const [route, counters] of this.#routes) renderRequests(page, route, counters);
    for (const [route, counters] of this.#routes) renderDurations(page, route, counters);
    for (const [failure, count] of this.#failures) {
      page.add('counter', 'sluice_failures_total', { failure }, count);
    }
    for (const { name, connections } of state.listeners) {
      page.add('gauge', 'sluice_downstream_connections', { bind: name }, connections);
    }
    for (const { address, active, idle } of state.endpoints) {
      const labels = { endpoint: address };
      page.add('gauge', 'sluice_upstream_connections', { ...labels, state: 'active' }, active);
      page.add('gauge', 'sluice_upstream_connections', { ...labels, state: 'idle' }, idle);
    }
    for (const [name, value] of this.#totals()) page.add('counter', name, {}, value);
    page.add('gauge', 'sluice_config_info', { version: state.configVersion }, 1);
    return page.text;
  }

  #totals(): [string, number][] {
    return [
      ['sluice_downstream_connections_accepted_total', this.connectionsAccepted],
      ['sluice_downstream_connections_refused_total', this.connectionsRefused],
      ['sluice_upstream_connects_total', this.upstreamConnects],
      ['sluice_upstream_reuses_total', this.upstreamReuses],
      ['sluice_retries_total', this.retries],
      ['sluice_mirrored_total', this.mirrored],
      ['sluice_mirrors_dropped_total', this.mirrorsDropped],
      ['sluice_config_reloads_total', this.reloads],
      ['sluice_request_body_bytes_total', this.requestBytes],
      ['sluice_response_body_bytes_total', this.responseBytes],
    ];
  }
}

function increase(counters: Float64Array, index: number, by: number): void {
  counters[index] = (counters[index] ?? 0) + by;
}

function renderRequests(page: Page, route: string, { counters, at }: RouteCounters): void {
  for (const [index, status] of statusClasses.entries()) {
    const count = counters[at + (classPlaces[index] ?? 0)] ?? 0;
    if (count === 0) continue;
    page.add('counter', 'sluice_requests_total', { route, status }, count);
  }
}

function renderDurations(page: Page, route: string, { counters, at }: RouteCounters): void {
  const end = at + firstBucket + durationBounds.length + 1;
  const buckets = counters.subarray(at + firstBucket, end);
  const sumMs = counters[at + durationSum] ?? 0;
  const name = 'http_server_request_duration_seconds';
  let total = 0;
  for (const [index, count] of buckets.entries()) {
    total += count;
    const bound = durationBounds[index];
    const le = bound === undefined ? '+Inf' : String(bound / 1000);
    page.add('histogram', name, { route, le }, total, '_bucket');
  }
  page.add('histogram', name, { route }, sumMs / 1000, '_sum');
  page.add('histogram', name, { route }, total, '_count');
}

class Page {
  text = '';
  #family = '';

  add(
    type: 'counter' | 'gauge' | 'histogram',
    family: string,
    labels: Readonly<Record<string, string>>,
    ...[value, suffix = '']: [value: number, suffix?: string]
  ): void {
    if (family !== this.#family) {
      this.#family = family;
      this.text += `# TYPE ${family} ${type}\n`;
    }
    const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escapeLabel(text)}"`);
    const set = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
    this.text += `${family}${suffix}${set} ${value}\n`;
  }
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
