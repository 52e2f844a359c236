/**
 * From a Pod to what is run of it: programs, environment, users, mounts. Pure.
 *
 * Images are not unpacked: a table maps their names to programs of this machine.
 */
import type { Materials } from './materials.ts';
import type { Container, ContainerPort, Pod, Probe, VolumeMount } from './pod.ts';
import { expandReferences, type NodeFacts, resolveVariables } from './variables.ts';
import { planVolume, type VolumePlan } from './volumes.ts';

/** A program that stands for an image. */
export interface Program {
  /** As the image's entry point; paths inside the container. */
  readonly command: readonly string[];
  /** Files and folders of this machine that the container sees, read-only. */
  readonly files: readonly { readonly source: string; readonly target: string }[];
  /** Who runs it where the Pod does not say. */
  readonly user: number;
  /** Whether it is given time to end by itself; the others are killed. */
  readonly drains: boolean;
}

/** By the last part of an image's path, without tag and digest. */
export type ImageTable = ReadonlyMap<string, Program>;

export interface ContainerPlan {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly files: Program['files'];
  readonly mounts: readonly VolumeMount[];
  readonly user: number;
  readonly group: number;
  readonly readOnlyRoot: boolean;
  readonly restricted: boolean;
  readonly drains: boolean;
  readonly ports: readonly ContainerPort[];
  readonly probe: Probe | undefined;
}

export interface PodPlan {
  readonly volumes: readonly VolumePlan[];
  readonly initContainers: readonly ContainerPlan[];
  readonly containers: readonly ContainerPlan[];
}

export interface PlanSources {
  readonly images: ImageTable;
  readonly materials: Materials;
  readonly facts: NodeFacts;
  /** Variables that every container has, as of the API server's Service. */
  readonly variables: Readonly<Record<string, string>>;
}

/** As images have it; the programs that start a container are found by it too. */
const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Throws an error that says why the Pod can't be run as it is. */
export function planPod(pod: Pod, sources: PlanSources): PodPlan {
  const { spec } = pod;
  return {
    volumes: (spec.volumes ?? []).map((volume) => planVolume(volume, { pod, ...sources })),
    initContainers: (spec.initContainers ?? []).map((item) => planContainer(item, pod, sources)),
    containers: spec.containers.map((container) => planContainer(container, pod, sources)),
  };
}

function planContainer(container: Container, pod: Pod, sources: PlanSources): ContainerPlan {
  const program = sources.images.get(imageName(container.image));
  if (program === undefined) throw new Error(`no program stands for image ${container.image}`);
  const base = { PATH: searchPath, HOSTNAME: pod.metadata.name };
  const environment = resolveVariables(
    container.env ?? [],
    { ...base, ...sources.variables },
    { pod, materials: sources.materials, facts: sources.facts },
  );
  const expand = (text: string) => expandReferences(text, environment);
  const own = container.securityContext;
  const { securityContext: shared } = pod.spec;
  const user = own?.runAsUser ?? shared?.runAsUser ?? program.user;
  if (user === 0 && (own?.runAsNonRoot ?? shared?.runAsNonRoot) === true) {
    throw new Error(`container ${container.name} must not run as root, and its image does`);
  }
  return {
    name: container.name,
    argv: [...(container.command ?? program.command), ...(container.args ?? [])].map(expand),
    environment,
    files: program.files,
    mounts: container.volumeMounts ?? [],
    user,
    group: own?.runAsGroup ?? shared?.runAsGroup ?? user,
    readOnlyRoot: own?.readOnlyRootFilesystem ?? false,
    restricted:
      own?.allowPrivilegeEscalation === false || (own?.capabilities?.drop ?? []).includes('ALL'),
    drains: program.drains,
    ports: container.ports ?? [],
    probe: container.readinessProbe,
  };
}

/** `echo-basic` of `registry:5000/a/echo-basic:v1@sha256:…`. */
function imageName(image: string): string {
  return /([^/:@]+)(:[^/@]*)?(@.*)?$/.exec(image)?.[1] ?? image;
}
