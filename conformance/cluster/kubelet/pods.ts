/** Which Pods run here: starts, stops and forgets their runners as the API server tells. */
import type { KubeObject, ReflectorSink } from '@sluice/kube';
import type { ContainerLog } from './container-log.ts';
import { bindPod } from './node-object.ts';
import { type Pod, podKey } from './pod.ts';
import { forgetPod, PodRunner, type RunnerContext } from './pod-runner.ts';

export type PodAction = 'bind' | 'run' | 'stop' | 'ignore';

/** What is due for a Pod as it is now; one that was never bound has no process to wait for. */
export function decidePod({ metadata, spec, status }: Pod, nodeName: string): PodAction {
  const deleted = metadata.deletionTimestamp !== undefined;
  if (spec.nodeName === undefined) return deleted ? 'ignore' : 'bind';
  if (spec.nodeName !== nodeName) return 'ignore';
  if (deleted) return 'stop';
  const over = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return over ? 'ignore' : 'run';
}

/** Each Pod its own, from .1.1 on; the first 256 are the node's. */
export function podAddress(index: number, nodeAddress: string): string {
  const [first, second] = nodeAddress.split('.');
  return `${first}.${second}.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;
}

export class Pods implements ReflectorSink {
  readonly #runners = new Map<string, PodRunner>();
  readonly #context: RunnerContext;
  #addresses = 0;

  constructor(context: RunnerContext) {
    this.#context = context;
  }

  replace(objects: readonly KubeObject[]): void {
    const uids = new Set(objects.map(({ metadata }) => metadata.uid));
    for (const [uid, runner] of this.#runners) if (!uids.has(uid)) this.#stop(runner, 0);
    for (const object of objects) this.upsert(object);
  }

  upsert(object: KubeObject): void {
    const pod = asPod(object);
    const runner = this.#runners.get(pod.metadata.uid);
    const { client, nodeName } = this.#context;
    const action = decidePod(pod, nodeName);
    switch (action) {
      case 'bind':
        void bindPod(client, pod, nodeName).catch(this.#complain);
        return;
      case 'run':
        if (runner === undefined) this.#run(pod);
        return;
      case 'stop':
        // One that an earlier kubelet ran has no process any more.
        if (runner === undefined) void forgetPod(client, pod).catch(this.#complain);
        else this.#stop(runner, pod.metadata.deletionGracePeriodSeconds ?? 0);
        return;
      case 'ignore':
        return;
      default:
        throw new TypeError(`not an action: ${String(action satisfies never)}`);
    }
  }

  remove({ metadata }: KubeObject): void {
    const runner = this.#runners.get(metadata.uid ?? '');
    if (runner !== undefined) this.#stop(runner, 0);
  }

  /** Of the Pod `namespace/name`; of the newest if one of that name is still about to end. */
  findLog(key: string, container: string): ContainerLog | undefined {
    return [...this.#runners.values()]
      .findLast(({ pod }) => podKey(pod) === key)
      ?.findLog(container);
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#runners.values()].map((runner) => runner.end(0)));
  }

  #run(pod: Pod): void {
    const address = podAddress(this.#addresses, this.#context.hostIp);
    this.#addresses += 1;
    this.#runners.set(pod.metadata.uid, new PodRunner(pod, address, this.#context));
  }

  #stop(runner: PodRunner, graceSeconds: number): void {
    void runner
      .stop(graceSeconds)
      .catch(this.#complain)
      .finally(() => this.#runners.delete(runner.pod.metadata.uid));
  }

  readonly #complain = (error: Error): void => this.#context.log(error.message);
}

/** The API server has checked what it is. */
function asPod(object: KubeObject): Pod {
  return object as unknown as Pod;
}
