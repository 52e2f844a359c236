/**
 * One request and its response: what the phases of `exchange.ts` share, and where the events of
 * both codecs arrive.
 *
 * The phases wait in one place (`wait`); every event that may end a wait sets what happened and
 * wakes it. So there is no callback to miss, and none that comes too late.
 */
import type { BindTable, CompiledMatch, RouteTable } from '@sluice/model';
import type { HeaderEdits, RequestHead, ResponseHead } from '@sluice/wire';
import type { Backend } from './backends.ts';
import type { Downstream, Endpoint, OutgoingRequest, Upstream, UpstreamUser } from './codec.ts';
import type { Failure } from './failure.ts';
import type { RequestText } from './http1/request-text.ts';
import type { BackendPlan, PlannedRule, RulePlan } from './plan.ts';
import type { ReplayBuffer } from './replay.ts';
import { failureReply, type LocalReply } from './reply.ts';
import type { Services } from './services.ts';
import { Timeout } from './timeouts.ts';
import type { PendingConnect } from './transport/tcp.ts';

export interface ExchangeOrigin {
  readonly downstream: Downstream;
  readonly table: RouteTable<PlannedRule>;
  readonly bind: BindTable<PlannedRule> | undefined;
}

const noEdits: HeaderEdits[] = [];
/** What comes from the client's side is final: no try can mend it. */
const abortingFailures: ReadonlySet<Failure> = new Set([
  'client-gone',
  'request-timeout',
  'slow-request',
  'invalid-request',
]);

export class Exchange implements OutgoingRequest, UpstreamUser {
  readonly services: Services;
  readonly downstream: Downstream;
  readonly text: RequestText;
  /** As it was when the request arrived; a reload does not change it. */
  readonly table: RouteTable<PlannedRule>;
  readonly bind: BindTable<PlannedRule> | undefined;
  readonly startedMs: number;

  match: CompiledMatch<PlannedRule> | undefined;
  /** The match's action. */
  rule: PlannedRule | undefined;
  backendPlan: BackendPlan | undefined;
  backend: Backend | undefined;
  endpoint: Endpoint | undefined;
  endpointIndex = -1;
  upstream: Upstream | undefined;
  replay: ReplayBuffer | undefined;

  // What the upstream codec writes.
  target = '';
  host = '';
  forwardsUpgrade = false;
  edits: HeaderEdits[] = noEdits;

  /** Tries beyond the first; the transparent one on a fresh connection is not counted. */
  retries = 0;
  /** Endpoints already tried, by index. */
  tried: Set<number> | undefined;
  /** The next try must not use a kept connection: the last one had died. */
  needsFreshConnection = false;
  hadFreshConnection = false;

  failure: Failure | undefined;
  /** Status that the client got; 0: none yet. */
  statusCode = 0;
  sentMs = 0;
  headMs = 0;
  completed = false;
  tunnelled = false;
  flags = '';

  #wake: (() => void) | undefined;
  #signalled = false;
  #clockMs: number | undefined;
  #pendingConnect: PendingConnect | undefined;
  #requestTimeout: Timeout | undefined;
  #tryTimeout: Timeout | undefined;
  #pauseTimeout: Timeout | undefined;

  constructor(services: Services, origin: ExchangeOrigin) {
    this.services = services;
    this.downstream = origin.downstream;
    this.text = origin.downstream.text;
    this.table = origin.table;
    this.bind = origin.bind;
    this.startedMs = services.now();
    this.#clockMs = this.startedMs;
  }

  get requestHead(): RequestHead {
    return this.downstream.head;
  }

  get plan(): RulePlan | undefined {
    return this.rule?.plan;
  }

  /** Nobody waits for a response any more, or nobody should. */
  get isAborted(): boolean {
    return this.failure !== undefined && abortingFailures.has(this.failure);
  }

  /** The response is complete, or will never be. */
  get isSettled(): boolean {
    return this.completed || this.failure !== undefined;
  }

  /** Monotonic milliseconds, read once between two waits: reading costs as much as a phase. */
  get clockMs(): number {
    this.#clockMs ??= this.services.now();
    return this.#clockMs;
  }

  // Waiting.

  /** Until the next event; an event since the last wait counts. */
  wait(): Promise<void> | undefined {
    this.#clockMs = undefined;
    if (this.#signalled) {
      this.#signalled = false;
      return undefined;
    }
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #signal(): void {
    const wake = this.#wake;
    if (wake === undefined) {
      this.#signalled = true;
      return;
    }
    this.#wake = undefined;
    wake();
  }

  /** Begins a pause that any event may cut short. */
  pause(delayMs: number): Promise<void> | undefined {
    this.#pauseTimeout ??= new Timeout(() => this.#signal());
    this.services.wheel.arm(this.#pauseTimeout, delayMs);
    return this.wait();
  }

  armRequestTimeout(delayMs: number): void {
    this.#requestTimeout = new Timeout(() => this.#fail('request-timeout'));
    this.services.wheel.arm(this.#requestTimeout, delayMs);
  }

  armTryTimeout(delayMs: number): void {
    this.#tryTimeout ??= new Timeout(() => this.upstreamFailed('upstream-timeout'));
    this.services.wheel.arm(this.#tryTimeout, delayMs);
  }

  // A try.

  /** Forgets what the last try left. */
  beginTry(): void {
    this.failure = undefined;
    this.#signalled = false;
    this.headMs = 0;
  }

  startConnect(endpoint: Endpoint): void {
    this.#pendingConnect = this.services.pool.connect(
      endpoint,
      (upstream) => {
        this.#pendingConnect = undefined;
        this.upstream = upstream;
        this.#signal();
      },
      (failure) => {
        this.#pendingConnect = undefined;
        this.#fail(failure);
      },
    );
  }

  releaseUpstream(): void {
    this.#pendingConnect?.cancel();
    this.#pendingConnect = undefined;
    if (this.#tryTimeout !== undefined) this.services.wheel.disarm(this.#tryTimeout);
    const upstream = this.upstream;
    this.upstream = undefined;
    upstream?.release();
  }

  /** Timeouts do not outlive what they guard. */
  disarm(): void {
    const { wheel } = this.services;
    if (this.#requestTimeout !== undefined) wheel.release(this.#requestTimeout);
    if (this.#tryTimeout !== undefined) wheel.release(this.#tryTimeout);
    if (this.#pauseTimeout !== undefined) wheel.release(this.#pauseTimeout);
  }

  // Answers.

  reply(reply: LocalReply): void {
    this.failure ??= reply.failure;
    this.statusCode = reply.statusCode;
    if (this.failure !== 'client-gone') this.downstream.reply(reply);
  }

  /** The answer to a failure: a status while that is possible, else a cut connection. */
  giveUp(failure: Failure): void {
    this.failure = failure;
    if (this.statusCode === 0) this.reply(failureReply(failure));
    else this.downstream.abort();
  }

  // Events of the upstream.

  responseArrived(): void {
    this.headMs = this.services.now();
    this.#clockMs = this.headMs;
    this.#signal();
  }

  interimArrived(head: ResponseHead): void {
    // 100 was ours to give: Expect is not sent on.
    if (head.statusCode !== 100) this.downstream.sendInterim(head);
  }

  responseCompleted(): void {
    this.completed = true;
    this.#signal();
  }

  upstreamFailed(failure: Failure): void {
    this.#fail(failure);
  }

  requestWritable(): void {
    this.downstream.resumeBody();
  }

  // Events of the downstream.

  responseWritable(): void {
    this.upstream?.resumeBody();
  }

  requestFailed(failure: Failure): void {
    this.#fail(failure);
  }

  clientGone(): void {
    this.#fail('client-gone');
  }

  #fail(failure: Failure): void {
    if (this.completed || this.isAborted) return;
    this.failure = failure;
    this.#signal();
  }
}
