/** The files of a Pod's volumes, decided before anything is written. */
import { type Materials, type Need, needKey, tokenKey } from './materials.ts';
import type { FieldFile, KeyedSource, Pod, ProjectedSource, Volume } from './pod.ts';
import { type NodeFacts, readField } from './variables.ts';

export interface VolumePlan {
  readonly name: string;
  /** Lives in memory, and is gone with the Pod. */
  readonly memory: boolean;
  /** Octets by relative path. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Containers write to it. */
  readonly writable: boolean;
}

interface Sources {
  readonly pod: Pod;
  readonly materials: Materials;
  readonly facts: NodeFacts;
}

/** Throws for kinds of volumes that this kubelet does not have, and for missing keys. */
export function planVolume(volume: Volume, sources: Sources): VolumePlan {
  const { name, emptyDir, secret, projected, configMap, downwardAPI } = volume;
  if (emptyDir !== undefined) {
    return { name, memory: emptyDir.medium === 'Memory', files: new Map(), writable: true };
  }
  if (projected !== undefined) {
    const files = projected.sources.flatMap((source) => sourceFiles(source, sources));
    return { name, memory: false, files: new Map(files), writable: false };
  }
  if (secret === undefined && configMap === undefined && downwardAPI === undefined) {
    throw new Error(`volume ${name} is of a kind that this kubelet does not have`);
  }
  const source: ProjectedSource = {
    ...(secret && { secret: { name: secret.secretName, ...secret } }),
    ...(configMap && { configMap }),
    ...(downwardAPI && { downwardAPI }),
  };
  return { name, memory: false, files: new Map(sourceFiles(source, sources)), writable: false };
}

type File = readonly [path: string, octets: Buffer];

function sourceFiles(source: ProjectedSource, sources: Sources): readonly File[] {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  return [
    ...keyFiles('Secret', secret, sources.materials),
    ...keyFiles('ConfigMap', configMap, sources.materials),
    ...(downwardAPI?.items ?? []).flatMap((item) => fieldFile(item, sources)),
    ...keyFiles(
      'Token',
      serviceAccountToken && {
        name: serviceAccountToken.audience ?? '',
        items: [{ key: tokenKey, path: serviceAccountToken.path }],
      },
      sources.materials,
    ),
  ];
}

function keyFiles(
  kind: Need['kind'],
  source: KeyedSource | undefined,
  materials: Materials,
): readonly File[] {
  if (source === undefined) return [];
  const data = materials.get(needKey(kind, source.name)) ?? new Map<string, Buffer>();
  if (source.items === undefined) return [...data];
  return source.items.flatMap(({ key, path }) => {
    const octets = data.get(key);
    if (octets !== undefined) return [[path, octets] as const];
    if (source.optional === true) return [];
    throw new Error(`couldn't find key ${key} in ${kind} ${source.name}`);
  });
}

function fieldFile({ path, fieldRef }: FieldFile, { pod, facts }: Sources): readonly File[] {
  if (fieldRef === undefined) return [];
  return [[path, Buffer.from(readField(pod, fieldRef.fieldPath, facts))]];
}
