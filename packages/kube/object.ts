/** What the API serves: resources, objects, lists, and the paths under which they are found. */

export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface KubeMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly [field: string]: unknown;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubeMetadata;
  readonly [field: string]: unknown;
}

export interface ObjectName {
  readonly namespace?: string;
  readonly name: string;
}

export interface ObjectList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Where the next page starts; absent on the last one. */
  readonly continue?: string;
}

/** `/apis/<group>/<version>[/namespaces/<namespace>]/<plural>`. */
export function collectionPath(resource: Resource, namespace: string | undefined): string {
  const root = resource.group === '' ? '/api' : `/apis/${resource.group}`;
  const scope =
    resource.namespaced && namespace !== undefined
      ? `/namespaces/${encodeURIComponent(namespace)}`
      : '';
  return `${root}/${resource.version}${scope}/${resource.plural}`;
}

export function objectPath(resource: Resource, { namespace, name }: ObjectName): string {
  if (resource.namespaced && namespace === undefined) {
    throw new TypeError(`${resource.kind} ${name}: a namespaced object needs a namespace`);
  }
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}
