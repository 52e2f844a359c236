/**
 * Reads the CustomResourceDefinitions of one channel from the module's `config/crd`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export type Channel = 'standard' | 'experimental';

/** The part of OpenAPI v3 that the CRDs use. */
export interface CrdSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly additionalProperties?: CrdSchema;
  readonly items?: CrdSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly oneOf?: readonly CrdSchema[];
  readonly anyOf?: readonly CrdSchema[];
  readonly not?: CrdSchema;
  readonly [key: string]: unknown;
}

export interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated: boolean;
  readonly schema: CrdSchema;
}

export interface Crd {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly versions: readonly CrdVersion[];
}

/** Sorted by group, then kind. Files that hold other objects are skipped. */
export function readCrds(moduleDirectory: string, channel: Channel): readonly Crd[] {
  const directory = join(moduleDirectory, 'config', 'crd', channel);
  const crds: Crd[] = [];
  for (const file of readdirSync(directory).toSorted()) {
    if (!/^gateway\.networking\..*\.yaml$/.test(file) || file.includes('_vap_')) continue;
    crds.push(toCrd(parse(readFileSync(join(directory, file), 'utf8')) as RawCrd));
  }
  const key = (crd: Crd): string => `${crd.group}/${crd.kind}`;
  return crds.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

interface RawCrd {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
      readonly deprecated?: boolean;
      readonly schema: { readonly openAPIV3Schema: CrdSchema };
    }[];
  };
}

function toCrd(raw: RawCrd): Crd {
  if (raw.kind !== 'CustomResourceDefinition') throw new Error(`not a CRD: ${raw.kind}`);
  return {
    group: raw.spec.group,
    kind: raw.spec.names.kind,
    plural: raw.spec.names.plural,
    namespaced: raw.spec.scope === 'Namespaced',
    versions: raw.spec.versions.map((version) => ({
      name: version.name,
      served: version.served,
      storage: version.storage,
      deprecated: version.deprecated ?? false,
      schema: version.schema.openAPIV3Schema,
    })),
  };
}
