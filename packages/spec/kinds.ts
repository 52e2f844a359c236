/**
 * Which kinds and versions are known, on which channel, and what to say of others.
 */
import { coreKinds, metadataSchema } from './core-schemas.ts';
import { suggestName } from './name-suggestion.ts';
import type { ObjectProblem } from './problem.ts';
import { type Channel, generatedKinds, type KindData, linkSchema, type Schema } from './schema.ts';

export interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly versions: readonly KindVersion[];
  /** What objects are read as, whatever served version they are written in. */
  readonly preferred: KindVersion;
}

export interface KindVersion {
  readonly name: string;
  readonly served: boolean;
  readonly deprecated: boolean;
  readonly schema: Schema;
}

export interface KindChoice {
  readonly kind: Kind;
  readonly version: KindVersion;
}

/** All kinds of a channel, Kubernetes' own included. */
export function listKinds(channel: Channel): readonly Kind[] {
  const known = kindsByChannel.get(channel);
  if (known !== undefined) return known;
  const own = coreKinds.map(({ version, schema, ...kind }) => {
    const complete = { ...withMetadata(schema), decoded: true };
    const only = { name: version, served: true, deprecated: false, schema: complete };
    return { ...kind, versions: [only], preferred: only };
  });
  const kinds = [...generatedKinds[channel].map(linkKind), ...own];
  kindsByChannel.set(channel, kinds);
  return kinds;
}

const kindsByChannel = new Map<Channel, readonly Kind[]>();

/** The kind and version, or why the object is of no use here. */
export function chooseKind(
  apiVersion: string,
  kindName: string,
  channel: Channel,
): KindChoice | ObjectProblem {
  const { group, version: versionName } = parseApiVersion(apiVersion);
  const kind = listKinds(channel).find((each) => each.group === group && each.kind === kindName);
  if (kind === undefined) return unknownKind(group, kindName, channel);
  const version = kind.versions.find(({ name, served }) => name === versionName && served);
  return version === undefined ? unknownVersion(kind, versionName) : { kind, version };
}

/** The version's schema on the experimental channel, to name fields that only it has. */
export function experimentalSchema({ kind, version }: KindChoice): Schema | undefined {
  return listKinds('experimental')
    .find((each) => each.group === kind.group && each.kind === kind.kind)
    ?.versions.find(({ name }) => name === version.name)?.schema;
}

export function formatApiVersion(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

function parseApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash === -1
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

function linkKind(data: KindData): Kind {
  const versions = data.versions.map(({ schema, name, served, deprecated }) => ({
    name,
    served,
    deprecated,
    schema: withMetadata(linkSchema(schema)),
  }));
  const stored = data.versions.find(({ storage }) => storage);
  const preferred = versions.find(({ name }) => name === 'v1' || name === stored?.name);
  if (preferred === undefined) throw new Error(`schema data: ${data.kind} has no version to read`);
  return { ...data, versions, preferred };
}

/** A CRD says of metadata only that it is an object. */
function withMetadata(schema: Schema): Schema {
  const known = completed.get(schema);
  if (known !== undefined) return known;
  const string: Schema = { type: 'string' };
  const common = { apiVersion: string, kind: string, metadata: metadataSchema };
  const required = [...new Set([...(schema.required ?? []), 'metadata'])];
  const complete = { ...schema, required, properties: { ...schema.properties, ...common } };
  completed.set(schema, complete);
  return complete;
}

const completed = new Map<Schema, Schema>();

function unknownKind(group: string, kindName: string, channel: Channel): ObjectProblem {
  const kinds = listKinds(channel);
  const problem = { severity: 'error', field: 'kind', rule: 'known kind' } as const;
  const experimental = listKinds('experimental');
  if (experimental.some((each) => each.group === group && each.kind === kindName)) {
    return {
      ...problem,
      message: `kind "${kindName}" is only in the experimental channel`,
      hint: 'choose the experimental channel, or remove the object',
    };
  }
  const elsewhere = kinds.find(({ kind }) => kind === kindName);
  if (elsewhere !== undefined && isOurs(group, kinds)) {
    const apiVersion = formatApiVersion(elsewhere.group, elsewhere.preferred.name);
    return {
      ...problem,
      field: 'apiVersion',
      message: `there is no kind "${kindName}" in API group "${group}"`,
      hint: `write apiVersion: ${apiVersion}`,
    };
  }
  const names = kinds.filter((kind) => kind.group === group).map(({ kind }) => kind);
  const near = suggestName(kindName, names);
  if (near !== undefined || /(^|\.)gateway\.networking\.(x-)?k8s\.io$/.test(group)) {
    return {
      ...problem,
      message: `there is no kind "${kindName}" in API group "${group || 'core'}"`,
      hint:
        near === undefined
          ? `known are: ${names.toSorted().join(', ')}`
          : `did you mean "${near}"?`,
    };
  }
  return {
    ...problem,
    severity: 'warning',
    message: `kind "${kindName}" of "${group || 'core'}" is not read here: the object is ignored`,
    hint: `read are: ${kinds
      .map(({ kind }) => kind)
      .toSorted()
      .join(', ')}`,
  };
}

/** A known group, or one that is likely meant to be one. */
function isOurs(group: string, kinds: readonly Kind[]): boolean {
  const groups = new Set(kinds.map((kind) => kind.group));
  return groups.has(group) || group.endsWith('k8s.io') || suggestName(group, groups) !== undefined;
}

function unknownVersion(kind: Kind, versionName: string): ObjectProblem {
  const listed = kind.versions.find(({ name }) => name === versionName);
  const served = kind.versions.filter(({ served: isServed }) => isServed).map(({ name }) => name);
  return {
    severity: 'error',
    field: 'apiVersion',
    rule: 'served version',
    message: listed
      ? `version "${versionName}" of ${kind.kind} is no longer served on this channel`
      : `${kind.kind} has no version "${versionName}"; served: ${served.join(', ')}`,
    hint: `write apiVersion: ${formatApiVersion(kind.group, kind.preferred.name)}`,
  };
}
