/** The status that the API server is told of a Pod, from what its processes are doing. Pure. */
import type { Container, Pod } from './pod.ts';

/** Times are RFC 3339. */
export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running'; readonly startedAt: string }
  | { readonly kind: 'terminated'; readonly exitCode: number; readonly finishedAt: string };

export interface ContainerFacts {
  readonly state: ContainerState;
  readonly restarts: number;
  readonly ready: boolean;
}

export interface PodFacts {
  readonly hostIp: string;
  readonly podIp: string | undefined;
  readonly startedAt: string;
  /** By name; those that are missing were never started. */
  readonly containers: ReadonlyMap<string, ContainerFacts>;
  readonly initialized: boolean;
  /** When readiness last changed. */
  readonly changedAt: string;
}

const notStarted: ContainerFacts = {
  state: { kind: 'waiting', reason: 'ContainerCreating', message: '' },
  restarts: 0,
  ready: false,
};

export function isPodReady({ spec }: Pod, { containers }: PodFacts): boolean {
  return spec.containers.every(({ name }) => containers.get(name)?.ready === true);
}

export function renderPodStatus(pod: Pod, facts: PodFacts): object {
  const { spec } = pod;
  const init = (spec.initContainers ?? []).map((item) => renderContainer(item, facts));
  const containers = spec.containers.map((container) => renderContainer(container, facts));
  const ready = isPodReady(pod, facts);
  const waiting = [...facts.containers.values()]
    .map(({ state }) => state)
    .find((state) => state.kind === 'waiting');
  const condition = (type: string, met: boolean) => ({
    type,
    status: met ? 'True' : 'False',
    lastTransitionTime: facts.changedAt,
    ...(!met && {
      reason: waiting?.reason ?? 'ContainersNotReady',
      message: waiting?.message ?? '',
    }),
  });
  return {
    phase: phaseOf(spec.containers, facts),
    conditions: [
      condition('PodReadyToStartContainers', facts.podIp !== undefined),
      condition('Initialized', facts.initialized),
      condition('Ready', ready),
      condition('ContainersReady', ready),
      condition('PodScheduled', true),
    ],
    hostIP: facts.hostIp,
    hostIPs: [{ ip: facts.hostIp }],
    ...(facts.podIp !== undefined && { podIP: facts.podIp, podIPs: [{ ip: facts.podIp }] }),
    startTime: facts.startedAt,
    ...(init.length > 0 && { initContainerStatuses: init }),
    containerStatuses: containers,
  };
}

function phaseOf(containers: readonly Container[], facts: PodFacts): string {
  const states = containers.map(({ name }) => (facts.containers.get(name) ?? notStarted).state);
  if (states.every(({ kind }) => kind === 'terminated')) {
    const failed = states.some((state) => state.kind === 'terminated' && state.exitCode !== 0);
    return failed ? 'Failed' : 'Succeeded';
  }
  const ran = containers.some(({ name }) => (facts.containers.get(name)?.restarts ?? 0) > 0);
  return ran || states.some(({ kind }) => kind !== 'waiting') ? 'Running' : 'Pending';
}

function renderContainer({ name, image }: Container, facts: PodFacts) {
  const { state, restarts, ready } = facts.containers.get(name) ?? notStarted;
  return {
    name,
    image,
    imageID: '',
    containerID: `process://${name}`,
    restartCount: restarts,
    ready,
    started: state.kind === 'running',
    state: { [state.kind]: renderState(state) },
  };
}

function renderState(state: ContainerState): object {
  switch (state.kind) {
    case 'waiting':
      return { reason: state.reason, message: state.message };
    case 'running':
      return { startedAt: state.startedAt };
    case 'terminated':
      return {
        exitCode: state.exitCode,
        reason: state.exitCode === 0 ? 'Completed' : 'Error',
        finishedAt: state.finishedAt,
      };
    default:
      return assertNever(state);
  }
}

function assertNever(value: never): never {
  throw new Error(`not a state: ${JSON.stringify(value)}`);
}
