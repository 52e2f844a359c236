/**
 * Reads the struct declarations of the Gateway API's Go packages, for one thing only: the Go type
 * name of each JSON field, so that the TypeScript types are named as the documentation names them.
 *
 * A CRD has no type names. What is generated for validation never depends on this file.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `package.Type`, for example `v1.HTTPRoute` or `metav1.Condition`. */
export type GoTypeName = string;

export interface GoTypes {
  /** JSON field → Go type of the field, or of its items or values; inlined structs included. */
  readonly fields: (name: GoTypeName) => ReadonlyMap<string, GoTypeName>;
}

interface GoStruct {
  readonly fields: Map<string, GoTypeName>;
  readonly inlined: GoTypeName[];
}

const packages = { v1: 'apis/v1', x: 'apisx/v1alpha1' } as const;

export function readGoTypes(moduleDirectory: string): GoTypes {
  const structs = new Map<GoTypeName, GoStruct>();
  const aliases = new Map<GoTypeName, GoTypeName>();
  for (const [name, path] of Object.entries(packages)) {
    const directory = join(moduleDirectory, path);
    for (const file of readdirSync(directory)) {
      if (!file.endsWith('_types.go')) continue;
      readFile(readFileSync(join(directory, file), 'utf8'), name, structs, aliases);
    }
  }
  const fields = (name: GoTypeName): ReadonlyMap<string, GoTypeName> => {
    const struct = structs.get(aliases.get(name) ?? name);
    if (struct === undefined) return new Map();
    const inlined = struct.inlined.flatMap((inline) => [...fields(inline)]);
    return new Map([...inlined, ...struct.fields].map(([k, v]) => [k, aliases.get(v) ?? v]));
  };
  return { fields };
}

function readFile(
  text: string,
  packageName: string,
  structs: Map<GoTypeName, GoStruct>,
  aliases: Map<GoTypeName, GoTypeName>,
): void {
  for (const [, name, body] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    structs.set(`${packageName}.${name}`, readStruct(body ?? '', packageName));
  }
  for (const [, name, target] of text.matchAll(/^(?:type |\t)(\w+)\s+= ([\w.]+)$/gm)) {
    aliases.set(`${packageName}.${name}`, qualify(target ?? '', packageName));
  }
}

function readStruct(body: string, packageName: string): GoStruct {
  const struct: GoStruct = { fields: new Map(), inlined: [] };
  const field = /^\t(?:\w+\s+)?([\w.*[\]]+)\s+`[^`\n]*json:"([^",]*)([^"]*)"/gm;
  for (const [, type, jsonName, options] of body.matchAll(field)) {
    const typeName = qualify(type ?? '', packageName);
    if (options?.includes('inline')) struct.inlined.push(typeName);
    else if (jsonName) struct.fields.set(jsonName, typeName);
  }
  return struct;
}

/** `*[]v1.X` → `v1.X`; a bare name belongs to the package it stands in. */
function qualify(type: string, packageName: string): GoTypeName {
  const element = type.replace(/^map\[[\w.]+\]/, '').replace(/^[*[\]]+/, '');
  if (!element.includes('.')) return `${packageName}.${element}`;
  return element.replace(/^gatewayapiv1\./, 'v1.');
}
