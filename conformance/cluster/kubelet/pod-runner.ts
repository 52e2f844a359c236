/**
 * One Pod from its binding to its end: waits for what it needs, starts it, keeps its containers
 * running, tells the API server how it does, and lets it be deleted when its processes are gone.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type Client } from '@sluice/kube';
import type { ContainerLog } from './container-log.ts';
import { ContainerRunner } from './container-runner.ts';
import { fetchMaterials } from './material-source.ts';
import { tokenRenewalSeconds } from './materials.ts';
import { type ContainerPlan, type ImageTable, type PodPlan, planPod } from './plan.ts';
import { type Pod, podKey, podPath } from './pod.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import { StatusReporter } from './status-reporter.ts';

export interface RunnerContext {
  readonly client: Client;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly nodeName: string;
  /** Of the node: also the Pods' gateway. */
  readonly hostIp: string;
  readonly bridge: string;
  readonly images: ImageTable;
  /** Variables that every container has. */
  readonly variables: Readonly<Record<string, string>>;
  readonly stateFolder: string;
  readonly log: (line: string) => void;
}

const retryFirstMs = 200;
const retryMaxMs = 3_000;
const renewalRetryMs = 10_000;

export class PodRunner {
  readonly pod: Pod;
  readonly #address: string;
  readonly #context: RunnerContext;
  readonly #status: StatusReporter;
  readonly #containers = new Map<string, ContainerRunner>();
  readonly #started: Promise<void>;
  /** No process is started any more. */
  readonly #ending = new AbortController();
  /** Those that drain have done so for long enough. */
  readonly #killing = new AbortController();
  #sandbox: Sandbox | undefined;
  #ended: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(pod: Pod, address: string, context: RunnerContext) {
    this.pod = pod;
    this.#address = address;
    this.#context = context;
    this.#status = new StatusReporter(pod, context);
    this.#started = this.#start();
  }

  findLog(container: string): ContainerLog | undefined {
    return this.#containers.get(container)?.log;
  }

  /** Ends its processes and lets the API server forget it. A later call may shorten the grace. */
  stop(graceSeconds: number): Promise<void> {
    const ended = this.end(graceSeconds);
    this.#stopped ??= ended.then(() => forgetPod(this.#context.client, this.pod));
    return this.#stopped;
  }

  /** Ends its processes, and leaves its object as it is. */
  end(graceSeconds: number): Promise<void> {
    const timer = setTimeout(() => this.#killing.abort(), graceSeconds * 1000);
    this.#ended ??= this.#end();
    return this.#ended.finally(() => clearTimeout(timer));
  }

  /** Again and again: what is missing may come, and what an earlier Pod held may be let go. */
  async #start(): Promise<void> {
    const { signal } = this.#ending;
    let pauseMs = retryFirstMs;
    while (!signal.aborted && !(await this.#tryStart())) {
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 1.5, retryMaxMs);
    }
  }

  async #tryStart(): Promise<boolean> {
    let reason = 'CreateContainerConfigError';
    try {
      const plan = await this.#plan();
      reason = 'CreateContainerError';
      this.#sandbox = await this.#openSandbox(plan);
      this.#status.update({ podIp: this.#address });
      void this.#runContainers(plan, this.#sandbox);
      void this.#renewTokens(this.#sandbox);
      return true;
    } catch (error) {
      this.#refuse(reason, error as Error);
      return false;
    }
  }

  async #plan(): Promise<PodPlan> {
    const { nodeName, hostIp, images, variables } = this.#context;
    const facts = { nodeName, hostIp, podIp: this.#address };
    const materials = await fetchMaterials(this.pod, this.#context);
    return planPod(this.pod, { images, materials, facts, variables });
  }

  #openSandbox(plan: PodPlan): Promise<Sandbox> {
    const { stateFolder, bridge, hostIp } = this.#context;
    const { name, uid } = this.pod.metadata;
    return startSandbox(plan, {
      folder: join(stateFolder, 'pods', uid),
      address: this.#address,
      bridge,
      gateway: hostIp,
      hostName: name,
    });
  }

  /** Those for the start one after the other, then the others at once. */
  async #runContainers(plan: PodPlan, sandbox: Sandbox): Promise<void> {
    for (const container of plan.initContainers) {
      await this.#addContainer(container, sandbox).run('OnFailure');
    }
    if (this.#ending.signal.aborted) return;
    this.#status.update({ initialized: true });
    const { restartPolicy = 'Always' } = this.pod.spec;
    for (const container of plan.containers) {
      void this.#addContainer(container, sandbox).run(restartPolicy);
    }
  }

  #addContainer(plan: ContainerPlan, sandbox: Sandbox): ContainerRunner {
    const container = new ContainerRunner(plan, {
      sandbox,
      address: this.#address,
      ending: this.#ending.signal,
      onChange: (facts) => this.#status.setContainer(plan.name, facts),
    });
    this.#containers.set(plan.name, container);
    return container;
  }

  /** What else is in the volumes of the Pod is renewed along with its tokens. */
  async #renewTokens(sandbox: Sandbox): Promise<void> {
    const seconds = tokenRenewalSeconds(this.pod);
    if (seconds === undefined) return;
    const { signal } = this.#ending;
    let pauseMs = seconds * 1000;
    for (;;) {
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await sandbox.writeVolumes((await this.#plan()).volumes);
        pauseMs = seconds * 1000;
      } catch (error) {
        this.#context.log(`tokens of Pod ${podKey(this.pod)}: ${(error as Error).message}`);
        pauseMs = renewalRetryMs;
      }
    }
  }

  #refuse(reason: string, { message }: Error): void {
    const state = { kind: 'waiting', reason, message } as const;
    for (const { name } of this.pod.spec.containers) {
      this.#status.setContainer(name, { state, restarts: 0, ready: false });
    }
  }

  async #end(): Promise<void> {
    this.#ending.abort();
    await this.#started;
    const { signal } = this.#killing;
    const drained = Promise.all([...this.#containers.values()].map((item) => item.drain()));
    await Promise.race([drained, signal.aborted || once(signal, 'abort')]);
    await this.#sandbox?.stop();
    await this.#status.close();
  }
}

/** Deletes the object for good, unless another Pod has its name by now. */
export async function forgetPod(client: Client, pod: Pod): Promise<void> {
  const { uid } = pod.metadata;
  try {
    const options = { gracePeriodSeconds: 0, preconditions: { uid } };
    await client.request('DELETE', podPath(pod), options);
  } catch (error) {
    if (!(error instanceof ApiError && [404, 409].includes(error.code))) throw error;
  }
}
