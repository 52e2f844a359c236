/**
 * Structural schemas: the OpenAPI v3 subset of CustomResourceDefinitions, linked and shared.
 *
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
 */
import data from './generated/schemas.json' with { type: 'json' };

export type Channel = 'standard' | 'experimental';

export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly properties?: Readonly<Record<string, Schema>>;
  /** Values of a map. */
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly not?: Schema;
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  readonly rules?: readonly CelRule[];
  /** Kubernetes' own kinds only: a field that is a number or a name. */
  readonly intOrString?: boolean;
  /** Kubernetes' own kinds only: fields beside those that are read are left as they are. */
  readonly preserveUnknown?: boolean;
  /**
   * Metadata and Kubernetes' own kinds only: an API server reads the value into structures of its
   * own, where null is the type's zero value. It is so for all below.
   */
  readonly decoded?: boolean;
  /** Kubernetes' own kinds only: an empty text or 0 says the same as no field. */
  readonly emptyIsAbsent?: boolean;
}

export interface CelRule {
  readonly rule: string;
  readonly message: string;
}

export interface VersionData {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated: boolean;
  /** Index of a node. */
  readonly schema: number;
}

export interface KindData {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly versions: readonly VersionData[];
}

/** The Go module that the generated files were made from. */
export const gatewayApiModule: {
  readonly path: string;
  readonly version: string;
  /** Checksum of the module, as in go.sum. */
  readonly sum: string;
  /** SHA-256 of `generated/types.ts`, hex. */
  readonly typesSha256: string;
} = data.module;

export const generatedKinds: Readonly<Record<Channel, readonly KindData[]>> = {
  standard: data.standard,
  experimental: data.experimental,
};

/** Links the node and all below it, once; equal nodes are the same object. */
export function linkSchema(index: number): Schema {
  const known = linked.get(index);
  if (known !== undefined) return known;
  const { properties, additionalProperties, items, oneOf, anyOf, not, ...rest } = node(index);
  const schema = {
    ...rest,
    ...(properties && { properties: linkProperties(properties) }),
    ...(additionalProperties !== undefined && {
      additionalProperties: linkSchema(additionalProperties),
    }),
    ...(items !== undefined && { items: linkSchema(items) }),
    ...(oneOf && { oneOf: oneOf.map(linkSchema) }),
    ...(anyOf && { anyOf: anyOf.map(linkSchema) }),
    ...(not !== undefined && { not: linkSchema(not) }),
  } as Schema;
  linked.set(index, schema);
  return schema;
}

const linked = new Map<number, Schema>();

/** A node as it is stored: children are indices. */
interface NodeData {
  readonly properties?: Readonly<Record<string, number>>;
  readonly additionalProperties?: number;
  readonly items?: number;
  readonly oneOf?: readonly number[];
  readonly anyOf?: readonly number[];
  readonly not?: number;
}

function node(index: number): NodeData {
  const found: NodeData | undefined = data.nodes[index];
  if (found === undefined) throw new Error(`schema data has no node ${index}`);
  return found;
}

function linkProperties(properties: Readonly<Record<string, number>>): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, index]) => [name, linkSchema(index)]),
  );
}
