/**
 * Who serves what: asks the data planes of each Gateway, after a publish and when their set
 * changes, which config version they serve, until all of them serve the one that was published.
 *
 * A question is a long poll (`GET /config?wait=VERSION` on the Pod's admin port): it is answered
 * when the version is served, or by the version that is served when its time is up. Who has
 * answered with the version that is wanted is not asked again: a world at rest has no traffic.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Ack } from '@sluice/core';

export interface Acknowledgements {
  /** `version` was published for this Gateway (`namespace/name`). */
  expect(gateway: string, version: string): void;
  /** Addresses of the ready Pods of each Gateway. Gateways that are not named are forgotten. */
  follow(addresses: ReadonlyMap<string, readonly string[]>): void;
  /** What is known now: one for each ready Pod, with an empty version until it has answered. */
  list(): readonly Ack[];
  stop(): void;
}

export interface AcknowledgementOptions {
  /** Answers with the version that the Pod serves. */
  readonly ask: (question: Question) => Promise<string>;
  /** Something new was learnt of this Gateway. */
  readonly onNews: (gateway: string) => void;
  readonly limits?: Partial<AcknowledgementLimits>;
}

export interface Question {
  readonly address: string;
  readonly version: string;
  readonly signal: AbortSignal;
}

export interface AcknowledgementLimits {
  /** Questions at a time, over all Gateways. */
  readonly questionsMax: number;
  readonly backoffInitialMs: number;
  readonly backoffMaxMs: number;
}

const DEFAULT_LIMITS: AcknowledgementLimits = {
  questionsMax: 64,
  backoffInitialMs: 100,
  backoffMaxMs: 5_000,
};

interface Pod {
  version: string;
  asking: AbortController | undefined;
}

interface Group {
  /** `namespace/name`. */
  readonly gateway: string;
  wanted: string;
  readonly pods: Map<string, Pod>;
}

export function createAcknowledgements(options: AcknowledgementOptions): Acknowledgements {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const context = { ...options, limits, turnstile: createTurnstile(limits.questionsMax) };
  const groups = new Map<string, Group>();
  const groupOf = (gateway: string): Group => {
    const group = groups.get(gateway) ?? { gateway, wanted: '', pods: new Map<string, Pod>() };
    groups.set(gateway, group);
    return group;
  };
  return {
    expect(gateway, version) {
      const group = groupOf(gateway);
      if (group.wanted === version) return;
      group.wanted = version;
      for (const [address, pod] of group.pods) {
        if (pod.asking === undefined) void question(group, address, context);
        else pod.asking.abort();
      }
    },
    follow(addresses) {
      for (const [gateway, group] of groups) {
        if (addresses.has(gateway)) continue;
        keepPods(group, []);
        groups.delete(gateway);
      }
      for (const [gateway, ready] of addresses) {
        const group = groupOf(gateway);
        keepPods(group, ready);
        for (const address of ready) {
          if (group.pods.has(address)) continue;
          group.pods.set(address, { version: '', asking: undefined });
          void question(group, address, context);
        }
      }
    },
    list() {
      return [...groups].flatMap(([gateway, { pods }]) =>
        Array.from(pods, ([instance, { version }]): Ack => ({ gateway, version, instance })),
      );
    },
    stop() {
      for (const group of groups.values()) keepPods(group, []);
      groups.clear();
    },
  };
}

interface Context extends AcknowledgementOptions {
  readonly limits: AcknowledgementLimits;
  readonly turnstile: Turnstile;
}

/** Asks until the Pod serves what is wanted or is none of the ready ones any more. */
async function question(group: Group, address: string, context: Context): Promise<void> {
  const { limits, turnstile } = context;
  const pod = group.pods.get(address);
  let failures = 0;
  while (pod !== undefined && group.pods.get(address) === pod && isOpen(group, pod)) {
    const asking = new AbortController();
    pod.asking = asking;
    await turnstile.enter();
    const asked = { address, version: group.wanted, signal: asking.signal };
    const answer = await context.ask(asked).catch(() => undefined);
    turnstile.leave();
    failures = answer === undefined ? failures + 1 : 0;
    if (answer !== undefined && answer !== pod.version && group.pods.get(address) === pod) {
      pod.version = answer;
      context.onNews(group.gateway);
    }
    // Nobody answered, its time was up, or it does not wait: no reason to ask again at once.
    const pauseMs = Math.min(limits.backoffMaxMs, limits.backoffInitialMs * 2 ** failures);
    if (isOpen(group, pod)) await pause(pauseMs, asking.signal);
  }
  if (pod !== undefined) pod.asking = undefined;
}

function isOpen(group: Group, pod: Pod): boolean {
  return group.wanted !== '' && pod.version !== group.wanted;
}

function keepPods(group: Group, ready: readonly string[]): void {
  for (const [address, pod] of group.pods) {
    if (ready.includes(address)) continue;
    group.pods.delete(address);
    pod.asking?.abort();
  }
}

/** Ends early when a newer version is wanted, or the Pod is gone. */
async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await delay(durationMs, undefined, { signal }).catch(() => undefined);
}

interface Turnstile {
  enter(): Promise<void>;
  leave(): void;
}

function createTurnstile(places: number): Turnstile {
  let free = places;
  const waiting: (() => void)[] = [];
  return {
    async enter() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    leave() {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
