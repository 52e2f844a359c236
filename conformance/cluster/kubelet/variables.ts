/**
 * Environment variables of containers, and `$(NAME)` in their values and arguments.
 *
 * https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/
 */
import { type Materials, type Need, needKey } from './materials.ts';
import type { KeyReference, Pod, Variable } from './pod.ts';

/** What only the node knows of a Pod. */
export interface NodeFacts {
  readonly nodeName: string;
  readonly hostIp: string;
  readonly podIp: string;
}

/** Later ones see earlier ones, and every one sees `base`. Throws when a key is missing. */
export function resolveVariables(
  variables: readonly Variable[],
  base: Readonly<Record<string, string>>,
  sources: { pod: Pod; materials: Materials; facts: NodeFacts },
): Record<string, string> {
  const resolved: Record<string, string> = { ...base };
  for (const { name, value, valueFrom } of variables) {
    const { fieldRef, secretKeyRef, configMapKeyRef } = valueFrom ?? {};
    const found =
      fieldRef !== undefined
        ? readField(sources.pod, fieldRef.fieldPath, sources.facts)
        : secretKeyRef !== undefined
          ? readKey('Secret', secretKeyRef, sources.materials)
          : configMapKeyRef !== undefined
            ? readKey('ConfigMap', configMapKeyRef, sources.materials)
            : expandReferences(value ?? '', resolved);
    if (found !== undefined) resolved[name] = found;
  }
  return resolved;
}

/** `$(NAME)` becomes the variable, `$$` one `$`; unknown names stay as they are. */
export function expandReferences(
  text: string,
  variables: Readonly<Record<string, string>>,
): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (variables[name] ?? whole),
  );
}

/** Throws for fields that Pods can't refer to. */
export function readField({ metadata, spec }: Pod, fieldPath: string, facts: NodeFacts): string {
  const entry = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(fieldPath);
  if (entry !== null) {
    return metadata[entry[1] as 'labels' | 'annotations']?.[entry[2] ?? ''] ?? '';
  }
  const fields: Readonly<Record<string, string>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'metadata.labels': keyValueLines(metadata.labels),
    'metadata.annotations': keyValueLines(metadata.annotations),
    'spec.nodeName': facts.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName ?? 'default',
    'status.hostIP': facts.hostIp,
    'status.hostIPs': facts.hostIp,
    'status.podIP': facts.podIp,
    'status.podIPs': facts.podIp,
  };
  const value = fields[fieldPath];
  if (value === undefined) throw new Error(`field "${fieldPath}" is not one that a Pod can read`);
  return value;
}

function keyValueLines(entries: Readonly<Record<string, string>> = {}): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}

function readKey(
  kind: Need['kind'],
  { name, key, optional }: KeyReference,
  materials: Materials,
): string | undefined {
  const octets = materials.get(needKey(kind, name))?.get(key);
  if (octets !== undefined) return octets.toString('utf8');
  if (optional === true) return undefined;
  throw new Error(`couldn't find key ${key} in ${kind} ${name}`);
}
