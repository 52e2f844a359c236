/**
 * Writes TypeScript types from CRD schemas: deeply readonly, named as in Go.
 *
 * A field with a default is not optional: types describe objects as an API server returns them.
 */
import type { Crd, CrdSchema, CrdVersion } from './crd.ts';
import type { GoTypeName, GoTypes } from './go-struct.ts';

/** The text of all types, sorted by name. Throws when one name would mean two things. */
export function writeTypes(crds: readonly Crd[], goTypes: GoTypes): string {
  const writer: Writer = { goTypes, declarations: new Map() };
  for (const crd of crds) writeKind(writer, crd);
  const names = [...writer.declarations.keys()].toSorted();
  return names.map((name) => writer.declarations.get(name)).join('\n\n');
}

/** What objects are read as: v1 where it exists, else the version that is stored. */
export function preferredVersion(crd: Crd): CrdVersion {
  const version =
    crd.versions.find(({ name }) => name === 'v1') ?? crd.versions.find(({ storage }) => storage);
  if (version === undefined) throw new Error(`${crd.kind}: no version to read`);
  return version;
}

interface Writer {
  readonly goTypes: GoTypes;
  readonly declarations: Map<string, string>;
}

function writeKind(writer: Writer, crd: Crd): void {
  const { name: version, schema } = preferredVersion(crd);
  const goName: GoTypeName = `${crd.group.includes('.x-k8s.') ? 'x' : 'v1'}.${crd.kind}`;
  const fields = writer.goTypes.fields(goName);
  const lines = [
    `  readonly apiVersion: '${crd.group}/${version}';`,
    `  readonly kind: '${crd.kind}';`,
    `  readonly metadata: ${crd.namespaced ? 'NamespacedObjectMeta' : 'ObjectMeta'};`,
  ];
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (['apiVersion', 'kind', 'metadata'].includes(name)) continue;
    lines.push(fieldText(writer, schema, name, typeText(writer, property, fields.get(name))));
  }
  declare(writer, crd.kind, lines);
}

function fieldText(writer: Writer, owner: CrdSchema, name: string, text: string): string {
  const property = owner.properties?.[name];
  const always = owner.required?.includes(name) || property?.default !== undefined;
  return `  readonly ${name}${always ? '' : '?'}: ${text};`;
}

function typeText(writer: Writer, schema: CrdSchema, goName: GoTypeName | undefined): string {
  if (schema.enum) return schema.enum.map((value) => quote(value)).join(' | ');
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return arrayText(typeText(writer, schema.items ?? {}, goName));
    case 'object':
      return objectText(writer, schema, goName);
    default:
      throw new Error(`no type for ${JSON.stringify(schema).slice(0, 200)}`);
  }
}

function arrayText(item: string): string {
  return item.includes(' ') ? `readonly (${item})[]` : `readonly ${item}[]`;
}

function objectText(writer: Writer, schema: CrdSchema, goName: GoTypeName | undefined): string {
  if (schema.additionalProperties) {
    return `Readonly<Record<string, ${typeText(writer, schema.additionalProperties, goName)}>>`;
  }
  if (goName === undefined) throw new Error(`no name for ${JSON.stringify(schema)}`);
  const fields = goName === 'metav1.LabelSelector' ? labelSelector : writer.goTypes.fields(goName);
  const lines = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    fieldText(writer, schema, name, typeText(writer, property, fields.get(name))),
  );
  const name = typeName(goName);
  declare(writer, name, lines);
  return name;
}

const labelSelector = new Map([['matchExpressions', 'metav1.LabelSelectorRequirement']]);

/** XBackend has a LabelSelector of its own, narrower than that of Kubernetes. */
function typeName(goName: GoTypeName): string {
  return goName.replace(/^x\.(?=LabelSelector$)/, 'X').replace(/^.*\./, '');
}

function declare(writer: Writer, name: string, lines: readonly string[]): void {
  const text = `export interface ${name} {\n${lines.join('\n')}\n}`;
  const known = writer.declarations.get(name);
  if (known !== undefined && known !== text) {
    throw new Error(`two types named ${name}:\n${known}\n${text}`);
  }
  writer.declarations.set(name, text);
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}
