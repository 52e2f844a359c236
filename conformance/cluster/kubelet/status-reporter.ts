/** Tells the API server how a Pod does: one write at a time, what changes meanwhile in the next. */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ApiError, type Client } from '@sluice/kube';
import { type Pod, podKey } from './pod.ts';
import { fieldManager, pods } from './resources.ts';
import { type ContainerFacts, isPodReady, type PodFacts, renderPodStatus } from './status.ts';

export interface ReporterContext {
  readonly client: Client;
  readonly hostIp: string;
  readonly log: (line: string) => void;
}

const retryAfterMs = 500;

export class StatusReporter {
  readonly #pod: Pod;
  readonly #context: ReporterContext;
  #facts: PodFacts;
  #changed = false;
  #closed = false;
  #sending: Promise<void> | undefined;

  constructor(pod: Pod, context: ReporterContext) {
    this.#pod = pod;
    this.#context = context;
    const startedAt = new Date().toISOString();
    this.#facts = {
      hostIp: context.hostIp,
      podIp: undefined,
      startedAt,
      containers: new Map(),
      initialized: false,
      changedAt: startedAt,
    };
  }

  update(change: Partial<PodFacts>): void {
    const next = { ...this.#facts, ...change };
    const turned = isPodReady(this.#pod, next) !== isPodReady(this.#pod, this.#facts);
    this.#facts = turned ? { ...next, changedAt: new Date().toISOString() } : next;
    this.#changed = true;
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  setContainer(name: string, facts: ContainerFacts): void {
    const { containers } = this.#facts;
    if (isDeepStrictEqual(containers.get(name), facts)) return;
    this.update({ containers: new Map(containers).set(name, facts) });
  }

  /** Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#sending;
  }

  async #send(): Promise<void> {
    const { client, log } = this.#context;
    const { name, namespace, uid } = this.#pod.metadata;
    while (this.#changed && !this.#closed) {
      await setImmediate();
      this.#changed = false;
      const status = renderPodStatus(this.#pod, this.#facts);
      const metadata = { name, namespace, uid };
      try {
        await client.apply(
          pods,
          { apiVersion: 'v1', kind: 'Pod', metadata, status },
          { fieldManager, subresource: 'status' },
        );
      } catch (error) {
        // Gone, or another Pod of the same name meanwhile.
        if (error instanceof ApiError && [404, 409].includes(error.code)) return;
        log(`status of Pod ${podKey(this.#pod)}: ${(error as Error).message}`);
        this.#changed = true;
        if (!this.#closed) await sleep(retryAfterMs);
      }
    }
  }
}
