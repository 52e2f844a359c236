/**
 * Writes the schemas of both channels as one table of distinct nodes, children being indices into
 * it. Versions, channels and repeated parts (filters, references, conditions) share nodes, which
 * makes the data small and lets a reader compile each distinct CEL rule once.
 *
 * Kept: all that validation needs. Dropped: descriptions.
 */
import type { Channel, Crd, CrdSchema } from './crd.ts';
import type { GoModule } from './go-module.ts';

type Node = Readonly<Record<string, unknown>>;

/** What the generated files were made from, so that a test can tell whether they still agree. */
export interface Provenance extends Omit<GoModule, 'directory'> {
  /** SHA-256 of `types.ts`, hex. */
  readonly typesSha256: string;
}

/** The JSON text of `packages/spec/generated/schemas.json`, one node a line. */
export function writeSchemaData(
  provenance: Provenance,
  crds: Readonly<Record<Channel, readonly Crd[]>>,
): string {
  const table = new NodeTable();
  const standard = crds.standard.map((crd) => kindData(table, crd));
  const experimental = crds.experimental.map((crd) => kindData(table, crd));
  const lines = (values: readonly unknown[]): string =>
    values.map((value) => `    ${JSON.stringify(value)}`).join(',\n');
  return `{
  "module": ${JSON.stringify(provenance)},
  "standard": [\n${lines(standard)}\n  ],
  "experimental": [\n${lines(experimental)}\n  ],
  "nodes": [\n${lines(table.nodes)}\n  ]
}
`;
}

/** Interns nodes by their content. */
class NodeTable {
  readonly nodes: Node[] = [];
  readonly #indices = new Map<string, number>();

  add(schema: CrdSchema): number {
    const node = this.#node(schema);
    const key = JSON.stringify(node);
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    this.#indices.set(key, this.nodes.length);
    return this.nodes.push(node) - 1;
  }

  #node(schema: CrdSchema): Node {
    const node: Record<string, unknown> = {};
    for (const key of Object.keys(schema).toSorted()) {
      const name = names[key];
      if (name === undefined) throw new Error(`schema keyword not handled: ${key}`);
      if (name !== '') node[name] = this.#value(key, schema[key]);
    }
    return node;
  }

  #value(key: string, value: unknown): unknown {
    switch (key) {
      case 'properties':
        return Object.fromEntries(
          Object.entries(value as Record<string, CrdSchema>).map(([k, v]) => [k, this.add(v)]),
        );
      case 'items':
      case 'additionalProperties':
      case 'not':
        return this.add(value as CrdSchema);
      case 'oneOf':
      case 'anyOf':
        return (value as CrdSchema[]).map((schema) => this.add(schema));
      default:
        return value;
    }
  }
}

/** CRD keyword → key in the data; empty: dropped on purpose. An unknown keyword is an error. */
const names: Readonly<Record<string, string>> = {
  description: '',
  'x-kubernetes-map-type': '',
  type: 'type',
  properties: 'properties',
  additionalProperties: 'additionalProperties',
  items: 'items',
  required: 'required',
  enum: 'enum',
  default: 'default',
  format: 'format',
  pattern: 'pattern',
  minLength: 'minLength',
  maxLength: 'maxLength',
  minItems: 'minItems',
  maxItems: 'maxItems',
  minProperties: 'minProperties',
  maxProperties: 'maxProperties',
  minimum: 'minimum',
  maximum: 'maximum',
  oneOf: 'oneOf',
  anyOf: 'anyOf',
  not: 'not',
  'x-kubernetes-list-type': 'listType',
  'x-kubernetes-list-map-keys': 'listMapKeys',
  'x-kubernetes-validations': 'rules',
};

function kindData(table: NodeTable, crd: Crd): unknown {
  return {
    group: crd.group,
    kind: crd.kind,
    plural: crd.plural,
    namespaced: crd.namespaced,
    versions: crd.versions.map(({ schema, ...version }) => ({
      ...version,
      schema: table.add(schema),
    })),
  };
}
